# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Relative paths: where they are looked up, whichever way a task is run."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import CONNECTION_SPEC
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.paths import (
    COLLECTION,
    absolute_paths,
    make_variables_absolute,
    search_folders,
)

from simulator.server import Simulator
from unit.controller.play import TOKEN, Options, task, written
from unit.files import make_srpm
from unit.lab import F43

SPEC: dict[str, dict[str, Any]] = {
    "one": {"type": "path"},
    "many": {"type": "list", "elements": "path"},
    "text": {"type": "str"},
}
OPTIONS = {"project": "alice/demo", "srpm": "dist/hello-1.0-1.src.rpm", "wait": False}
PROJECT = task("Project", "copr_project", {"project": "alice/demo", "chroots": [F43]})

execution = pytest.mark.parametrize("execution", ["controller", "module"])


@pytest.fixture
def user(tmp_path: Path) -> Path:
    """Return the folder in which the user stands."""
    folder = tmp_path / "user"
    folder.mkdir()
    return folder


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Return the folder of the user's playbook."""
    folder = tmp_path / "book"
    folder.mkdir()
    return folder


def put_source(folder: Path) -> None:
    """Put a source RPM where a relative path finds it from a folder."""
    (folder / "dist").mkdir()
    make_srpm(folder / "dist")


def put_config(folder: Path, sim: Simulator) -> None:
    """Write a configuration that has the login of a simulator's user."""
    (folder / "copr.conf").write_text(
        f"[copr-cli]\ncopr_url={sim.url}\nlogin=alice-login\ntoken={TOKEN}\n", encoding="utf-8"
    )


def played(
    sim: Simulator, book: Path, user: Path, tasks: list[Options], *arguments: str
) -> tuple[Options, str]:
    """Return the results of tasks that a user plays, and what was shown."""
    script = written(sim, book, [PROJECT, *tasks], *arguments)
    done = subprocess.run(
        script.command,
        env=script.environment,
        cwd=user,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return script.results(), done.stdout


@execution
@pytest.mark.parametrize("place", ["book", "user"])
def test_a_source_of_a_task_or_role_is_beside_the_playbook_or_the_user(
    sim: Simulator, book: Path, user: Path, place: str, execution: str
) -> None:
    put_source({"book": book, "user": user}[place])
    role = {
        "name": "Role",
        "ansible.builtin.include_role": {"name": "fedora.copr.build"},
        "vars": {
            "copr_build_project": "alice/demo",
            "copr_build_source": {"srpm": OPTIONS["srpm"]},
            "copr_build_wait": False,
        },
    }
    tasks = [task("Build", "copr_build", OPTIONS), role]
    results, output = played(sim, book, user, tasks, "-e", f"copr_execution={execution}")
    assert results["Build"].get("failed") is not True, output
    assert results["fedora.copr.build : Build the source"].get("failed") is not True, output
    assert len(sim.world.builds) == 1


@execution
def test_a_source_of_this_collections_playbook_is_beside_the_user(
    sim: Simulator, book: Path, user: Path, execution: str
) -> None:
    put_source(user)
    put_config(user, sim)
    script = written(sim, book, [PROJECT], environment={"COPR_CONFIG": "copr.conf"})
    variables = {
        "copr_build_project": "alice/hello",
        "copr_build_project_definition": {"chroots": [F43]},
        "copr_build_source": {"srpm": OPTIONS["srpm"]},
        "copr_build_wait": False,
        "copr_execution": execution,
    }
    command = [*script.command[:-1], "fedora.copr.build", "-e", json.dumps(variables)]
    done = subprocess.run(
        command,
        env=script.environment,
        cwd=user,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert len(sim.world.builds) == 1


@execution
@pytest.mark.parametrize("place", ["book", "user"])
def test_a_config_file_is_beside_the_playbook_or_the_user(
    sim: Simulator, book: Path, user: Path, place: str, execution: str
) -> None:
    put_config({"book": book, "user": user}[place], sim)
    options = {"config_file": "copr.conf", "copr_login": None, "copr_token": None}
    look = {"name": "Look", "ansible.builtin.set_fact": {"project": "{{ found }}"}}
    look["vars"] = {
        "found": "{{ lookup('fedora.copr.project', 'alice/demo', config_file='copr.conf') }}"
    }
    tasks = [task("Login", "copr_auth_info", options), look]
    results, output = played(sim, book, user, tasks, "-e", f"copr_execution={execution}")
    assert results["Login"]["user"]["name"] == "alice", output
    assert results["Look"]["ansible_facts"]["project"]["full_name"] == "alice/demo", output


@execution
@pytest.mark.parametrize("place", ["book", "user"])
@pytest.mark.parametrize("listed", [False, True])
def test_a_comps_file_is_beside_the_playbook_or_the_user(
    sim: Simulator, book: Path, user: Path, place: str, listed: bool, execution: str
) -> None:
    ({"book": book, "user": user}[place] / "comps.xml").write_text("<comps/>", encoding="utf-8")
    chroot = {"chroot": F43, "comps": "comps.xml"}
    options = {"project": "alice/demo", **({"chroots": [chroot]} if listed else chroot)}
    tasks = [task("Settings", "copr_chroot", options), task("Again", "copr_chroot", options)]
    results, output = played(sim, book, user, tasks, "-e", f"copr_execution={execution}")
    stored = sim.world.projects["alice/demo"].chroots[F43].comps_name
    assert stored is not None, output
    shown = results["Settings"]["chroots"][0]["settings"]["comps_name"]
    assert (shown, results["Again"]["changed"]) == (stored, False)


@execution
@pytest.mark.parametrize(
    ("module", "options", "path"),
    [
        ("copr_build", OPTIONS, "dist/hello-1.0-1.src.rpm"),
        ("copr_auth_info", {"config_file": "my.conf"}, "my.conf"),
        ("copr_auth_info", {"ca_path": "my.pem"}, "my.pem"),
    ],
)
def test_a_path_that_is_missing_is_told_in_full(
    sim: Simulator,
    book: Path,
    user: Path,
    module: str,
    options: Options,
    path: str,
    execution: str,
) -> None:
    tasks = [task("It", module, options)]
    results, _output = played(sim, book, user, tasks, "-e", f"copr_execution={execution}")
    assert f"{book / path} " in results["It"]["msg"]


def test_only_relative_paths_are_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HERE", str(tmp_path))
    (tmp_path / "b").mkdir()
    (tmp_path / "b/two").touch()
    folders = [f"{tmp_path}/a", f"{tmp_path}/b"]
    options = {"many": ["one", "two", "/x/y", "~/x", "$HERE/x", "", 7], "text": "two"}
    assert absolute_paths(options, SPEC, folders) == {
        "many": [f"{tmp_path}/a/one", f"{tmp_path}/b/two", "/x/y", "~/x", "$HERE/x", "", 7]
    }
    assert absolute_paths({"one": None}, SPEC, folders) == {"one": None}


def test_variables_are_relative_to_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x").touch()
    for before, after in {"x": f"{tmp_path}/x", "[copr-cli]\nlogin = y": None, "no": None}.items():
        environment = {"COPR_CONFIG": before, "COPR_URL": before}
        make_variables_absolute(environment, CONNECTION_SPEC)
        assert environment == {"COPR_CONFIG": after or before, "COPR_URL": before}


def test_the_folder_of_a_playbook_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert search_folders("/somewhere") == ["/somewhere", str(tmp_path)]
    assert search_folders(f"{COLLECTION}-of-mine") == [f"{COLLECTION}-of-mine", str(tmp_path)]
    assert search_folders(f"{COLLECTION}/playbooks") == [str(tmp_path)]
