# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Definitions of projects that are there, and what can't be in them."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import EPEL, F43, F44, Lab

DEMO = "alice/demo"
OLD = "fedora-42-x86_64"
UNSEEN = "Copr never reports this"


def export(lab: Lab, by: str | None = "alice", **options: Any) -> dict[str, Any]:
    lab.forget()
    return lab.do("copr_project_info", by=by, export=True, **options or {"project": DEMO})


def exported(lab: Lab, **options: Any) -> dict[str, Any]:
    (definition,) = export(lab, **options)["definitions"]
    return dict(definition)


def notes(result: dict[str, Any]) -> dict[str, str]:
    """Return what is not exported, with the reason, but for what no answer ever shows."""
    left_out = result["not_exported"]
    return {one["what"]: one["why"] for one in left_out if one["why"] != UNSEEN}


def define(lab: Lab, **definition: Any) -> dict[str, Any]:
    return lab.do("copr_projects", projects=[{"project": DEMO, **definition}])


WHOLE: dict[str, Any] = {
    "project": DEMO,
    "description": "Greetings\n\nfor everybody",
    "homepage": "https://hello.example.org",
    "additional_repos": ["https://z.example.org/", "https://a.example.org/"],
    "packit_forge_projects_allowed": ["a.example.org/x", "b.example.org/y"],
    "repo_priority": 7,
    "enable_net": True,
    "follow_fedora_branching": False,
    "chroots": [EPEL, F43],
    "chroot_settings": [
        {"chroot": EPEL, "additional_packages": ["epel-rpm-macros"], "isolation": "simple"},
        {"chroot": F43, "additional_modules": ["nodejs:18", "!php:8.1"]},
    ],
    "packages": [
        {"package": "auto", "rubygems": {"gem_name": "auto"}, "webhook_rebuild": True},
        {"package": "made", "custom": {"script": "#!/bin/sh\ntrue\n", "builddeps": "git make"}},
        {"package": "tool", "distgit": {"package_name": "tool", "committish": "f43"}},
        {"package": "util", "scm": {"clone_url": "https://git.example.org/util.git"}},
        {"package": "web", "pypi": {"pypi_package_name": "web", "python_versions": ["2", "3"]}},
    ],
    "permissions": [{"user": "bob", "admin": "request", "builder": "approved"}],
}


def test_a_definition_comes_back_as_it_was_given(lab: Lab) -> None:
    lab.do("copr_projects", projects=[WHOLE])
    assert exported(lab) == WHOLE


def test_a_definition_changes_nothing(lab: Lab) -> None:
    lab.do("copr_projects", projects=[WHOLE])
    definition = exported(lab)
    assert lab.do("copr_projects", projects=[definition])["changed"] is False
    lab.do("copr_project", project=DEMO, state="absent")
    assert lab.do("copr_projects", projects=[definition])["changed"] is True
    assert exported(lab) == definition


def test_what_is_a_default_is_left_out(demo: Lab) -> None:
    assert exported(demo) == {"project": DEMO, "chroots": [EPEL, F43]}


def test_projects_are_sorted_by_name(lab: Lab) -> None:
    for name in ("alice/two", "alice/one"):
        lab.project(name)
    names = [each["project"] for each in export(lab, owner="alice")["definitions"]]
    assert names == ["alice/one", "alice/two"]


def test_what_no_answer_shows_is_said(demo: Lab) -> None:
    define(demo, packages=[{"package": "hello", "rubygems": {"gem_name": "hello"}}])
    left_out = export(demo)["not_exported"]
    assert {"project": DEMO, "what": "multilib", "why": UNSEEN} in left_out
    assert [one["what"] for one in left_out] == [
        "storage",
        "multilib",
        "fedora_review",
        "bootstrap of chroots",
        "bootstrap_image of chroots",
        "max_builds of packages",
        "timeout of packages",
        "chroot_denylist of packages",
        "webhook secret",
        "settings of disabled chroots",
    ]


def test_what_only_an_administrator_can_choose_is_said(demo: Lab) -> None:
    assert notes(export(demo)) == {
        "storage": "it is backend, and only an administrator of Copr can set it"
    }


def test_days_that_count_down_are_said(demo: Lab) -> None:
    define(demo, delete_after_days=14)
    demo.clock.advance(180)
    result = export(demo)
    assert "(14 left)" in notes(result)["delete_after_days"]
    assert "delete_after_days" not in result["definitions"][0]


def test_the_text_of_a_comps_file_is_said(demo: Lab) -> None:
    comps = demo.tmp_path / "comps.xml"
    comps.write_text("<comps/>\n")
    define(demo, chroot_settings=[{"chroot": F43, "comps": str(comps), "with_opts": ["x"]}])
    result = export(demo)
    assert "comps-" in notes(result)[f"comps of chroot {F43}"]
    assert result["definitions"][0]["chroot_settings"] == [{"chroot": F43, "with_opts": ["x"]}]


