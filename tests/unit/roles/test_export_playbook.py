# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook export, run as a user runs it, on a server of its own."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from unit.lab import EPEL, F43, Lab
from unit.roles.books import run_playbook


def play(lab: Lab, *arguments: str, **variables: Any) -> tuple[int, str]:
    """Run the playbook; return its status and what it wrote."""
    given = {f"copr_export_{name}": value for name, value in variables.items()}
    status, output = run_playbook(lab, "fedora.copr.export", given, *arguments)
    assert lab.changes == []
    return status, " ".join(output.split())


@pytest.fixture
def several(lab: Lab) -> Lab:
    for name in ("alice/two", "alice/one", "@packagers/one"):
        lab.project(name, description="Greetings")
    return lab


def test_the_file_changes_nothing_and_is_written_once(several: Lab) -> None:
    path = several.tmp_path / "projects.yml"
    status, said = play(several, "--check", "--diff", owner="alice", file="projects.yml")
    assert status == 0, said
    assert "+ - project: alice/one" in said
    assert not path.exists()

    status, said = play(several, owner="alice", file="projects.yml")
    assert status == 0, said
    assert "changed=1" in said
    definitions = yaml.safe_load(path.read_text(encoding="utf-8"))["copr_projects_definitions"]
    assert definitions == [
        {"project": f"alice/{name}", "description": "Greetings", "chroots": [EPEL, F43]}
        for name in ("one", "two")
    ]
    assert several.do("copr_projects", projects=definitions)["changed"] is False

    status, said = play(several, owner="alice", file="projects.yml")
    assert "changed=0" in said


def test_projects_can_be_named(several: Lab) -> None:
    status, said = play(
        several, projects=["one", "@packagers/one", "one"], file=str(several.tmp_path / "some.yml")
    )
    assert status == 0, said
    text = (several.tmp_path / "some.yml").read_text(encoding="utf-8")
    definitions = yaml.safe_load(text)["copr_projects_definitions"]
    assert [one["project"] for one in definitions] == ["@packagers/one", "alice/one"]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "Set copr_export_file, and either copr_export_owner or copr_export_projects"),
        ({"owner": "alice", "projects": ["one"], "file": "f.yml"}, "Set copr_export_file"),
        ({"owner": "alice"}, "Set copr_export_file"),
        ({"owner": "bob", "file": "f.yml"}, "No projects found for bob."),
        ({"projects": ["one", "three"], "file": "f.yml"}, "No projects found for three."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    several: Lab, variables: dict[str, Any], message: str
) -> None:
    status, said = play(several, **variables)
    assert status != 0
    assert message in said
    assert list(several.tmp_path.glob("*.yml")) == []
