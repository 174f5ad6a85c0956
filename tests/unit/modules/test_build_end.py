# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Canceling and deleting builds by their ids."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import EPEL, Lab

URL = "https://example.org/hello-1.0-1.src.rpm"


@pytest.fixture
def running(demo: Lab) -> Lab:
    """Return a project with a finished build, 1, and two on their way, 2 and 3."""
    demo.build(url=[URL])
    demo.build(rubygems={"gem_name": "one"}, wait=False)
    demo.build(rubygems={"gem_name": "two"}, wait=False)
    demo.forget()
    return demo


def end(lab: Lab, state: str, *numbers: int, **options: Any) -> dict[str, Any]:
    return lab.do("copr_build", state=state, build_ids=list(numbers), **options)


def states(lab: Lab) -> dict[int, str]:
    return {build.id: lab.client().get(f"build/{build.id}")["state"] for build in lab.builds()}


def test_only_unfinished_builds_are_canceled_and_once(running: Lab) -> None:
    result = end(running, "canceled", 1, 2)
    assert result["changed"] is True
    assert [build["id"] for build in result["builds"]] == [1, 2]
    assert running.changes == ["PUT build/cancel/2"]
    assert states(running) == {1: "succeeded", 2: "canceled", 3: "pending"}
    assert end(running, "canceled", 1, 2)["changed"] is False


def test_a_build_that_ends_just_before_its_cancellation_is_no_change(running: Lab) -> None:
    running.before("PUT", "cancel", running.finish)
    assert end(running, "canceled", 2)["changed"] is False


@pytest.mark.parametrize("fault", ["lose_answer", "cut", "reset_before"])
def test_a_lost_answer_to_a_cancellation_is_no_failure(running: Lab, fault: str) -> None:
    running.sim.fault(fault, path="cancel")
    assert end(running, "canceled", 2)["changed"] is True
    assert states(running)[2] == "canceled"


def test_builds_are_deleted_in_one_call(demo: Lab) -> None:
    demo.build(url=[URL])
    demo.build(rubygems={"gem_name": "one"})
    demo.forget()
    assert end(demo, "absent", 1, 2)["changed"] is True
    assert demo.changes == ["DELETE build/delete/list"]
    assert demo.builds() == []
    assert end(demo, "absent", 1, 2)["changed"] is False


def test_builds_of_two_projects_are_deleted_in_two_calls(demo: Lab) -> None:
    demo.project("alice/other")
    demo.build(url=[URL])
    demo.build(project="alice/other", url=[URL])
    end(demo, "absent", 1, 2)
    assert demo.changes[-2:] == ["DELETE build/delete/list"] * 2
    assert demo.sim.world.builds == {}


def test_a_running_build_is_not_deleted_and_the_way_out_is_told(running: Lab) -> None:
    error = running.fail("copr_build", state="absent", build_ids=[1, 2])
    assert error.kind == "conflict"
    assert "cancel_running" in error.message
    assert running.changes == []


def test_cancel_running_cancels_and_then_deletes(running: Lab) -> None:
    end(running, "absent", 1, 2, cancel_running=True)
    assert running.changes == ["PUT build/cancel/2", "DELETE build/delete/list"]
    assert [build.id for build in running.builds()] == [3]


def test_what_somebody_deletes_meanwhile_does_not_keep_the_rest(demo: Lab) -> None:
    demo.build(url=[URL])
    demo.build(rubygems={"gem_name": "one"})
    demo.before("DELETE", "list", lambda: end(demo, "absent", 1))
    assert end(demo, "absent", 1, 2)["changed"] is True
    assert demo.builds() == []


@pytest.mark.parametrize("fault", ["lose_answer", "cut", "reset_before"])
def test_a_lost_answer_to_a_deletion_is_no_failure(demo: Lab, fault: str) -> None:
    demo.build(url=[URL])
    demo.sim.fault(fault, path="/build/delete")
    assert end(demo, "absent", 1)["changed"] is True
    assert demo.builds() == []


@pytest.mark.parametrize("state", ["canceled", "absent"])
def test_builds_that_do_not_exist_are_as_wanted(demo: Lab, state: str) -> None:
    assert end(demo, state, 4711) == {"changed": False, "builds": []}


@pytest.mark.parametrize("state", ["canceled", "absent"])
def test_no_builds_are_no_change(demo: Lab, state: str) -> None:
    assert end(demo, state)["changed"] is False
    assert demo.calls == []


@pytest.mark.parametrize("state", ["canceled", "absent"])
def test_a_build_of_another_project_than_named_is_an_error(running: Lab, state: str) -> None:
    running.project("alice/other")
    error = running.fail("copr_build", state=state, build_ids=[2], project="alice/other")
    assert error.kind == "invalid"
    assert "alice/demo" in error.message
    assert running.changes == []


@pytest.mark.parametrize(
    ("state", "numbers", "options"),
    [("canceled", [2], {}), ("absent", [1], {}), ("absent", [2], {"cancel_running": True})],
)
def test_somebody_elses_builds_are_left_alone(
    running: Lab, state: str, numbers: list[int], options: dict[str, Any]
) -> None:
    before = states(running)
    error = running.fail("copr_build", by="bob", state=state, build_ids=numbers, **options)
    assert error.kind == "permission"
    assert states(running) == before


@pytest.mark.parametrize("check", [True, False])
def test_what_may_not_be_deleted_keeps_the_builds_of_another_project(
    running: Lab, check: bool
) -> None:
    running.project("bob/demo", by="bob", chroots=[EPEL])
    made = running.do("copr_build", by="bob", project="bob/demo", url=[URL])["builds"]
    numbers = [made[0]["id"], 1]
    error = running.fail("copr_build", by="bob", state="absent", build_ids=numbers, check=check)
    assert error.kind == "permission"
    assert error.result["changed"] is False
    assert set(numbers) <= set(running.sim.world.builds)


def test_more_than_two_hundred_builds_are_deleted_in_several_calls(demo: Lab) -> None:
    urls = [f"https://example.org/hello-1.0-{number}.src.rpm" for number in range(201)]
    demo.build(url=urls)
    demo.forget()
    assert end(demo, "absent", *range(1, 202))["changed"] is True
    assert [len(body["builds"]) for _call, body in demo.sent] == [200, 1]
    assert demo.builds() == []


def test_a_failure_half_way_tells_what_was_canceled(running: Lab) -> None:
    running.project("bob/demo", by="bob", chroots=[EPEL])
    running.do(
        "copr_build", by="bob", project="bob/demo", rubygems={"gem_name": "mine"}, wait=False
    )
    error = running.fail("copr_build", by="bob", state="canceled", build_ids=[4, 2])
    assert error.kind == "permission"
    assert error.result["changed"] is True
    assert [diff["before_header"] for diff in error.result["diff"]] == ["build 4"]
    assert states(running)[2] == "pending"


@pytest.mark.parametrize(
    ("state", "options"), [("canceled", {}), ("absent", {"cancel_running": True})]
)
def test_check_mode_predicts_and_sends_nothing(
    running: Lab, state: str, options: dict[str, Any]
) -> None:
    predicted = end(running, state, 1, 2, check=True, **options)
    assert running.changes == []
    assert predicted == end(running, state, 1, 2, **options)
    again = end(running, state, 1, 2, check=True, **options)
    assert again["changed"] is False


def test_the_diff_shows_the_states(running: Lab) -> None:
    (diff,) = end(running, "canceled", 1, 2)["diff"]
    assert diff["before_header"] == "build 2"
    assert (diff["before"], diff["after"]) == ({"state": "pending"}, {"state": "canceled"})
