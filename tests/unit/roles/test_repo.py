# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What role repo has the repository offer, and which packages it asks dnf for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.server import Simulator, running
from unit.controller.play import Options, play
from unit.hosts.systems import DEMO, System, repositories
from unit.lab import F43

HELLO = {"hello": "2.12-1.fc43"}
# Variables of the role, and what the file then says of packages.
OFFERS: dict[str, tuple[Options, list[str]]] = {
    "all": ({}, []),
    "packages alone": ({"copr_repo_packages": ["hello", "moin"]}, []),
    "a version": ({"copr_repo_versions": HELLO}, ["includepkgs=hello-2.12-1.fc43"]),
    "a version and packages": (
        {
            "copr_repo_versions": HELLO,
            "copr_repo_packages": ["hello", "moin"],
            "copr_repo_includepkgs": ["hello-libs"],
            "copr_repo_excludepkgs": ["moin-doc"],
        },
        ["includepkgs=moin,hello-2.12-1.fc43,hello-libs", "excludepkgs=moin-doc"],
    ),
}


def role(name: str, system: System, **variables: Any) -> Options:
    """Return a task that runs the role."""
    own = {"copr_repo_project": DEMO, "copr_repo_root": str(system.root), "copr_repo_chroot": F43}
    return {
        "name": name,
        "ansible.builtin.include_role": {"name": "fedora.copr.repo"},
        "vars": {**own, **variables},
    }


@pytest.mark.parametrize("name", OFFERS)
def test_a_version_bounds_what_the_repository_offers(name: str, tmp_path: Path) -> None:
    """In check mode, since no dnf is asked for what is not there yet."""
    variables, lines = OFFERS[name]
    system = System(tmp_path)
    with running() as sim:
        repositories(sim).project(DEMO, [F43])
        tasks = [role("Role", system, **variables)]
        played = play(sim, tmp_path / "play", tasks, "--check", "--diff")
    result = played.results["fedora.copr.repo : Have the repository as it is wanted"]
    assert result["changed"]
    text = result["diff"][-1]["after"]
    assert [line for line in text.splitlines() if "pkgs=" in line] == lines
    assert "failed=0" in played.output.replace(" ", "")
    assert "ignored=0" in played.output
    assert not system.file.exists()


def test_packages_go_before_the_repository(tmp_path: Path) -> None:
    system = System(tmp_path)
    with running() as sim:
        asked = _asked(sim, tmp_path, role("Role", system, copr_repo_state="absent"))
    assert asked == ["Remove the packages", "Have the repository as it is wanted"]


def _asked(sim: Simulator, folder: Path, task: Options) -> list[str]:
    """Return the titles of the tasks of the role, up to the repository."""
    output = play(sim, folder / "play", [task]).output
    titles = [line.partition(" : ")[2].partition("]")[0] for line in output.splitlines()]
    return [title for title in titles if title.startswith(("Remove", "Have"))]
