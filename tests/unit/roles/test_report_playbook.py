# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook report, run as a user runs it, on a server of its own."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import F43, Lab
from unit.roles.books import run_playbook

SITE = "https://example.org"
IMPORTING = """
- hosts: localhost
  gather_facts: false
  tasks:
    - fedora.copr.copr_build_info:
        build_ids: "{{ copr_report_numbers }}"
      register: made

- ansible.builtin.import_playbook: fedora.copr.report
  vars:
    copr_report_builds: "{{ made.builds | map(attribute='id') }}"
    copr_report_file: page.html
"""


def play(
    lab: Lab, *arguments: str, playbook: str = "fedora.copr.report", **variables: Any
) -> tuple[int, str]:
    """Run the playbook without a login; return its status and what it wrote."""
    given = {f"copr_report_{name}": value for name, value in variables.items()}
    status, output = run_playbook(lab, playbook, given, *arguments, login=False)
    assert lab.changes == []
    return status, " ".join(output.split())


def builds_of(lab: Lab) -> list[int]:
    """Have a package built well, one badly, one from a bad source; return the numbers."""
    lab.project()
    names = ("good", "fails", "fails-source")
    urls = [f"{SITE}/{name}-1.0-1.src.rpm" for name in names]
    made = lab.build(url=urls, wait=False)
    lab.finish()
    return [build["id"] for build in made["builds"]]


def test_a_project_is_shown_with_the_causes_of_its_failures(lab: Lab) -> None:
    good, bad, source = builds_of(lab)
    path = lab.tmp_path / "page.html"
    status, said = play(lab, "--check", project="alice/demo", file="page.html")
    assert status == 0, said
    assert not path.exists()

    status, said = play(lab, project="alice/demo", file="page.html")
    assert status == 0, said
    assert f'"msg": "{path}"' in said
    page = path.read_text(encoding="utf-8")
    assert "2 packages in 2 chroots" in page
    assert f'href="{lab.sim.url}/coprs/alice/demo/"' in page
    for number in (good, bad, source):
        assert f"{lab.sim.url}/coprs/build/{number}" in page
    assert page.count('<article class="failure"') == 2
    assert page.count('<p class="cause">') == 2

    status, said = play(lab, project="alice/demo", file=str(path))
    assert "changed=0" in said
    assert path.read_text(encoding="utf-8") == page


def test_the_requests_for_a_project_are_few(lab: Lab) -> None:
    lab.project()
    urls = [f"{SITE}/{name}-1.0-1.src.rpm" for name in "abcdefgh"]
    lab.build(url=urls, wait=False)
    lab.finish()
    status, said = play(lab, project="alice/demo", file="page.html")
    assert status == 0, said
    assert sorted(lab.calls) == [
        *["GET build-chroot/list"] * 8,
        "GET build/list",
        "GET monitor",
        "GET project",
    ]
    play(lab, project="alice/demo", file="page.html", limit=3)
    assert lab.calls.count("GET build-chroot/list") == 3


def test_the_logs_of_the_newest_failures_only_are_read(lab: Lab) -> None:
    _good, bad, _source = builds_of(lab)
    play(lab, project="alice/demo", file="page.html", logs=1)
    page = (lab.tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count('<p class="cause">') == 1
    assert page.count("No log was read.") == 1
    assert f"GET build/{bad}" not in lab.calls


def test_builds_can_be_named(lab: Lab) -> None:
    good, bad, _source = builds_of(lab)
    members = [
        {"name": "first", "after": [], "state": "failed", "build_ids": [bad]},
        {"name": "second", "after": ["first"], "state": "succeeded", "build_ids": [good]},
        {"name": "third", "after": ["second"], "state": "waiting", "build_ids": []},
    ]
    status, said = play(lab, builds=[good, bad], set=members, file="page.html")
    assert status == 0, said
    page = (lab.tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.count('<article class="failure"') == 1
    assert page.count('<p class="cause">') == 1
    assert f'<a href="#build-{bad}">first</a>' in page
    assert "third, after second" in page
    status, said = play(lab, builds=f"{good},{bad}", file="page.html")
    assert status == 0, said


def test_a_playbook_can_report_on_the_builds_of_its_own(lab: Lab) -> None:
    good, bad, _source = builds_of(lab)
    (lab.tmp_path / "site.yml").write_text(IMPORTING, encoding="utf-8")
    status, said = play(lab, playbook="site.yml", numbers=[good, bad])
    assert status == 0, said
    assert "2 packages in 2 chroots" in (lab.tmp_path / "page.html").read_text(encoding="utf-8")


def test_an_empty_project_has_a_page(lab: Lab) -> None:
    lab.project(chroots=[F43])
    status, said = play(lab, project="alice/demo", file="page.html")
    assert status == 0, said
    page = (lab.tmp_path / "page.html").read_text(encoding="utf-8")
    assert f"Nothing has been built yet. The chroots are {F43}." in page


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "Set copr_report_file to the file to write, and either copr_report_project or"),
        ({"project": "alice/demo"}, "Set copr_report_file"),
        ({"file": "page.html"}, "Set copr_report_file"),
        ({"file": "page.html", "project": "alice/demo", "builds": [1]}, "Set copr_report_file"),
        ({"file": "page.html", "project": "alice/none"}, "alice/none does not exist."),
        ({"file": "page.html", "builds": [4711]}, "Build 4711 does not exist"),
        ({"file": "page.html", "project": "alice/demo", "limit": 0}, "limit must be 1 or more"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    lab: Lab, variables: dict[str, Any], message: str
) -> None:
    lab.project()
    status, said = play(lab, **variables)
    assert status != 0
    assert message in said
    assert list(lab.tmp_path.glob("*.html")) == []
