# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What role repo has the repository offer, and which packages it asks dnf for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.server import Simulator, running
from unit.controller.play import Options, Played, play
from unit.hosts.systems import DEMO, repositories
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


def role(**variables: Any) -> Options:
    """Return a task that runs the role."""
    own = {"copr_repo_project": DEMO, "copr_repo_chroot": F43}
    return {
        "name": "Role",
        "ansible.builtin.include_role": {"name": "fedora.copr.repo"},
        "vars": {**own, **variables},
    }


def foreseen(sim: Simulator, folder: Path, **variables: Any) -> Played:
    """Run the role in check mode: the host is this machine, which must stay as it is."""
    return play(sim, folder, [role(**variables)], "--check", "--diff")


@pytest.fixture
def sim() -> Iterator[Simulator]:
    """Return a simulator with one project."""
    with running() as simulator:
        repositories(simulator).project(DEMO, [F43])
        yield simulator


@pytest.mark.parametrize("name", OFFERS)
def test_a_version_bounds_what_the_repository_offers(
    sim: Simulator, name: str, tmp_path: Path
) -> None:
    variables, lines = OFFERS[name]
    played = foreseen(sim, tmp_path, **variables)
    result = played.results["fedora.copr.repo : Enable or remove the repository"]
    assert result["changed"]
    text = result["diff"][-1]["after"]
    assert [line for line in text.splitlines() if "pkgs=" in line] == lines
    # No dnf is asked for what a repository offers that is not there yet.
    assert "failed=0" in played.output
    assert "ignored=0" in played.output


def test_packages_go_before_the_repository(sim: Simulator, tmp_path: Path) -> None:
    output = foreseen(sim, tmp_path, copr_repo_state="absent").output
    titles = [line.partition(" : ")[2].partition("]")[0] for line in output.splitlines()]
    assert [title for title in titles if title.startswith(("Remove", "Enable"))] == [
        "Remove the packages",
        "Enable or remove the repository",
    ]
