# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The official copr-cli drives the simulator: builds and packages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from contract.conftest import EPEL, F43, F44, CoprCli, end_builds, new_source_rpm
from simulator.server import Simulator
from simulator.world import Build, Project


def submitted(simulator: Simulator, said: str) -> list[Build]:
    """Return the builds that copr-cli says it created."""
    created = re.search(r"^Created builds: (.+)$", said, re.MULTILINE)
    assert created, said
    return [simulator.world.builds[int(number)] for number in created[1].split()]


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
