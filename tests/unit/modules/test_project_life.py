# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating and deleting projects."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.world import Project
from unit.lab import EPEL, F43, F44, Lab, answering

URL = "https://example.org/hello-1.0-1.src.rpm"


def test_a_project_is_created_once(lab: Lab) -> None:
    first = lab.do("copr_project", project="alice/demo", chroots=[F43], description="Text")
    second = lab.do("copr_project", project="alice/demo", chroots=[F43], description="Text")
    assert (first["changed"], second["changed"]) == (True, False)
    assert first["project"] == second["project"]
    assert first["project"]["chroots"] == [F43]


def test_the_diff_of_a_creation_shows_what_was_given(lab: Lab) -> None:
    result = lab.do("copr_project", project="alice/demo", chroots=[F43], description="Text")
    (diff,) = result["diff"]
    assert diff["before"] == {}
    assert diff["after"] == {"name": "alice/demo", "chroots": [F43], "description": "Text"}


def test_a_project_of_a_group_is_created(lab: Lab) -> None:
    lab.do("copr_project", project="@packagers/demo", chroots=[F43])
    assert "@packagers/demo" in lab.sim.world.projects


def test_a_plain_name_is_a_project_of_ones_own(lab: Lab) -> None:
    lab.do("copr_project", project="demo", chroots=[F43])
    assert "alice/demo" in lab.sim.world.projects


def test_a_plain_name_with_a_known_user_name_asks_nobody(demo: Lab) -> None:
    demo.do("copr_project", project="demo", copr_username="alice")
    assert demo.calls == ["GET project"]


@pytest.mark.parametrize("chroots", [None, []])
def test_creation_without_chroots_is_refused(lab: Lab, chroots: list[str] | None) -> None:
    error = lab.fail("copr_project", project="alice/demo", chroots=chroots)
    assert error.kind == "invalid"
    assert lab.changes == []


def test_creation_with_an_unknown_chroot_is_refused_with_near_names(lab: Lab) -> None:
    error = lab.fail("copr_project", project="alice/demo", chroots=["fedora-43-x86"])
    assert error.kind == "invalid"
    assert F43 in error.message
    assert lab.changes == []


def test_a_lost_answer_to_a_creation_does_no_harm(lab: Lab) -> None:
    lab.sim.fault("lose_answer", path="/project/add/")
    result = lab.do("copr_project", project="alice/demo", chroots=[F43], description="Text")
    assert result["project"]["description"] == "Text"
    assert lab.changes == ["POST project/add/alice"] * 2


def test_what_somebody_quicker_left_out_is_edited_in(lab: Lab) -> None:
    lab.before(
        "POST", "project/add", lambda: lab.do("copr_project", project="alice/demo", chroots=[F43])
    )
    result = lab.do("copr_project", project="alice/demo", chroots=[F43], description="Text")
    assert result["project"]["description"] == "Text"


def test_chroots_that_somebody_quicker_left_out_are_enabled(lab: Lab) -> None:
    lab.before(
        "POST", "project/add", lambda: lab.do("copr_project", project="alice/demo", chroots=[F43])
    )
    result = lab.do("copr_project", project="alice/demo", chroots=[F44])
    assert result["project"]["chroots"] == [F43, F44]


def test_the_day_of_deletion_that_somebody_quicker_left_out_is_set(lab: Lab) -> None:
    lab.before(
        "POST", "project/add", lambda: lab.do("copr_project", project="alice/demo", chroots=[F43])
    )
    lab.do("copr_project", project="alice/demo", chroots=[F43], delete_after_days=9)
    assert lab.settings()["delete_after_days"] == 9


def test_a_project_of_another_user_is_not_created_and_the_server_says_why(lab: Lab) -> None:
    error = lab.fail("copr_project", by="bob", project="alice/demo", chroots=[F43])
    assert error.kind == "permission"
    assert error.server_message
    assert error.server_message in error.message
    assert "alice/demo" in error.message
    assert lab.sim.world.projects == {}


def test_a_value_that_the_server_takes_and_does_not_keep_is_an_error(demo: Lab) -> None:
    names = {"name": "demo", "ownername": "alice", "full_name": "alice/demo"}
    unchanged = {"id": 1, **names, "chroot_repos": {F43: "", EPEL: ""}, "description": ""}
    demo.before("PUT", "project/edit", answering(unchanged))
    error = demo.fail("copr_project", project="alice/demo", description="new")
    assert error.kind == "server"
    assert "description" in error.message


