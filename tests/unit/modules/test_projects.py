# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many projects by definitions: one task, few requests, and what came of each."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from unit.definitions import WHOLE, numbered, projects, results
from unit.lab import EPEL, F43, F44, Lab

# --- what is made true ---


def test_all_of_a_definition_is_made_and_then_nothing_is_left_to_do(lab: Lab) -> None:
    first = projects(lab, WHOLE)
    assert results(first) == {"alice/hello": "created"}
    made = lab.sim.world.projects["alice/hello"]
    assert set(made.enabled_chroots()) == {F43, EPEL}
    assert made.chroots[EPEL].additional_packages == "epel-rpm-macros"
    assert made.packages["hello"].webhook_rebuild is True
    assert made.permissions["bob"]["builder"] == "approved"
    second = projects(lab, WHOLE)
    assert (second["changed"], results(second)) == (False, {"alice/hello": "ok"})
    assert lab.changes == []
    for kind in ("project", "packages", "permissions"):
        assert second["projects"][0][kind] == first["projects"][0][kind]


def test_check_mode_shows_all_of_it_on_an_empty_server(lab: Lab) -> None:
    planned = projects(lab, WHOLE, check=True)
    assert lab.changes == []
    assert lab.sim.world.projects == {}
    assert lab.warnings == []
    real = projects(lab, WHOLE)
    assert planned["diff"] == real["diff"]
    assert planned["summary"] == real["summary"]
    (plan,), (done,) = planned["projects"], real["projects"]
    assert plan.keys() == done.keys()
    assert plan["differences"] == done["differences"]


def test_the_diff_has_one_heading_for_each_project_that_differs(lab: Lab) -> None:
    other = {"project": "alice/other", "chroots": [F43]}
    projects(lab, WHOLE, other)
    changed = copy.deepcopy(WHOLE)
    changed["packages"][0]["webhook_rebuild"] = False
    (entry,) = projects(lab, changed, other)["diff"]
    assert (entry["before_header"], entry["after_header"]) == ("alice/hello", "alice/hello")
    assert entry["before"] == {"package hello": {"webhook_rebuild": True}}
    assert entry["after"] == {"package hello": {"webhook_rebuild": False}}


def test_what_is_left_out_is_left_alone_and_told(lab: Lab) -> None:
    projects(lab, WHOLE, {"project": "alice/more", "chroots": [F44]})
    less = {"project": "alice/hello", "chroots": [F43], "packages": [], "permissions": []}
    result = projects(lab, less)
    assert (result["changed"], lab.changes) == (False, [])
    assert result["unmanaged"] == {"projects": ["alice/more"]}
    assert result["summary"]["unmanaged"] == 1
    assert result["projects"][0]["unmanaged"] == {
        "chroots": [EPEL],
        "packages": ["hello"],
        "permissions": ["bob"],
    }


def test_purge_removes_the_kinds_that_it_names(lab: Lab) -> None:
    projects(lab, WHOLE)
    less = {"project": "alice/hello", "chroots": [F43], "packages": [], "permissions": []}
    projects(lab, {**less, "purge": ["packages"]})
    made = lab.sim.world.projects["alice/hello"]
    assert (dict(made.packages), set(made.enabled_chroots())) == ({}, {F43, EPEL})
    projects(lab, {**less, "purge": ["chroots", "permissions"]})
    assert made.enabled_chroots() == [F43]
    assert made.permissions["bob"] == {"admin": "nothing", "builder": "nothing"}


def test_null_is_the_default_and_left_out_is_not(lab: Lab) -> None:
    projects(lab, WHOLE)
    projects(lab, {"project": "alice/hello", "description": None})
    assert lab.settings("alice/hello")["description"] == ""
    settings = {"chroot": EPEL, "additional_packages": None}
    projects(lab, {"project": "alice/hello", "chroot_settings": [settings]})
    made = lab.sim.world.projects["alice/hello"]
    assert made.chroots[EPEL].additional_packages == ""
    assert "hello" in made.packages


def test_a_name_without_an_owner_is_ones_own(lab: Lab) -> None:
    assert results(projects(lab, {"project": "hello", "chroots": [F43]})) == {
        "alice/hello": "created"
    }


def test_settings_of_a_chroot_that_is_enabled_in_the_same_task(lab: Lab) -> None:
    projects(lab, {"project": "alice/hello", "chroots": [F43]})
    settings = [{"chroot": F44, "with_opts": ["tests"]}]
    more = {"project": "alice/hello", "chroots": [F44], "chroot_settings": settings}
    projects(lab, more)
    assert lab.sim.world.projects["alice/hello"].chroots[F44].with_opts == "tests"
    assert projects(lab, more)["changed"] is False


def test_a_chroot_that_has_ended_breaks_no_definition(lab: Lab) -> None:
    definition = {
        "project": "alice/hello",
        "chroots": [F43, F44],
        "chroot_settings": [{"chroot": F43, "with_opts": ["tests"]}],
    }
    projects(lab, definition)
    lab.sim.set_chroot(F43, "ended")
    result = projects(lab, definition)
    assert (results(result), lab.changes) == ({"alice/hello": "ok"}, [])
    (warning,) = lab.warnings
    assert f"{F43} of alice/hello has ended" in warning
    error = lab.fail("copr_projects", projects=[{**definition, "ended_chroots": "fail"}])
    assert error.kind == "invalid"
    del definition["chroots"]
    lab.warnings.clear()
    assert projects(lab, definition)["changed"] is False
    assert len(lab.warnings) == 1


