# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The official copr-cli drives the simulator: logins, projects and what belongs to them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.config_text import (
    expiration_date,
)

from contract.conftest import EPEL, F43, F44, CoprCli, end_builds
from simulator.server import Simulator
from simulator.world import Project


def test_whoami_and_chroots(cli: CoprCli) -> None:
    """Commands that need no project."""
    assert cli("whoami") == "alice\n"
    assert cli("whoami", user="bob") == "bob\n"
    assert {F43, F44, EPEL} <= set(cli("list-chroots").split())


def test_create(cli: CoprCli, simulator: Simulator) -> None:
    """Every option of a new project gets where it belongs."""
    said = cli(
        *("create", "demo", "--chroot", F43, "--chroot", EPEL),
        *("--description", "What it is", "--instructions", "How to use it"),
        *("--repo", "https://example.com/repo", "--repo", "https://example.com/other"),
        *("--enable-net", "on", "--unlisted-on-hp", "on", "--follow-fedora-branching", "off"),
        *("--bootstrap", "off", "--isolation", "simple", "--delete-after-days", "30"),
        *("--module-hotfixes", "on", "--repo-priority", "7", "--disable_createrepo", "true"),
        *("--runtime-repo-dependency", "https://example.com/runtime"),
    )
    assert "New project was successfully created" in said
    project = simulator.world.projects["alice/demo"]
    assert sorted(project.enabled_chroots()) == [EPEL, F43]
    expected = {
        "description": "What it is",
        "instructions": "How to use it",
        "additional_repos": "https://example.com/repo https://example.com/other",
        "runtime_dependencies": "https://example.com/runtime",
        "enable_net": True,
        "unlisted_on_hp": True,
        "follow_fedora_branching": False,
        "bootstrap": "off",
        "isolation": "simple",
        "delete_after_days": 30,
        "module_hotfixes": True,
        "repo_priority": 7,
        "devel_mode": True,
        "auto_prune": True,
        "persistent": False,
    }
    assert {name: project.settings[name] for name in expected} == expected


@pytest.mark.usefixtures("project")
def test_create_is_refused(cli: CoprCli, simulator: Simulator) -> None:
    """A name that is taken, an unknown chroot, the project of another user: told, not done."""
    assert "name:" in cli("create", "demo", "--chroot", F43, exit_code=1)
    assert "chroots:" in cli("create", "other", "--chroot", "no-such-chroot", exit_code=1)
    cli("create", "bob/other", "--chroot", F43, exit_code=7)
    cli("create", "other", "--chroot", F43, "--persistent", exit_code=7)
    assert list(simulator.world.projects) == ["alice/demo"]


def test_modify(cli: CoprCli, project: Project) -> None:
    """Chroots are replaced as a set; what is not named stays."""
    cli("modify", "demo", "--description", "Changed", "--chroot", F44, "--chroot", F43)
    assert project.settings["description"] == "Changed"
    assert sorted(project.enabled_chroots()) == [F43, F44]
    cli("modify", "alice/demo", "--instructions", "Read them", "--enable-net", "on")
    assert project.settings["description"] == "Changed"
    assert project.settings["instructions"] == "Read them"
    assert project.settings["enable_net"] is True
    assert sorted(project.enabled_chroots()) == [F43, F44]
    cli("modify", "alice/demo", "--description", "Not mine", user="bob", exit_code=7)
    assert project.settings["description"] == "Changed"


@pytest.mark.usefixtures("project")
def test_list_and_get(cli: CoprCli) -> None:
    """Projects are shown with the URLs of their chroots."""
    cli("create", "second", "--chroot", F44, "--description", "The second one")
    said = cli("list", "alice", user="bob")
    assert re.findall(r"^Name: (.*)$", said, re.MULTILINE) == ["demo", "second"]
    assert re.search(rf"^    {F44}: http://\S+/alice/second/{F44}/$", said, re.MULTILINE)
    assert "  Description: The second one\n" in cli("get", "second")
    cli("get", "third", exit_code=1)


@pytest.mark.usefixtures("project")
def test_wrong_token(cli: CoprCli, simulator: Simulator) -> None:
    """A wrong token is told as such; reading works all the same."""
    assert "token" in cli("create", "other", "--chroot", F43, user="stranger", exit_code=1)
    assert list(simulator.world.projects) == ["alice/demo"]
    assert "Name: demo" in cli("get", "alice/demo", user="stranger")


def test_permissions(cli: CoprCli, project: Project) -> None:
    """Bob asks for a role, alice grants it, bob may build."""
    url = "https://example.com/tool-1.0-1.src.rpm"
    cli("build", "alice/demo", url, "--nowait", user="bob", exit_code=7)
    assert cli("request-permissions", "alice/demo", "--builder", user="bob") == "success\n"
    assert cli("list-permissions", "demo").split() == [
        *("bob:", "admin:", "nothing", "builder:", "request"),
    ]
    assert cli("edit-permissions", "demo", "--builder", "bob") == "success\n"
    assert "builder: approved" in cli("list-permissions", "demo")
    cli("build", "alice/demo", url, "--nowait", user="bob")
    (build,) = project.builds.values()
    assert build.submitter == "bob"
    cli("edit-permissions", "demo", "--builder", "bob=nothing")
    cli("build", "alice/demo", url, "--nowait", user="bob", exit_code=7)


