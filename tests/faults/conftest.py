# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.bench import Bench, bench


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let C(make faults) ask for more than fits into everyday's tests."""
    parser.addoption("--thorough", action="store_true", help="kill, fuzz and try many times more")


@pytest.fixture
def thorough(pytestconfig: pytest.Config) -> bool:
    """Return whether there is time to try many times."""
    return bool(pytestconfig.getoption("--thorough"))


@pytest.fixture(autouse=True)
def _no_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep what the machine's user has set up away from the tests."""
    for name in list(os.environ):
        if name.startswith("COPR_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture(scope="session")
def _bench() -> Iterator[Bench]:
    with bench() as here:
        yield here


@pytest.fixture
def here(_bench: Bench) -> Bench:
    """Return a server that knows nothing yet, and what calls modules against it."""
    _bench.start_anew()
    return _bench
