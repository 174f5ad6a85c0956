# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The official copr-cli drives the simulator."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from copr.v3 import Client

from contract.conftest import STEP, CoprCli, new_source_rpm
from simulator.server import Simulator
from simulator.world import Build, Project

F43, F44, EPEL = "fedora-43-x86_64", "fedora-44-x86_64", "epel-9-x86_64"


@pytest.fixture
def project(client: Client, simulator: Simulator) -> Project:
    """Create the project alice/demo with two chroots."""
    client.project_proxy.add("alice", "demo", [F43, EPEL])
    return simulator.world.projects["alice/demo"]


def submitted(simulator: Simulator, said: str) -> list[Build]:
    """Return the builds that copr-cli says it created."""
    created = re.search(r"^Created builds: (.+)$", said, re.MULTILINE)
    assert created, said
    return [simulator.world.builds[int(number)] for number in created[1].split()]


def end_builds(simulator: Simulator) -> None:
    """Let enough time pass for every ordinary build to end."""
    simulator.clock.advance(10 * STEP)


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


@pytest.mark.parametrize(
    ("command", "source_type", "source"),
    [
        pytest.param(
            ["buildpypi", "demo", "--packagename", "requests", "--packageversion", "2.0"],
            "pypi",
            {"pypi_package_name": "requests", "pypi_package_version": "2.0"},
            id="pypi",
        ),
        pytest.param(
            ["buildgem", "demo", "--gem", "rake"], "rubygems", {"gem_name": "rake"}, id="gem"
        ),
        pytest.param(
            [
                *("buildscm", "demo", "--clone-url", "https://example.com/tool.git"),
                *("--commit", "main", "--subdir", "rpm", "--spec", "tool.spec"),
                *("--type", "git", "--method", "make_srpm"),
            ],
            "scm",
            {
                "type": "git",
                "clone_url": "https://example.com/tool.git",
                "committish": "main",
                "subdirectory": "rpm",
                "spec": "tool.spec",
                "srpm_build_method": "make_srpm",
            },
            id="scm",
        ),
        pytest.param(
            ["build-distgit", "demo", "--name", "tool", "--commit", "f43"],
            "distgit",
            {"committish": "f43"},
            id="distgit",
        ),
        pytest.param(
            ["build", "demo", "https://example.com/tool-1.0-1.src.rpm"],
            "link",
            {"url": "https://example.com/tool-1.0-1.src.rpm"},
            id="url",
        ),
    ],
)
def test_build_from(
    cli: CoprCli,
    simulator: Simulator,
    project: Project,
    command: list[str],
    source_type: str,
    source: dict[str, str],
) -> None:
    """Each kind of source is taken, and its build passes through to its end."""
    (build,) = submitted(simulator, cli(*command, "--nowait"))
    assert (build.project, build.submitter) == (project, "alice")
    assert build.source_type == source_type
    assert source.items() <= build.source_dict.items()
    end_builds(simulator)
    assert cli("status", str(build.id)) == "succeeded\n"
    assert sorted(build.chroots) == [EPEL, F43]


def test_build_custom(cli: CoprCli, simulator: Simulator, project: Project, tmp_path: Path) -> None:
    """A script is taken from a file; one that ends with a failure fails at the source."""
    good, bad = tmp_path / "good.sh", tmp_path / "bad.sh"
    good.write_text("#!/bin/sh\necho sources\n", encoding="utf-8")
    bad.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    options = ("--script-chroot", F44, "--script-builddeps", "git make", "--nowait")
    (first,) = submitted(simulator, cli("buildcustom", "demo", "--script", str(good), *options))
    (second,) = submitted(simulator, cli("buildcustom", "demo", "--script", str(bad), "--nowait"))
    assert first.project is project
    assert first.source_dict["chroot"] == F44
    assert first.source_dict["builddeps"] == "git make"
    assert first.source_dict["script"].splitlines() == ["#!/bin/sh", "echo sources"]
    end_builds(simulator)
    assert cli("status", str(first.id)) == "succeeded\n"
    assert cli("status", str(second.id)) == "failed\n"