def test_a_chroot_that_many_projects_had_is_warned_of_once(lab: Lab) -> None:
    definitions = numbered(5)
    for definition in definitions:
        definition["chroots"] = [F43, F44]
    projects(lab, *definitions)
    lab.sim.set_chroot(F43, "ended")
    projects(lab, *definitions)
    (warning,) = lab.warnings
    assert warning.startswith(f"The chroot {F43} of alice/p000, alice/p001, alice/p002, ")
    assert "in 179 days" in warning


# --- requests ---


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (100, 2), (150, 2)])
def test_unchanged_projects_take_the_pages_of_one_list(lab: Lab, count: int, pages: int) -> None:
    projects(lab, *numbered(count))
    result = projects(lab, *numbered(count))
    assert result["summary"]["ok"] == count
    assert lab.calls == ["GET project/list"] * pages


def test_each_owner_has_a_list_and_patterns_take_one_more_request(lab: Lab) -> None:
    definitions = [
        {"project": name, "chroots": ["fedora-43-*"]}
        for name in ("alice/a", "alice/b", "@team/a", "@packagers/a")
    ]
    projects(lab, *definitions)
    projects(lab, *definitions)
    assert sorted(lab.calls) == ["GET mock-chroots/list"] + ["GET project/list"] * 3


def test_each_kind_of_member_takes_one_read_for_each_project(lab: Lab) -> None:
    members = {key: WHOLE[key] for key in ("packages", "permissions")}
    settings = [{"chroot": F43, "with_opts": []}]
    definitions = numbered(10, **members, chroot_settings=settings)
    projects(lab, *definitions)
    projects(lab, *definitions)
    reads = [call.partition("/alice")[0] for call in lab.calls]
    assert sorted(reads) == sorted(
        ["GET project/list"]
        + ["GET project-chroot", "GET package/list", "GET project/permissions/get"] * 10
    )


def test_what_is_new_is_not_read_before(lab: Lab) -> None:
    projects(lab, WHOLE)
    first = next(n for n, call in enumerate(lab.calls) if not call.startswith("GET "))
    assert sorted(lab.calls[:first]) == ["GET mock-chroots/list", "GET project/list"]


# --- progress ---


def test_a_line_for_each_project(lab: Lab) -> None:
    projects(lab, WHOLE)
    lab.listens = True
    changed = copy.deepcopy(WHOLE)
    changed["packages"][0]["webhook_rebuild"] = False
    projects(lab, changed, {"project": "alice/new", "chroots": [F43]}, connections=1)
    assert [line.partition("] ")[2] for line in lab.progress] == [
        "1/2 alice/hello: changed (package hello)",
        "2/2 alice/new: created",
    ]
    lab.progress.clear()
    projects(lab, changed, progress=False)
    assert lab.progress == []


def test_progress_says_what_is_deleted(demo: Lab) -> None:
    gem = {"package": "a", "rubygems": {"gem_name": "a"}}
    projects(demo, {"project": "alice/demo", "packages": [gem]})
    demo.listens = True
    projects(demo, {"project": "alice/demo", "packages": [], "purge": ["packages"]})
    (line,) = demo.progress
    assert line.endswith("1/1 alice/demo: changed (package a deleted)")


# --- projects that need each other ---


def test_a_project_is_created_before_those_that_need_it(lab: Lab) -> None:
    base, devel = ["copr://alice/base"], ["copr://alice/devel"]
    definitions: list[dict[str, Any]] = [
        {"project": "alice/top", "chroots": [F43], "runtime_dependencies": [*base, *devel]},
        {"project": "alice/devel", "chroots": [F43], "additional_repos": base},
        {
            "project": "alice/other",
            "chroots": [F43],
            "chroot_settings": [{"chroot": F43, "additional_repos": devel}],
        },
        {"project": "alice/base", "chroots": [F43]},
    ]
    for connections in (1, 4):
        result = projects(lab, *definitions, connections=connections)
        assert [each["result"] for each in result["projects"]] == ["created"] * 4
        assert projects(lab, *definitions)["changed"] is False
        lab.sim.world.projects.clear()


def test_projects_that_need_each_other_fail_and_stop_no_other(lab: Lab) -> None:
    definitions = [
        {"project": "alice/a", "chroots": [F43], "runtime_dependencies": ["copr://alice/b"]},
        {"project": "alice/b", "chroots": [F43], "runtime_dependencies": ["copr://alice/a"]},
        {"project": "alice/c", "chroots": [F43], "additional_repos": ["copr://alice/c"]},
        {"project": "alice/d", "chroots": [F43]},
    ]
    error = lab.fail("copr_projects", projects=definitions, connections=1)
    assert results(error.result)["alice/d"] == "created"
    assert results(error.result)["alice/a"] == "failed"
