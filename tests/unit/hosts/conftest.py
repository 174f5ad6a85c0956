# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.server import Simulator, running
from unit.hosts.systems import DEMO, System, repositories
from unit.lab import EPEL, F43


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """Return a simulator with one project."""
    with running() as simulator:
        repositories(simulator).project(DEMO, [F43, EPEL])
        yield simulator


@pytest.fixture
def system(tmp_path: Path) -> System:
    """Return an installed system, in a folder whose name is special to shells."""
    return System(tmp_path / "it's a place")
