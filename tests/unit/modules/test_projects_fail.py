# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Definitions that are wrong, and projects that fail."""

from __future__ import annotations

from typing import Any

import pytest

from unit.definitions import SCM, WHOLE, numbered, projects, results
from unit.lab import EPEL, F43, F44, Lab, answering

# --- bad definitions: nothing is sent ---


@pytest.mark.parametrize(
    ("definition", "place", "says"),
    [
        ({"project": "alice/one"}, "projects[1].project", "already defined in projects[0]"),
        ({"project": "one"}, "projects[1].project", "alice/one is already defined"),
        ({"project": "a/b/c"}, "projects[1].project", "a/b/c"),
        ({"packages": [{"package": ""}]}, "projects[1].packages[0]", "must not be empty"),
        (
            {"packages": [{"package": "x"}, {"package": "y"}, {"package": "x"}]},
            "projects[1].packages[2].package",
            "x is already listed in projects[1].packages[0]",
        ),
        (
            {"packages": [{"package": "x", "scm": SCM, "pypi": {"pypi_package_name": "x"}}]},
            "projects[1].packages[0]",
            "one kind of source",
        ),
        (
            {"permissions": [{"user": "bob"}, {"user": "bob"}]},
            "projects[1].permissions[1].user",
            "bob is already listed",
        ),
        (
            {"chroots": [EPEL], "chroot_settings": [{"chroot": EPEL}, {"chroot": F43}]},
            "projects[1].chroot_settings[1].chroot",
            f"{F43} is not a chroot that the definition of alice/two enables",
        ),
        (
            {"chroots": [EPEL], "chroot_settings": [{"chroot": "fedora-*"}]},
            "projects[1].chroot_settings[0].chroot",
            "fedora-*",
        ),
        ({"purge": ["packages"]}, "projects[1].purge", "the definition has no packages"),
        ({"purge": ["chroots"]}, "projects[1].purge", "the definition has no chroots"),
        ({"exclude_chroots": [F43]}, "projects[1].exclude_chroots", "set chroots as well"),
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
    assert "No project was checked" in lab.warnings[0]


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
    assert error.message.startswith("2 of 4 projects failed. ")
    assert "alice/p001: Copr refused to create package hello of alice/p001: " in error.message
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
    error = lab.fail("copr_projects", projects=numbered(5), copr_token="wrong", connections=1)
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
