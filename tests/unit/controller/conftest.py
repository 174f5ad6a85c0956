# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from simulator.server import Simulator, running
from unit.controller.cases import GENERATED
from unit.controller.play import HERE, Played, play
from unit.files import write_spec


class Both(NamedTuple):
    """The same tasks, played both ways."""

    controller: Played
    module: Played


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Play all cases both ways, each in a world of its own."""
    ways = ("controller", "module")
    with ThreadPoolExecutor() as pool:
        return Both(*pool.map(_play_all, ways, [tmp_path_factory.mktemp(way) for way in ways]))


def _play_all(way: str, folder: Path) -> Played:
    write_spec(folder)
    (folder / "password").write_text("password", encoding="utf-8")
    tasks = [*GENERATED, {"import_tasks": str(HERE / "special.yml")}]
    with running(step=0.02) as sim:
        soon = datetime.date.today() + datetime.timedelta(days=2)
        (folder / ".config").mkdir()
        for user, file in (("alice", "soon.conf"), ("root", ".config/copr")):
            (folder / file).write_text(
                f"[copr-cli]\ncopr_url={sim.url}\nlogin={user}-login\ntoken={user}-token\n"
                f"# expiration date: {soon}\n",
                encoding="utf-8",
            )
        vault = {"ANSIBLE_VAULT_PASSWORD_FILE": str(folder / "password")}
        arguments = ("-vvvvv", "-e", f"copr_execution={way}")
        return play(sim, folder, tasks, *arguments, environment=vault)


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """Return a simulator in which things happen soon."""
    with running(step=0.1) as simulator:
        yield simulator
