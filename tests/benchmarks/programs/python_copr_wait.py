# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks once at all builds of a project as python-copr does while it waits for them."""

from __future__ import annotations

import contextlib

from copr.v3 import Client, CoprException, wait
from munch import Munch

from benchmarks.answers import BUILDS, build

client = Client.create_from_config_file()
builds = [Munch(build(number), __proxy__=client.build_proxy) for number in range(1, BUILDS + 1)]
with contextlib.suppress(CoprException):  # says that the time is up
    wait(builds, interval=0, timeout=1e-9)