def test_build_from_file(
    cli: CoprCli, simulator: Simulator, project: Project, source_rpm: Path
) -> None:
    """A source RPM is uploaded unchanged, and its name and version are read from it."""
    said = cli("build", "demo", str(source_rpm), "--nowait")
    (build,) = submitted(simulator, said)
    assert build.source_type == "upload"
    assert build.upload is not None
    assert build.upload.read_bytes() == source_rpm.read_bytes()
    end_builds(simulator)
    listed = json.loads(cli("get-package", "demo", "--name", "hello", "--with-latest-build"))
    assert listed["latest_build"]["id"] == build.id
    assert listed["latest_build"]["source_package"]["version"] == "1.4-1"
    assert list(project.packages) == ["hello"]


def test_build_options(cli: CoprCli, simulator: Simulator, project: Project) -> None:
    """Options of a build arrive."""
    url = "https://example.com/tool-1.0-1.src.rpm"
    (first,) = submitted(
        simulator,
        cli(
            *("build", "demo", url, "--nowait", "--chroot", F43, "--timeout", "600"),
            *("--background", "--enable-net", "on", "--bootstrap", "off", "--isolation", "simple"),
        ),
    )
    assert (first.chroots, first.timeout, first.is_background) == ([F43], 600, True)
    assert (first.enable_net, first.bootstrap, first.isolation) == (True, "off", "simple")
    (second,) = submitted(simulator, cli("build", "demo", url, "--nowait", "--exclude-chroot", F43))
    assert second.chroots == [EPEL]
    (third,) = submitted(simulator, cli("build", "demo:custom:side", url, "--nowait"))
    assert (third.dirname, third.project) == ("demo:custom:side", project)
    after = ("--after-build-id", str(first.id))
    (fourth,) = submitted(simulator, cli("build", "demo", url, "--nowait", *after))
    assert fourth.batch is not None
    assert fourth.batch.after is first.batch


@pytest.mark.usefixtures("project")
def test_build_is_refused(cli: CoprCli, simulator: Simulator) -> None:
    """A file that is missing, a chroot the project lacks, the project of another user."""
    url = "https://example.com/tool-1.0-1.src.rpm"
    cli("build", "demo", "no-such.src.rpm", "--nowait", exit_code=3)
    assert "chroots" in cli("build", "demo", url, "--nowait", "--chroot", F44, exit_code=1)
    cli("build", "alice/demo", url, "--nowait", user="bob", exit_code=7)
    cli("build", "no-such", url, "--nowait", exit_code=1)
    assert not simulator.world.builds


def test_list_builds(cli: CoprCli, simulator: Simulator, project: Project) -> None:
    """Builds are listed newest first; those without a package yet have no name."""
    urls = [f"https://example.com/{name}-1.0-1.src.rpm" for name in ("good", "fails")]
    builds = submitted(simulator, cli("build", "demo", *urls, "--nowait"))
    assert list(project.builds.values()) == builds
    fresh = json.loads(cli("list-builds", "demo", "--output-format", "json"))
    assert [build["state"] for build in fresh] == ["pending", "pending"]
    end_builds(simulator)
    ended = json.loads(cli("list-builds", "demo", "--output-format", "json"))
    assert ended == [
        {"id": builds[1].id, "name": "fails", "state": "failed"},
        {"id": builds[0].id, "name": "good", "state": "succeeded"},
    ]
    assert cli("list-builds", "demo", "--output-format", "text-row") == (
        f"{builds[1].id}\tfails\tfailed\n{builds[0].id}\tgood\tsucceeded\n"
    )


def test_waiting_for_a_build(fast_simulator: Simulator, tmp_path: Path) -> None:
    """Without --nowait the program waits, and its exit code tells how the build ended."""
    cli = CoprCli(fast_simulator, tmp_path)
    cli("create", "demo", "--chroot", F43)
    said = cli("build", "demo", str(new_source_rpm(tmp_path, "hello")))
    (good,) = submitted(fast_simulator, said)
    assert f"Build {good.id}: succeeded" in said
    bad = new_source_rpm(tmp_path, "broken", "exit 1")
    assert "Build(s) 2 failed." in cli("build", "demo", str(bad), exit_code=4)
    assert f"Build {good.id}: succeeded" in cli("watch-build", str(good.id))
    cli("watch-build", str(good.id), "2", exit_code=4)


