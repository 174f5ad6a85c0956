# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""copr_build_wait: builds of several projects, submitted by others."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import EPEL, F43, STEP, Lab

URL = "https://example.org/{}-1-1.src.rpm"


@pytest.fixture
def started(demo: Lab) -> Lab:
    """Return a lab with a build each in two projects; the second takes long."""
    demo.project("alice/other", chroots=[F43])
    demo.build(url=[URL.format("one")], wait=False)
    demo.build(project="alice/other", url=[URL.format("slow/two")], wait=False)
    demo.forget()
    return demo


def waited(lab: Lab, *build_ids: Any, **options: Any) -> dict[str, Any]:
    return lab.do("copr_build_wait", build_ids=list(build_ids), **options)


def test_it_ends_with_the_last_build_of_any_project(started: Lab) -> None:
    result = waited(started, 2, 1, 2, by=None)
    assert [build["id"] for build in result["builds"]] == [2, 1]
    assert {build["state"] for build in result["builds"]} == {"succeeded"}
    assert [each["name"] for each in result["builds"][1]["build_chroots"]] == [EPEL, F43]
    assert result["builds"][0]["build_chroots"][0]["packages"]
    assert (result["changed"], result["unfinished"], result["skipped_chroots"]) == (False, [], [])
    assert started.changes == []


def test_builds_that_have_ended_are_not_waited_for(started: Lab) -> None:
    started.finish()
    waited(started, "1", 2)
    assert started.slept == []


def test_a_failure_tells_each_chroot_and_the_cause(started: Lab) -> None:
    started.build(url=["https://example.org/fails/bad-1-1.src.rpm"], wait=False)
    error = started.fail("copr_build_wait", build_ids=[1, 3], log_lines=5)
    assert error.kind == "build_failed"
    assert {each["chroot"] for each in error.result["failures"]} == {F43, EPEL}
    assert [build["state"] for build in error.result["builds"]] == ["succeeded", "failed"]


@pytest.mark.parametrize("seconds", [0, 3 * STEP])
def test_when_the_time_is_up_it_fails_or_returns(started: Lab, seconds: float) -> None:
    error = started.fail("copr_build_wait", build_ids=[1, 2], wait_timeout=seconds)
    assert error.kind == "timeout"
    result = waited(started, 1, 2, wait_timeout=seconds, on_timeout="return")
    assert 2 in result["unfinished"]
    assert [build["id"] for build in result["builds"]] == [1, 2]
    assert started.builds("alice/other")[0].canceled_on is None


def test_a_build_that_failed_fails_the_task_though_others_go_on(started: Lab) -> None:
    started.build(url=["https://example.org/fails/bad-1-1.src.rpm"], wait=False)
    error = started.fail(
        "copr_build_wait", build_ids=[2, 3], wait_timeout=9 * STEP, on_timeout="return"
    )
    assert error.kind == "build_failed"


def test_an_outage_when_the_time_is_up_is_no_failure_of_a_build(started: Lab) -> None:
    started.before("GET", "build/list", lambda: started.sim.fault("status", status=503, times=500))
    error = started.fail(
        "copr_build_wait", build_ids=[1], wait_timeout=3 * STEP, on_timeout="return"
    )
    assert error.kind == "unreachable"
    assert "nothing was canceled" in error.message


def test_what_does_not_exist_is_an_error(started: Lab) -> None:
    error = started.fail("copr_build_wait", build_ids=[1, 4711, 4712])
    assert (error.kind, started.slept) == ("not_found", [])
    assert "4711, 4712" in error.message


@pytest.mark.parametrize("wrong", ["one", -1, True, 1.5, [1], {"id": 1}])
def test_what_is_no_number_is_an_error(started: Lab, wrong: Any) -> None:
    error = started.fail("copr_build_wait", build_ids=[1, wrong])
    assert (error.kind, started.calls) == ("invalid", [])


def test_a_build_that_is_deleted_meanwhile_is_an_error(started: Lab) -> None:
    started.finish()
    started.build(url=[URL.format("three")], wait=False)
    started.after("GET", "build/list", lambda: started.sim.world.remove_build(started.builds()[1]))
    error = started.fail("copr_build_wait", build_ids=[1, 3])
    assert error.kind == "not_found"


def test_check_mode_looks_once_and_leaves_planned_builds_out(started: Lab) -> None:
    planned = started.build(url=[URL.format("new")], check=True)["builds"]
    numbers = [1, *(build["id"] for build in planned)]
    result = waited(started, *numbers, check=True)
    assert [build["id"] for build in result["builds"]] == [1]
    assert (result["unfinished"], started.slept) == ([1], [])
    assert waited(started, None, check=True)["builds"] == []
