# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks once at all builds of a project as the collection does while it waits for them."""

from __future__ import annotations

import os

from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.waiting import Patience, wait
from ansible_collections.fedora.copr.plugins.module_utils._copr.clock import Clock
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import settings_from

from benchmarks.answers import BUILDS, build

# The time, which only sleeping moves.
moments = [0.0]
clock = Clock(now=lambda: sum(moments), sleep=moments.append)
client = Client(settings_from({"copr_url": os.environ["COPR_URL"]}), clock=clock)
builds = [build(number) for number in range(1, BUILDS + 1)]
wait(client, builds, Patience(timeout=1, interval=1), None)
