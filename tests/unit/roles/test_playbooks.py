# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks drift and new_fedora, run as a user runs them, on a server of their own."""

from __future__ import annotations

import json
from typing import Any

import pytest

from unit.lab import EPEL, F43, F44, Lab
from unit.roles.books import run_playbook

RAWHIDE = "fedora-rawhide-x86_64"


class Run:
    """Runs a playbook of the collection against a lab's server.

    Attributes:
        status: the exit status of the last run.
        output: what it wrote.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab

    def __call__(self, playbook: str, *options: str, **variables: Any) -> Any:
        """Run a playbook, and return the lines that it shows by its own doing."""
        prefix = f"copr_{playbook}_"
        given = {
            name if name.startswith("copr_") else f"{prefix}{name}": value
            for name, value in variables.items()
        }
        name = f"fedora.copr.{playbook}"
        self.status, self.output = run_playbook(self.lab, name, given, *options)
        _before, _here, rest = self.output.partition('    "msg": [\n')
        shown, _end, _rest = rest.partition("\n    ]\n")
        return json.loads(f"[{shown}]")


@pytest.fixture
def run(lab: Lab) -> Run:
    return Run(lab)


def test_drift_is_shown_and_nothing_is_changed(lab: Lab, run: Run) -> None:
    lab.project(description="Greet {{ 6 * 7 }}", chroots=[F43, EPEL])
    lab.project("alice/fine", chroots=[F43])
    lab.sim.set_chroot(F43, "ended")
    definitions = [
        {"project": "alice/demo", "description": "Greetings"},
        {"project": "alice/fine"},
    ]
    shown = run("drift", copr_projects_definitions=definitions)
    assert run.status == 0, run.output
    assert shown == [
        "2 projects defined: 1 differs, 1 is as defined.",
        "",
        "alice/demo differs",
        "  description: 'Greet {{ 6 * 7 }}' -> 'Greetings'",
        "",
        "Chroots that have ended, and when Copr deletes their results:",
        f"  {F43}, in 179 days: alice/demo, alice/fine",
    ]
    assert lab.changes == []
    assert "changed=0" in run.output


@pytest.mark.parametrize(("name", "options"), [("drift.md", []), ("drift.html", ["--check"])])
def test_drift_fails_if_asked_and_leaves_a_report(
    lab: Lab, run: Run, name: str, options: list[str]
) -> None:
    lab.project(description="Greet | all")
    definitions = [{"project": "alice/demo", "description": "<Greetings>"}]
    run("drift", *options, copr_projects_definitions=definitions, report=name, fail=True)
    assert run.status != 0
    assert "do not match their definitions. 1 project defined: 1 differs." in run.output
    page = (lab.tmp_path / name).read_text(encoding="utf-8")
    assert "&lt;Greetings&gt;" in page
    assert lab.settings()["description"] == "Greet | all"


def test_without_drift_nothing_fails(lab: Lab, run: Run) -> None:
    lab.project()
    run("drift", copr_projects_definitions=[{"project": "alice/demo"}], fail=True)
    assert run.status == 0, run.output


def test_a_project_that_can_not_be_compared_fails_drift_after_all_is_shown(
    lab: Lab, run: Run
) -> None:
    lab.project()
    definitions = [
        {"project": "alice/bad", "chroots": ["there-is-none"]},
        {"project": "alice/demo", "description": "New"},
    ]
    shown = run("drift", copr_projects_definitions=definitions)
    assert run.status != 0
    assert any("alice/bad could not be compared: " in line for line in shown)
    assert "  description: '' -> 'New'" in shown


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({}, "Set copr_projects_definitions"),
        (
            {"copr_projects_definitions": [{"project": "a", "descripton": "b"}]},
            "did you mean description?",
        ),
        (
            {"copr_projects_definitions": [{"project": "a"}], "report": "drift.txt"},
            "must end with .md or .html",
        ),
    ],
)
def test_drift_says_what_is_wrong_with_its_variables(
    run: Run, variables: dict[str, Any], message: str
) -> None:
    run("drift", **variables)
    assert run.status != 0
    assert message in run.output


def packages_of(lab: Lab) -> None:
    """Have two packages of alice/demo built: hello has a stored source, web has none."""
    source = {"clone_url": "https://example.org/hello.git"}
    lab.do("copr_package", project="alice/demo", package="hello", scm=source)
    lab.build(package="hello", wait=False)
    lab.build(url=["https://example.org/web-1.0-1.src.rpm"], wait=False)
    lab.finish()


def test_a_release_is_enabled_where_the_one_before_is_and_only_once(lab: Lab, run: Run) -> None:
    lab.project(chroots=[F43, EPEL, RAWHIDE])
    lab.project("alice/more", chroots=[F43, "fedora-43-aarch64", F44])
    lab.project("alice/epel", chroots=[EPEL])
    lab.do(
        "copr_chroot",
        project="alice/demo",
        chroot=RAWHIDE,
        additional_packages=["make", "gcc"],
        isolation="simple",
    )
    packages_of(lab)
    lab.sim.set_chroot("fedora-42-x86_64", "ended")
    options = {
        "owner": "alice",
        "release": "fedora-44",
        "settings_from": "fedora-rawhide",
        "rebuild": True,
    }
    plan = [
        "Projects of alice with fedora-43: 2 of 3. To be changed for fedora-44: 2.",
        "",
        "alice/demo",
        f"  enable {F44}",
        f"  settings of chroot {F44}: additional_packages make, gcc; isolation simple",
        "",
        "alice/more",
        "  enable fedora-44-aarch64",
        "",
        "Packages to build:",
        f"  alice/demo hello: {F44}",
        "",
        "Packages that can't be built again, because no source is stored for them:",
        "  alice/demo: web",
    ]
    assert run("new_fedora", "--check", **options) == plan
    assert run.status == 0, run.output
    assert lab.changes == []

    assert run("new_fedora", **options) == plan
    assert run.status == 0, run.output
    enabled = {
        name: lab.do("copr_project_info", project=name)["projects"][0]["chroots"]
        for name in ("alice/demo", "alice/more", "alice/epel")
    }
    assert enabled == {
        "alice/demo": [EPEL, F43, F44, RAWHIDE],
        "alice/more": ["fedora-43-aarch64", F43, "fedora-44-aarch64", F44],
        "alice/epel": [EPEL],
    }
    (chroot,) = lab.do("copr_chroot_info", project="alice/demo", chroots=[F44])["chroots"]
    assert chroot["settings"]["additional_packages"] == ["make", "gcc"]
    assert chroot["settings"]["isolation"] == "simple"
    assert len(lab.builds()) == 3

    assert run("new_fedora", **options) == [
        "Projects of alice with fedora-43: 2 of 3. To be changed for fedora-44: none.",
        "",
        *plan[-2:],
    ]
    assert run.status == 0, run.output
    assert lab.changes == []


def test_packages_are_built_again_in_an_order(lab: Lab, run: Run) -> None:
    lab.project(chroots=[F43])
    for name in ("hello", "libgreet"):
        lab.do("copr_package", project="alice/demo", package=name, rubygems={"gem_name": name})
        lab.build(package=name, wait=False)
    lab.finish()
    for _look in range(20):
        lab.after("GET", "build/list", lambda: lab.clock.advance(100))
    order = {"hello": ["libgreet", "other"], "more": ["hello"]}
    run("new_fedora", owner="alice", release="fedora-44", rebuild=True, after=order)
    assert run.status == 0, run.output
    names = [(each.plan.name, each.chroots) for each in lab.builds()[2:]]
    assert names == [("libgreet", [F44]), ("hello", [F44])]


def test_without_being_asked_no_settings_are_copied_and_nothing_is_built(
    lab: Lab, run: Run
) -> None:
    lab.project(chroots=[F43, RAWHIDE])
    lab.do("copr_chroot", project="alice/demo", chroot="*", additional_packages=["make"])
    packages_of(lab)
    lab.project("alice/other", chroots=[RAWHIDE])
    run("new_fedora", owner="alice", release="fedora-44")
    assert run.status == 0, run.output
    assert lab.changes == ["PUT project/edit/alice/demo"]

    run("new_fedora", owner="alice", release="fedora-44", previous="fedora-rawhide")
    assert lab.changes == ["PUT project/edit/alice/other"]


def test_ended_chroots_and_those_not_offered_are_in_the_plan(lab: Lab, run: Run) -> None:
    lab.project(chroots=[F43, "fedora-43-aarch64", "fedora-42-x86_64"])
    lab.sim.set_chroot("fedora-42-x86_64", "ended")
    lab.sim.set_chroot("fedora-44-aarch64", "off")
    assert run("new_fedora", "--check", owner="alice", release="fedora-44") == [
        "Projects of alice with fedora-43: 1 of 1. To be changed for fedora-44: 1.",
        "",
        "alice/demo",
        f"  enable {F44}",
        "",
        "Chroots that the server does not offer:",
        "  alice/demo: fedora-44-aarch64",
        "",
        "Chroots that have ended, and when Copr deletes their results:",
        "  fedora-42-x86_64, in 179 days: alice/demo",
    ]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"release": "fedora-44"}, "Set copr_new_fedora_owner"),
        (
            {"owner": "alice", "release": "fedora-rawhide"},
            "such as fedora-45. If set, copr_new_fedora_previous",
        ),
        ({"owner": "alice", "release": "fedora-99"}, "does not offer chroots of fedora-99 yet."),
        ({"owner": "alice", "release": "fedora-44"}, "No project of alice has fedora-43."),
    ],
)
def test_new_fedora_says_why_it_can_not_go_on(
    run: Run, variables: dict[str, Any], message: str
) -> None:
    run("new_fedora", **variables)
    assert run.status != 0
    assert message in " ".join(run.output.split())
    assert run.lab.changes == []


def test_settings_that_nobody_has_are_not_copied_in_silence(lab: Lab, run: Run) -> None:
    lab.project(chroots=[F43])
    run("new_fedora", owner="alice", release="fedora-44", settings_from="fedora-rawhide")
    assert run.status != 0
    assert "No project of alice with fedora-43 has chroots of fedora-rawhide" in " ".join(
        run.output.split()
    )
    assert lab.changes == []