@pytest.mark.parametrize("kind", ["upload", "link", "unset"])
def test_a_package_without_a_source_that_can_be_stored_is_said(demo: Lab, kind: str) -> None:
    package = demo.sim.world.add_package(demo.sim.world.projects[DEMO], "hello")
    package.source_type, package.webhook_rebuild = kind, True
    result = export(demo)
    assert "package hello" in notes(result)
    assert "packages" not in result["definitions"][0]


def test_a_value_that_can_not_be_set_is_said(demo: Lab) -> None:
    demo.settings()["bootstrap"] = ""
    demo.settings()["description"] = "See https://me:planted-5ec2e7@example.org/"
    result = export(demo)
    assert {"bootstrap", "description"} <= set(notes(result))
    assert result["definitions"] == [{"project": DEMO, "chroots": [EPEL, F43]}]


def test_a_package_whose_source_can_not_be_set_is_said(demo: Lab) -> None:
    package = demo.sim.world.add_package(demo.sim.world.projects[DEMO], "hello")
    package.source_type = "scm"
    package.source_dict = {"clone_url": "https://g.example.org/a", "type": "hg"}
    result = export(demo)
    assert "'hg'" in notes(result)["scm of package hello"]
    assert "packages" not in result["definitions"][0]


def test_chroots_that_are_disabled_or_have_ended_are_said(lab: Lab) -> None:
    lab.project(chroots=[F43, F44, OLD])
    lab.do("copr_project", project=DEMO, chroots=[F43, OLD], purge_chroots=True)
    lab.sim.set_chroot(OLD, "ended")
    result = export(lab)
    assert result["definitions"][0]["chroots"] == [F43]
    assert "it is disabled" in notes(result)[f"chroot {F44}"]
    assert "it has ended" in notes(result)[f"chroot {OLD}"]


def test_a_project_without_chroots_is_said(lab: Lab) -> None:
    lab.project(chroots=[OLD])
    lab.sim.set_chroot(OLD, "ended")
    result = export(lab)
    assert "none is enabled" in notes(result)["chroots"]
    assert lab.do("copr_projects", projects=result["definitions"])["changed"] is False


def test_only_own_dependencies_are_exported(lab: Lab) -> None:
    base, middle = "copr://alice/base", "copr://alice/middle"
    lab.project("alice/base", runtime_dependencies=["https://far.example.org/"])
    lab.project("alice/middle", runtime_dependencies=[base])
    needs = [middle, "https://near.example.org/"]
    lab.project(runtime_dependencies=needs)
    lab.clock.advance(180)
    assert exported(lab)["runtime_dependencies"] == needs
    assert lab.do("copr_projects", projects=[exported(lab)])["changed"] is False


def test_of_dependencies_in_a_circle_one_is_exported(lab: Lab) -> None:
    lab.project("alice/one")
    lab.project("alice/two", runtime_dependencies=["copr://alice/one"])
    lab.do("copr_project", project="alice/one", runtime_dependencies=["copr://alice/two"])
    lab.project(runtime_dependencies=["copr://alice/two"])
    lab.clock.advance(180)
    assert exported(lab)["runtime_dependencies"] == ["copr://alice/one"]
    assert lab.do("copr_projects", projects=[exported(lab)])["changed"] is False


@pytest.mark.parametrize("by", [None, "bob"])
def test_permissions_take_the_right_to_edit(demo: Lab, by: str | None) -> None:
    define(demo, permissions=[{"user": "bob", "builder": "approved"}])
    result = export(demo, by=by)
    assert "permissions" in notes(result)
    assert "permissions" not in result["definitions"][0]


def test_a_login_that_is_wrong_is_no_lack_of_rights(demo: Lab) -> None:
    error = demo.fail("copr_project_info", project=DEMO, export=True, copr_token="wrong")
    assert error.kind == "authentication"


def test_the_requests_are_one_for_each_kind_and_chroot(lab: Lab) -> None:
    for number in range(10):
        name = f"alice/p{number}"
        lab.project(name)
        lab.do("copr_permission", project=name, user="bob", builder="approved")
    export(lab, owner="alice", ended_chroots=True)
    assert sorted(lab.calls) == sorted(
        ["GET project/list"]
        + [
            call
            for number in range(10)
            for call in (
                f"GET rpmrepo/alice/p{number}/any",
                "GET package/list",
                f"GET project/permissions/get/alice/p{number}",
                *["GET project-chroot"] * 2,
            )
        ]
    )


def test_dependencies_outside_are_read_once(lab: Lab) -> None:
    lab.project("@packagers/base")
    for name in ("alice/one", "alice/two"):
        lab.project(name, runtime_dependencies=["copr://@packagers/base"])
    lab.clock.advance(180)
    export(lab, owner="alice", by=None)
    assert lab.calls.count("GET rpmrepo/@packagers/base/any") == 1


def test_check_mode_exports_the_same(lab: Lab) -> None:
    lab.do("copr_projects", projects=[WHOLE])
    result = export(lab)
    assert lab.do("copr_project_info", project=DEMO, export=True, check=True) == result
