# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from simulator.clock import ManualClock
from simulator.server import Simulator, running
from simulator.standin import StandIn
from simulator.world import World
from unit.lab import STEP, Lab

settings.register_profile(
    "unit", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("unit")


@pytest.fixture(autouse=True)
def _no_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep what the machine's user has set up away from the tests."""
    for name in list(os.environ):
        if name.startswith("COPR_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture(scope="session")
def _server() -> Iterator[Simulator]:
    """Run one server for all tests: starting one takes longer than most of them."""
    with running(clock=ManualClock(), step=STEP) as sim:
        yield sim


@pytest.fixture
def lab(_server: Simulator, tmp_path: Path) -> Iterator[Lab]:
    """Return a simulator without projects, and what calls modules against it."""
    _server.serve(World(ManualClock(), STEP, StandIn))
    app = _server.doorkeeper.app
    yield Lab(_server, tmp_path)
    _server.doorkeeper.app = app


@pytest.fixture
def demo(lab: Lab) -> Lab:
    """Return the same with a project alice/demo of two chroots."""
    lab.project()
    return lab
