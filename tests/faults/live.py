# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated Copr in real time, for plays in processes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from faults.bench import ALICE, Bench, Options
from faults.player import Play, Player, player
from simulator.server import running

STEP = 0.02
DEMO = "alice/demo"


class Live:
    """A server, what plays tasks against it, and an empty project."""

    def __init__(self, bench: Bench, player: Player) -> None:
        self.bench = bench
        self._player = player
        self.start("copr_project", chroots=["fedora-43-x86_64", "epel-10-x86_64"]).result()

    def start(self, module: str = "copr_build", **options: Any) -> Play:
        """Start a task as alice in alice/demo."""
        arguments = {
            "copr_url": self.bench.sim.url,
            "copr_login": ALICE.login,
            "copr_token": ALICE.token,
            "project": DEMO,
            **({"poll_interval": 0.03} if module == "copr_build" else {}),
            **options,
        }
        return self._player.start(module, arguments)

    def builds_named(self, name: str) -> list[Any]:
        """Return the builds of a package that the server has."""
        builds = list(self.bench.world.builds.values())
        return [build for build in builds if build.plan.name == name]


@contextmanager
def live(folder: Path) -> Iterator[Live]:
    """Run a server in real time and a player, until exit."""
    folder.mkdir(exist_ok=True)
    with running(step=STEP) as sim, player(folder) as playing:
        bench = Bench(sim, folder)
        sim.world.users["alice"] = ALICE
        yield Live(bench, playing)


def urls(*names: str) -> Options:
    """Return the option that builds these packages."""
    return {"url": [f"https://example.org/{name}-1.0-1.src.rpm" for name in names]}