@pytest.mark.usefixtures("project")
def test_cancel_and_delete_builds(cli: CoprCli, simulator: Simulator) -> None:
    """A build is canceled once, and deleted only after its end."""
    urls = [f"https://example.com/tool-{number}.0-1.src.rpm" for number in (1, 2)]
    first, second = submitted(simulator, cli("build", "demo", *urls, "--nowait"))
    cli("cancel", str(first.id), user="bob", exit_code=7)
    assert cli("cancel", str(first.id)) == "canceled\n"
    cli("cancel", str(first.id), exit_code=1)
    assert "canceled." in cli("watch-build", str(first.id), exit_code=4)
    cli("delete-build", str(first.id), str(second.id), exit_code=1)
    assert set(simulator.world.builds) == {first.id, second.id}
    end_builds(simulator)
    said = cli("delete-build", str(first.id), str(second.id))
    assert said == f"Build(s) {first.id}, {second.id} were deleted.\n"
    assert not simulator.world.builds
    cli("status", str(first.id), exit_code=1)


def test_packages(cli: CoprCli, simulator: Simulator, project: Project) -> None:
    """A package is added, edited, built, reset and deleted."""
    name = ("demo", "--name", "tool")
    cli("add-package-scm", *name, "--clone-url", "https://example.com/tool.git")
    package = project.packages["tool"]
    assert package.source_type == "scm"
    assert package.source_dict["clone_url"] == "https://example.com/tool.git"
    cli("add-package-scm", *name, "--clone-url", "https://example.com/x.git", exit_code=1)
    edited = ("--clone-url", "https://example.com/new.git", "--webhook-rebuild", "on")
    cli("edit-package-scm", *name, *edited)
    assert package.source_dict["clone_url"] == "https://example.com/new.git"
    assert package.webhook_rebuild is True
    shown = json.loads(cli("get-package", *name))
    assert (shown["id"], shown["auto_rebuild"], shown["latest_build"]) == (package.id, True, None)
    (build,) = submitted(simulator, cli("build-package", *name, "--nowait", "--chroot", F43))
    assert (build.package_name, build.chroots) == ("tool", [F43])
    end_builds(simulator)
    listed = json.loads(cli("list-packages", "demo", "--with-latest-build"))
    assert [one["latest_build"]["state"] for one in listed] == ["succeeded"]
    assert cli("list-package-names", "demo") == "tool\n"
    cli("reset-package", *name)
    assert package.source_type == "unset"
    cli("build-package", *name, "--nowait", exit_code=1)
    cli("delete-package", *name)
    assert not project.packages
    assert not project.builds


@pytest.mark.parametrize(
    ("kind", "options", "source"),
    [
        ("pypi", ("--packagename", "requests"), {"pypi_package_name": "requests"}),
        ("rubygems", ("--gem", "rake"), {"gem_name": "rake"}),
        ("distgit", ("--commit", "f43"), {"committish": "f43"}),
    ],
)
def test_kinds_of_packages(
    cli: CoprCli, project: Project, kind: str, options: tuple[str, ...], source: dict[str, str]
) -> None:
    """The other sources a package may have."""
    cli(f"add-package-{kind}", "demo", "--name", "tool", *options)
    package = project.packages["tool"]
    assert package.source_type == kind
    assert source.items() <= package.source_dict.items()


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
    """A new token voids the old one and is written into the configuration."""
    old = simulator.world.users["alice"]
    cli("new-api-token")
    new = simulator.world.users["alice"]
    assert new.token != old.token
    config = (tmp_path / "alice.conf").read_text(encoding="utf-8")
    assert new.login in config
    assert new.token in config
    cli("create", "demo", "--chroot", F43)
    assert list(simulator.world.projects) == ["alice/demo"]
