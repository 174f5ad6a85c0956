# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A branch or tag pinned to the commit that it is now."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.basic import AnsibleModule
from ansible_collections.fedora.copr.plugins.module_utils._copr import module
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.commits import (
    RunCommand,
    commit_of,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.plugin_utils._copr import commands

from unit.lab import Lab, module_arguments


class Repository:
    """A git repository on this machine."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"file://{path}"
        path.mkdir()
        self.git("init", "--quiet", "--initial-branch", "main")
        self.commit()

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "tag.gpgsign=no"]
        command = ["git", "-C", str(self.path), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self) -> str:
        self.git("commit", "--quiet", "--allow-empty", "--no-gpg-sign", "--message", "x")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """Return a repository that Copr, too, is told to find at https://git.example.org/."""
    made = Repository(tmp_path / "hello.git")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{made.url}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://git.example.org/hello.git")
    return made


@pytest.fixture(params=["ordinary module", "controller"])
def run_command(request: pytest.FixtureRequest) -> RunCommand:
    """Return what runs git, for both ways to run a module."""
    if request.param == "controller":
        return commands.run_command
    with module_arguments({}):
        return module._command_runner(AnsibleModule({}))


def pinned(lab: Lab, committish: str | None = "main", **options: Any) -> dict[str, Any]:
    source = {"clone_url": "https://git.example.org/hello.git", "committish": committish}
    return lab.build(scm={**source, **options}, pin=True)


def commits_of(lab: Lab) -> list[str]:
    return [build.source_dict["committish"] for build in lab.builds()]


def test_a_branch_that_stays_is_built_once_and_one_that_moves_again(
    demo: Lab, repository: Repository
) -> None:
    before = repository.git("rev-parse", "main")
    assert [pinned(demo)["changed"] for _run in range(2)] == [True, False]
    after = repository.commit()
    assert [pinned(demo)["changed"] for _run in range(2)] == [True, False]
    assert commits_of(demo) == [before, after]


def test_without_pin_a_branch_that_moves_is_not_noticed(demo: Lab, repository: Repository) -> None:
    source = {"clone_url": "https://git.example.org/hello.git", "committish": "main"}
    demo.build(scm=source)
    repository.commit()
    assert demo.build(scm=source)["changed"] is False
    assert commits_of(demo) == ["main"]


def test_without_a_branch_the_default_one_is_meant(demo: Lab, repository: Repository) -> None:
    pinned(demo, None)
    assert commits_of(demo) == [repository.git("rev-parse", "main")]


def test_an_annotated_tag_is_its_commit(demo: Lab, repository: Repository) -> None:
    repository.git("tag", "--annotate", "--message", "x", "v1")
    pinned(demo, "v1")
    assert commits_of(demo) == [repository.git("rev-parse", "v1^{commit}")]
    assert commits_of(demo) != [repository.git("rev-parse", "v1")]


def test_a_light_tag_is_its_commit(demo: Lab, repository: Repository) -> None:
    repository.git("tag", "v1")
    pinned(demo, "v1")
    assert commits_of(demo) == [repository.git("rev-parse", "v1")]


def test_a_branch_whose_name_ends_another_is_not_taken_for_it(
    demo: Lab, repository: Repository
) -> None:
    repository.git("branch", "feature/main")
    wanted = repository.commit()
    pinned(demo)
    assert commits_of(demo) == [wanted]


def test_a_commit_needs_no_looking_up(demo: Lab) -> None:
    pinned(demo, "0" * 40)
    assert commits_of(demo) == ["0" * 40]


def test_an_unknown_branch_is_refused_and_nothing_is_submitted(
    demo: Lab, repository: Repository
) -> None:
    error = demo.fail(
        "copr_build",
        project="alice/demo",
        scm={"clone_url": repository.url, "committish": "nope"},
        pin=True,
    )
    assert error.kind == "invalid"
    assert "'nope'" in error.message
    assert demo.changes == []


def test_a_repository_that_is_not_there_is_unreachable(demo: Lab, tmp_path: Path) -> None:
    source = {"clone_url": f"file://{tmp_path}/none", "committish": "main"}
    error = demo.fail("copr_build", project="alice/demo", scm=source, pin=True)
    assert error.kind == "unreachable"
    assert demo.changes == []


def test_subversion_is_refused(demo: Lab) -> None:
    source = {"clone_url": "https://svn.example.org/", "scm_type": "svn"}
    error = demo.fail("copr_build", project="alice/demo", scm=source, pin=True)
    assert (error.kind, "svn" in error.message) == ("invalid", True)


@pytest.mark.parametrize("source", [{"rubygems": {"gem_name": "a"}}, {"package": "hello"}])
def test_sources_without_branches_are_refused(demo: Lab, source: dict[str, Any]) -> None:
    error = demo.fail("copr_build", project="alice/demo", pin=True, **source)
    assert (error.kind, "pin" in error.message) == ("invalid", True)


def test_a_package_of_dist_git_is_pinned_at_the_address_given(
    demo: Lab, repository: Repository
) -> None:
    source = {"package_name": "hello", "committish": "main", "clone_url": repository.url}
    demo.build(distgit=source, pin=True)
    (build,) = demo.builds()
    assert build.source_dict["committish"] == repository.git("rev-parse", "main")
    assert "file:" not in build.source_dict["clone_url"]


def test_an_unknown_dist_git_needs_an_address(demo: Lab) -> None:
    source = {"package_name": "hello", "distgit": "centos"}
    error = demo.fail("copr_build", project="alice/demo", distgit=source, pin=True)
    assert (error.kind, "clone_url" in error.message) == ("invalid", True)


def test_a_branch_is_looked_up(repository: Repository, run_command: RunCommand) -> None:
    assert commit_of(repository.url, "main", run_command, timeout=60) == repository.git(
        "rev-parse", "main"
    )


def test_what_git_complains_of_is_told(tmp_path: Path, run_command: RunCommand) -> None:
    with pytest.raises(CoprError, match="nowhere") as caught:
        commit_of(f"file://{tmp_path}/nowhere", "main", run_command, timeout=60)
    assert caught.value.kind == "unreachable"


def test_git_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run_command: RunCommand
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CoprError, match="git") as caught:
        commit_of("https://git.example.org/x.git", "main", run_command, timeout=5)
    assert caught.value.kind == "configuration"


def test_git_that_hangs_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run_command: RunCommand
) -> None:
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(CoprError, match="within") as caught:
        commit_of("https://git.example.org/x.git", "main", run_command, timeout=0.2)
    assert caught.value.kind == "unreachable"


@pytest.mark.parametrize("url", ["--upload-pack=touch x", "ext::sh -c touch% x"])
def test_an_address_is_no_option_and_no_command(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run_command: RunCommand
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CoprError):
        commit_of(url, "main", run_command, timeout=5)
    assert not (tmp_path / "x").exists()


def test_what_git_says_of_credentials_of_its_own_settings_is_not_told() -> None:
    said = b"fatal: can't access 'https://me:pass-word@example.org/x'"
    with pytest.raises(CoprError) as caught:
        commit_of("https://example.org/x", "main", lambda *_asked: (128, b"", said), timeout=5)
    assert "can't access 'https://********@example.org/x'" in caught.value.message