def test_auto_prune_that_an_administrator_switched_off_is_explained(lab: Lab) -> None:
    lab.project(by="root", auto_prune=False)
    error = lab.fail("copr_project", project="alice/demo", description="new")
    assert error.kind == "permission"
    assert "auto_prune" in error.message
    lab.do("copr_project", project="alice/demo", description="new", auto_prune=True)
    assert lab.settings()["description"] == "new"


# --- deleting ---


def absent(lab: Lab, **options: Any) -> dict[str, Any]:
    return lab.do("copr_project", project="alice/demo", state="absent", **options)


def test_a_project_is_deleted_once(demo: Lab) -> None:
    first, second = absent(demo), absent(demo)
    assert (first["changed"], second["changed"]) == (True, False)
    assert first["diff"][0]["before"] == {"name": "alice/demo", "chroots": [EPEL, F43]}
    assert demo.changes == ["DELETE project/delete/alice/demo"]


@pytest.mark.parametrize("check", [True, False])
def test_a_project_that_builds_is_not_deleted_and_the_way_out_is_told(
    demo: Lab, check: bool
) -> None:
    demo.build(url=[URL], wait=False)
    error = demo.fail("copr_project", check=check, project="alice/demo", state="absent")
    assert error.kind == "conflict"
    assert "cancel_running" in error.message
    assert "alice/demo" in demo.sim.world.projects


def test_cancel_running_cancels_and_then_deletes(demo: Lab) -> None:
    demo.build(url=[URL], wait=False)
    assert absent(demo, cancel_running=True)["changed"] is True
    assert demo.sim.world.projects == {}


def test_a_canceled_build_with_packages_does_not_keep_a_project_for_ever(demo: Lab) -> None:
    demo.build(url=[URL], wait=False, chroots=[F43])
    build = demo.builds()[0]
    demo.build(srpm=None, url=["https://example.org/other-1.0-1.src.rpm"], chroots=[F43])
    project: Project = demo.sim.world.projects["alice/demo"]
    build.canceled_on = demo.clock() + 1
    assert absent(demo)["changed"] is True
    assert project.builds == {}


def test_a_lost_answer_to_a_deletion_is_no_failure(demo: Lab) -> None:
    demo.sim.fault("lose_answer", path="/project/delete/")
    assert absent(demo)["changed"] is True
    assert demo.sim.world.projects == {}


def test_a_project_that_somebody_else_deletes_meanwhile_is_what_was_wanted(demo: Lab) -> None:
    demo.before("DELETE", "project/delete", lambda: absent(demo))
    absent(demo)
    assert demo.sim.world.projects == {}


def test_an_html_500_for_a_deletion_that_was_done_is_no_failure(demo: Lab) -> None:
    demo.sim.fault("status", status=500, after=True, path="/project/delete/")
    assert absent(demo)["changed"] is True


@pytest.mark.parametrize("built", [False, True])
def test_a_project_of_another_user_is_not_deleted(demo: Lab, built: bool) -> None:
    if built:
        demo.build(url=[URL])
    error = demo.fail("copr_project", by="bob", project="alice/demo", state="absent")
    assert error.kind == "permission"
    assert "alice/demo" in demo.sim.world.projects


@pytest.mark.parametrize("check", [True, False])
def test_a_persistent_project_is_not_deleted(lab: Lab, check: bool) -> None:
    lab.project(by="root", persistent=True)
    error = lab.fail("copr_project", check=check, project="alice/demo", state="absent")
    assert error.kind == "permission"
    assert lab.changes == []


def test_a_project_that_is_deleted_while_it_is_changed_is_told(demo: Lab) -> None:
    demo.after("PUT", "project/edit", lambda: absent(demo))
    error = demo.fail("copr_project", project="alice/demo", description="new")
    assert error.kind == "not_found"
    assert "alice/demo" in error.message


def test_a_project_that_is_deleted_before_it_is_changed_is_told(demo: Lab) -> None:
    demo.before("PUT", "project/edit", lambda: absent(demo))
    assert demo.fail("copr_project", project="alice/demo", description="new").kind == "not_found"
