# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks once at all builds of a project as the collection does while it waits for them."""

from __future__ import annotations

import os

from ansible_collections.fedora.copr.plugins.module_utils.builds.waiting import Patience, wait
from ansible_collections.fedora.copr.plugins.module_utils.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils.wire.settings import settings_from

from benchmarks.answers import BUILDS, build


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        """Return the time."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.time += seconds


clock = Clock()
client = Client(settings_from({"copr_url": os.environ["COPR_URL"]}), sleep=clock.sleep)
builds = [build(number) for number in range(1, BUILDS + 1)]
wait(client, builds, Patience(timeout=1, interval=1), None, now=clock.now)
