# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many projects by definitions: one task, few requests, and what came of each."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from unit.lab import EPEL, F43, F44, Lab, answering

SCM = {"clone_url": "https://git.example.org/hello.git", "committish": "main"}
WHOLE: dict[str, Any] = {
    "project": "alice/hello",
    "description": "Greetings",
    "chroots": ["fedora-43-x86*", EPEL],
    "chroot_settings": [{"chroot": "epel-10-*", "additional_packages": ["epel-rpm-macros"]}],
    "packages": [{"package": "hello", "scm": SCM, "webhook_rebuild": True}],
    "permissions": [{"user": "bob", "builder": "approved"}],
}


def projects(lab: Lab, *definitions: dict[str, Any], **options: Any) -> dict[str, Any]:
    lab.forget()
    return lab.do("copr_projects", projects=list(definitions), **options)


def results(result: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["result"] for each in result["projects"]}


def numbered(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"project": f"alice/p{n:03}", "chroots": [F43], **more} for n in range(count)]


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


# --- bad definitions: nothing is sent ---


@pytest.mark.parametrize(
    ("definition", "place", "says"),
    [
        ({"project": "alice/one"}, "projects[1].project", "defined twice, in projects[0]"),
        ({"project": "one"}, "projects[1].project", "alice/one is defined twice"),
        ({"project": "a/b/c"}, "projects[1].project", "a/b/c"),
        ({"packages": [{"package": ""}]}, "projects[1].packages[0]", "must not be empty"),
        (
            {"packages": [{"package": "x"}, {"package": "y"}, {"package": "x"}]},
            "projects[1].packages[2].package",
            "x is there twice, in projects[1].packages[0]",
        ),
        (
            {"packages": [{"package": "x", "scm": SCM, "pypi": {"pypi_package_name": "x"}}]},
            "projects[1].packages[0]",
            "one kind of source",
        ),
        (
            {"permissions": [{"user": "bob"}, {"user": "bob"}]},
            "projects[1].permissions[1].user",
            "bob is there twice",
        ),
        (
            {"chroots": [EPEL], "chroot_settings": [{"chroot": EPEL}, {"chroot": F43}]},
            "projects[1].chroot_settings[1].chroot",
            f"{F43} is no chroot that the definition of alice/two enables",
        ),
        (
            {"chroots": [EPEL], "chroot_settings": [{"chroot": "fedora-*"}]},
            "projects[1].chroot_settings[0].chroot",
            "fedora-*",
        ),
        ({"purge": ["packages"]}, "projects[1].purge", "the definition has no packages"),
        ({"purge": ["chroots"]}, "projects[1].purge", "the definition has no chroots"),
        ({"exclude_chroots": [F43]}, "projects[1].exclude_chroots", "chroots must be given"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_an_error_in_a_definition_names_the_place_before_anything_is_sent(
    lab: Lab, definition: dict[str, Any], place: str, says: str, check: bool
) -> None:
    good = {"project": "alice/one", "chroots": [F43]}
    error = lab.fail(
        "copr_projects", projects=[good, {"project": "alice/two", **definition}], check=check
    )
    assert error.kind == "invalid"
    assert error.message.startswith(f"{place}: ")
    assert says in error.message
    assert lab.changes == []


def test_a_chroot_that_the_project_has_besides_can_be_set_unless_it_is_purged(lab: Lab) -> None:
    projects(lab, {"project": "alice/hello", "chroots": [F43, F44]})
    wish = {
        "project": "alice/hello",
        "chroots": [F43],
        "chroot_settings": [{"chroot": F44, "with_opts": ["x"]}],
    }
    projects(lab, wish)
    assert lab.sim.world.projects["alice/hello"].chroots[F44].with_opts == "x"
    error = lab.fail("copr_projects", projects=[{**wish, "purge": ["chroots"]}])
    assert error.message.startswith("projects[0].chroot_settings[0].chroot: ")


@pytest.mark.parametrize("connections", [0, 11, -1])
def test_connections_have_bounds(lab: Lab, connections: int) -> None:
    error = lab.fail("copr_projects", projects=[WHOLE], connections=connections)
    assert (error.kind, lab.calls) == ("invalid", [])


def test_an_empty_list_is_said(lab: Lab) -> None:
    assert projects(lab)["changed"] is False
    assert "no project was looked at" in lab.warnings[0]


# --- failures ---


def test_one_failure_does_not_stop_the_others(lab: Lab) -> None:
    refusal = answering({"error": "Not this one."}, "400 BAD REQUEST")
    lab.before("POST", "package/add/alice/p001", refusal)
    wanted = numbered(4, packages=WHOLE["packages"])
    wanted[3]["chroots"] = ["fedora-99-x86_64"]
    error = lab.fail("copr_projects", projects=wanted)
    assert error.result["changed"] is True
    came = results(error.result)
    assert came == {
        "alice/p000": "created",
        "alice/p001": "failed",
        "alice/p002": "created",
        "alice/p003": "failed",
    }
    assert error.message.startswith("2 of 4 projects could not be made what is defined. ")
    assert "alice/p001: Creating package hello of alice/p001: " in error.message
    assert "No such chroot" in error.message
    assert error.result["summary"]["failed"] == 2
    half, unplanned = error.result["projects"][1], error.result["projects"][3]
    assert half["error"]["kind"] == "invalid"
    assert "Not this one." in half["msg"]
    # What was done of it before is told, too.
    assert half["differences"][0]["subject"] == "alice/p001"
    assert half["project"]["full_name"] == "alice/p001"
    assert [entry["after_header"] for entry in error.result["diff"]] == [
        "alice/p000",
        "alice/p001",
        "alice/p002",
    ]
    assert (unplanned["project"], unplanned["differences"]) == (None, [])
    assert projects(lab, *wanted[:3])["summary"]["changed"] == 1


def test_without_going_on_nothing_is_begun_after_a_failure(lab: Lab) -> None:
    lab.before("POST", "project/add/alice", answering({"error": "No."}, "400 BAD REQUEST"))
    error = lab.fail("copr_projects", projects=numbered(5), continue_on_error=False, connections=1)
    assert list(results(error.result).values()) == ["failed", *["skipped"] * 4]
    assert error.result["summary"]["skipped"] == 4
    assert lab.sim.world.projects == {}


def test_a_login_that_is_refused_is_tried_once_and_not_for_each_project(lab: Lab) -> None:
    options = {"copr_token": "wrong", "connections": 1}
    error = lab.fail("copr_projects", projects=numbered(5), **options)
    assert error.kind == "authentication"
    assert list(results(error.result).values()) == ["failed", *["skipped"] * 4]
    assert len(lab.changes) == 1


def test_without_going_on_what_can_not_be_planned_keeps_all_from_being_sent(lab: Lab) -> None:
    wanted = numbered(3)
    wanted[2]["chroots"] = ["fedora-99-x86_64"]
    error = lab.fail("copr_projects", projects=wanted, continue_on_error=False)
    assert lab.changes == []
    assert list(results(error.result).values()) == ["skipped", "skipped", "failed"]


def test_what_would_be_refused_is_found_before_the_first_step_of_a_project(lab: Lab) -> None:
    projects(lab, WHOLE)
    body = {"ownername": "alice", "projectname": "hello", "package_name": "hello"}
    lab.client().submit("package/build", body)
    less = {
        "project": "alice/hello",
        "description": "Other",
        "packages": [],
        "purge": ["packages"],
    }
    for check in (True, False):
        lab.forget()
        error = lab.fail("copr_projects", projects=[less], check=check)
        assert (error.kind, lab.changes) == ("conflict", [])


def test_an_owner_whose_projects_can_not_be_read_is_an_error(lab: Lab) -> None:
    lab.sim.fault("status", status=503, path="/project/list", times=20)
    error = lab.fail("copr_projects", projects=numbered(2))
    assert (error.kind, lab.changes) == ("server", [])


def test_a_project_of_others_fails_and_says_so(lab: Lab) -> None:
    lab.do("copr_project", by="bob", project="bob/his", chroots=[F43])
    error = lab.fail("copr_projects", projects=[{"project": "bob/his", "description": "mine"}])
    assert error.kind == "permission"
    assert "bob/his" in error.message


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


# --- projects that need each other ---


def test_a_project_is_created_before_those_that_need_it(lab: Lab) -> None:
    base, devel = ["copr://alice/base"], ["copr://alice/devel"]
    definitions = [
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