def test_edit_chroot(cli: CoprCli, project: Project, tmp_path: Path) -> None:
    """Settings of a chroot, with a comps file."""
    comps = tmp_path / "comps.xml"
    comps.write_text("<comps></comps>\n", encoding="utf-8")
    path = f"demo/{F43}"
    cli(
        *("edit-chroot", path, "--packages", "git make", "--repos", "https://example.com/repo"),
        *("--modules", "nodejs:18", "--rpmbuild-with", "docs", "--rpmbuild-without", "tests"),
        *("--isolation", "nspawn", "--upload-comps", str(comps)),
    )
    shown = json.loads(cli("get-chroot", path, "--output-format", "json"))
    expected = {
        "mock_chroot": F43,
        "additional_packages": ["git", "make"],
        "additional_repos": ["https://example.com/repo"],
        "additional_modules": ["nodejs:18"],
        "with_opts": ["docs"],
        "without_opts": ["tests"],
        "isolation": "nspawn",
        "comps_name": "comps.xml",
        "delete_after_days": None,
    }
    assert expected.items() <= shown.items()
    assert project.chroots[F43].comps_name == "comps.xml"
    cli("edit-chroot", path, "--delete-comps", "--reset", "additional_packages")
    assert project.chroots[F43].comps_name is None
    assert project.chroots[F43].additional_packages == ""
    cli("edit-chroot", f"demo/{F44}", "--packages", "git", exit_code=1)


@pytest.mark.usefixtures("project")
def test_mock_config(cli: CoprCli) -> None:
    """The configuration for mock names the chroot and the repositories of the project."""
    cli("edit-chroot", f"demo/{F43}", "--packages", "git make")
    said = cli("mock-config", "demo", F43)
    assert f"include('/etc/mock/{F43}.cfg')" in said
    assert re.search(rf"http://\S+/alice/demo/{F43}/", said)
    assert "git make" in said


@pytest.mark.usefixtures("project")
def test_monitor(cli: CoprCli, simulator: Simulator) -> None:
    """The newest build of each package in each chroot."""
    urls = [f"https://example.com/{name}-1.0-1.src.rpm" for name in ("good", "fails")]
    cli("build", "demo", *urls, "--nowait")
    assert cli("monitor", "demo", "--output-format", "json") == ""
    end_builds(simulator)
    rows = json.loads(cli("monitor", "demo", "--output-format", "json"))
    assert {(row["name"], row["chroot"], row["state"]) for row in rows} == {
        ("good", F43, "succeeded"),
        ("good", EPEL, "succeeded"),
        ("fails", F43, "failed"),
        ("fails", EPEL, "failed"),
    }


@pytest.mark.usefixtures("project")
def test_fork(cli: CoprCli, simulator: Simulator) -> None:
    """Bob forks a project of alice; into an existing one only if he insists."""
    cli("build", "demo", "https://example.com/tool-1.0-1.src.rpm", "--nowait")
    end_builds(simulator)
    said = cli("fork", "alice/demo", "bob/copy", user="bob")
    assert "bob/copy" in said
    copy = simulator.world.projects["bob/copy"]
    assert sorted(copy.enabled_chroots()) == [EPEL, F43]
    rows = json.loads(cli("list-builds", "bob/copy", "--output-format", "json"))
    assert [row["state"] for row in rows] == ["forked"]
    cli("fork", "alice/demo", "bob/copy", user="bob", exit_code=1)
    assert len(copy.builds) == 1
    cli("fork", "alice/demo", "bob/copy", "--confirm", user="bob")
    assert len(copy.builds) == 2


@pytest.mark.usefixtures("project")
def test_delete(cli: CoprCli, simulator: Simulator) -> None:
    """A project is deleted by its owner, once, and not while it builds."""
    cli("delete", "alice/demo", user="bob", exit_code=7)
    cli("build", "demo", "https://example.com/tool-1.0-1.src.rpm", "--nowait")
    cli("delete", "demo", exit_code=1)
    end_builds(simulator)
    assert cli("regenerate-repos", "demo").startswith("Submitted")
    assert cli("delete", "demo") == "Project demo has been deleted.\n"
    assert not simulator.world.projects
    assert not simulator.world.builds
    cli("delete", "demo", exit_code=1)


def test_new_api_token(cli: CoprCli, simulator: Simulator, tmp_path: Path) -> None:
    """A new token voids the old one and is written into the configuration, with its last day."""
    old = simulator.world.users["alice"]
    cli("new-api-token")
    new = simulator.world.users["alice"]
    assert new.token != old.token
    config = (tmp_path / "alice.conf").read_text(encoding="utf-8")
    assert new.login in config
    assert new.token in config
    assert expiration_date(config) == new.expires
    cli("create", "demo", "--chroot", F43)
    assert list(simulator.world.projects) == ["alice/demo"]


def test_projects_of_a_group(cli: CoprCli, simulator: Simulator) -> None:
    """A member of a group has all rights in its projects, others have none."""
    cli("create", "@team/demo", "--chroot", F43)
    cli("modify", "@team/demo", "--description", "Ours")
    assert simulator.world.projects["@team/demo"].settings["description"] == "Ours"
    cli("build", "@team/demo", "https://example.com/tool-1.0-1.src.rpm", "--nowait")
    cli("modify", "@team/demo", "--description", "Mine", user="bob", exit_code=7)
    cli("create", "@other/demo", "--chroot", F43, exit_code=7)
    cli("fork", "@team/demo", "@team/next")
    assert "@team/next" in simulator.world.projects


@pytest.mark.usefixtures("project")
def test_a_chroot_ends(cli: CoprCli, simulator: Simulator) -> None:
    """What worked before is refused once the chroot has ended."""
    cli("modify", "demo", "--chroot", F43, "--chroot", EPEL)
    simulator.set_chroot(F43, "ended")
    assert F43 not in cli("list-chroots")
    said = cli("modify", "demo", "--chroot", F43, "--chroot", EPEL, exit_code=1)
    assert F43 in said
    cli("get-chroot", f"demo/{F43}", exit_code=1)
    simulator.set_chroot(F43, "active")
    cli("get-chroot", f"demo/{F43}")
