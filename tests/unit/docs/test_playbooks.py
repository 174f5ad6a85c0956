# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole playbooks of the documentation: read by Ansible, and run in check mode."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from simulator.clock import ManualClock
from simulator.server import running
from unit.docs.examples import Example
from unit.docs.reader import Reader, playbooks
from unit.files import make_srpm
from unit.lab import EPEL, F43, STEP, Lab
from unit.pace import pass_time_with_polls

AT_LEAST = 20
# These guides are followed step by step, by tests of their own.
FOLLOWED = ("guide_first_steps", "guide_ci")
# What ansible-rulebook gives to a playbook.
EVENT = {
    "copr_build": {
        "id": 1,
        "project": "alice/hello",
        "source_package": {"name": "hello"},
        "web_url": "https://copr.example.org/coprs/build/1",
    }
}


def lacks(example: Example) -> str:
    """Return what a playbook needs and is not here; nothing if it can run."""
    if re.search(r"^ *awx\.", example.text, re.MULTILINE):
        return "the collection awx.awx"
    if "become: true" in example.text or "ansible.builtin.dnf:" in example.text:
        return "hosts with dnf"
    if "hosts: copr_" in example.text:
        return "an inventory of projects"
    return ""


def reads_its_builds(example: Example) -> bool:
    """Return whether a playbook reads the builds that it makes, which check mode only plans."""
    return "copr_report_builds" in example.text


RUN = [
    example
    for example in playbooks()
    if not lacks(example) and Path(example.file).stem not in FOLLOWED
]


class Runs(NamedTuple):
    """Status and output of each playbook that was run, and what check mode has changed."""

    results: list[tuple[Example, tuple[int, str]]]
    changes: list[str]


def test_playbooks_can_be_read(tmp_path: Path) -> None:
    for example in filter(lacks, playbooks()):
        print(f"{example.place} is only read; to run, it needs {lacks(example)}")
    readable = [example for example in playbooks() if "awx" not in lacks(example)]
    assert len(readable) >= AT_LEAST
    for name in ("vault.yml", "projects.yml"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    reader = Reader(tmp_path, tmp_path, "http://127.0.0.1:1")
    status, output = reader.run("ansible-playbook", "--syntax-check", *reader.save(*readable))
    assert status == 0, output
    assert output.count("playbook: ") == len(readable)


def prepare(lab: Lab) -> None:
    """Make all that the playbooks presuppose: projects, and files beside the playbook."""
    for project in ("alice/hello", "@team/hello"):
        lab.project(project, chroots=[F43, EPEL])
        pypi = {"pypi_package_name": "hello"}
        lab.do("copr_package", project=project, package="python-hello", pypi=pypi)
        lab.build(project=project, url=["https://example.org/hello-2.0-1.src.rpm"], wait=False)
    lab.finish()
    dist = lab.tmp_path / "dist"
    make_srpm(dist, "libgreet", "3.0")
    make_srpm(dist, "hello", "2.12")
    shutil.copy(dist / "sources/hello.spec", lab.tmp_path)
    definitions = {"copr_projects_definitions": [{"project": "@team/hello"}]}
    (lab.tmp_path / "projects.yml").write_text(json.dumps(definitions), encoding="utf-8")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Run all playbooks, two at a time, on a server that has what they presuppose."""
    with running(clock=ManualClock(), step=STEP) as sim, ThreadPoolExecutor(2) as pool:
        lab = Lab(sim, tmp_path_factory.mktemp("files"))
        prepare(lab)
        lab.forget()
        pass_time_with_polls(sim, 100 * STEP)

        def run(example: Example, *arguments: str) -> tuple[int, str]:
            folder = tmp_path_factory.mktemp("reader")
            shutil.copytree(lab.tmp_path, folder, dirs_exist_ok=True)
            reader = Reader(folder, folder / "home", sim.url)
            reader.log_in()
            vault = {"vault_copr_config": reader.config}
            (folder / "vault.yml").write_text(json.dumps(vault), encoding="utf-8")
            root = str(folder / "root")
            given = {"ansible_eda": {"event": EVENT}, "into": root, "root": root}
            (name,) = reader.save(example)
            return reader.run("ansible-playbook", name, "-e", json.dumps(given), *arguments)

        checked = list(pool.map(lambda example: run(example, "--check"), RUN))
        changes = lab.changes
        made = [(example, run(example)) for example in filter(reads_its_builds, RUN)]
        results = [*zip(RUN, checked), *made]
        yield Runs(results, changes)


@pytest.mark.parametrize("example", RUN, ids=[example.place for example in RUN])
def test_a_playbook_runs(runs: Runs, example: Example) -> None:
    of_this = [result for run, result in runs.results if run is example]
    assert len(of_this) == (2 if reads_its_builds(example) else 1)
    for status, output in of_this:
        assert status == 0, output
        names = [play["name"] for play in example.documents[0] if "hosts" in play]
        assert [name for name in names if f"PLAY [{name}]" not in output] == []


def test_check_mode_changes_nothing(runs: Runs) -> None:
    assert runs.changes == []
