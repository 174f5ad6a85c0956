# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for builds: few requests, patience, and every final state ends it."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import EPEL, F43, STEP, Lab

URL = "https://example.org/hello-1.0-1.src.rpm"
SLOW = "https://example.org/slow/hello-1.0-1.src.rpm"


def urls(count: int) -> list[str]:
    return [f"https://example.org/p{number}-1-1.src.rpm" for number in range(count)]


def polls(lab: Lab) -> list[str]:
    """Return the requests since the submissions."""
    last = max(index for index, call in enumerate(lab.calls) if call in lab.submissions)
    return lab.calls[last + 1 :]


def test_a_wait_ends_with_the_build_and_tells_what_was_made(demo: Lab) -> None:
    (build,) = demo.build(url=[URL])["builds"]
    assert build["state"] == "succeeded"
    (epel, fedora) = build["build_chroots"]
    assert (epel["name"], fedora["name"]) == (EPEL, F43)
    assert fedora["state"] == "succeeded"
    assert fedora["result_url"].startswith(f"{demo.sim.url}/results/alice/demo/{F43}/")
    assert [package["nevra"] for package in fedora["packages"]] == [
        "hello-1.0-1.src",
        "hello-1.0-1.x86_64",
    ]


def test_without_wait_there_is_one_look_for_twins(demo: Lab) -> None:
    (build,) = demo.build(url=[URL], wait=False)["builds"]
    assert build["build_chroots"] is None
    assert polls(demo) == ["GET build/list"]


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (50, 1), (200, 3)])
def test_a_poll_is_one_list_however_many_builds(demo: Lab, count: int, pages: int) -> None:
    result = demo.build(url=urls(count), poll_interval=STEP)
    assert len(result["builds"]) == count
    looks = [call for call in polls(demo) if call == "GET build/list"]
    assert len(demo.slept) == 6
    assert len(looks) == 6 * pages
    in_the_end = ["GET build-chroot/list", "GET build/built-packages"]
    rest = [call.rstrip("0123456789").rstrip("/") for call in polls(demo) if call not in looks]
    assert sorted(rest) == sorted(in_the_end * count)


def test_builds_that_ended_are_not_polled(demo: Lab) -> None:
    demo.build(url=[URL])
    demo.forget()
    demo.build(url=[URL])
    assert demo.slept == []
    assert demo.calls.count("GET build/list") == 1


def test_the_interval_grows_with_the_time_and_has_bounds(demo: Lab) -> None:
    demo.sim.world.step = 100.0
    demo.build(url=[URL])
    assert demo.slept[:3] == [2.0, 2.0, 2.0]
    assert demo.slept == sorted(demo.slept)
    assert max(demo.slept) == 30.0


def test_a_fixed_interval_is_kept(demo: Lab) -> None:
    demo.build(url=[URL], poll_interval=7)
    assert set(demo.slept) == {7.0}


def test_the_time_to_wait_is_kept_and_nothing_is_canceled(demo: Lab) -> None:
    error = demo.fail(
        "copr_build", project="alice/demo", url=[SLOW], wait_timeout=25, poll_interval=10
    )
    assert error.kind == "timeout"
    assert error.message == (
        "Timed out after 25 s (wait_timeout): build 1 has not finished. "
        "Nothing was canceled; run the task again to keep waiting."
    )
    assert sum(demo.slept) == 25
    assert error.result["changed"] is True
    assert [build["id"] for build in error.result["builds"]] == [1]
    assert demo.changes == ["POST build/create/url"]
    assert demo.build(url=[SLOW])["changed"] is False


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "status", "status": 502},
        {"fault": "status", "status": 500},
        {"fault": "lose_answer"},
        {"fault": "cut"},
        {"fault": "html"},
        {"fault": "wrong_json"},
        {"fault": "status", "status": 429},
    ],
)
def test_an_outage_of_many_polls_ends_no_wait(demo: Lab, fault: dict[str, Any]) -> None:
    demo.after(
        "POST", "build/create", lambda: demo.sim.fault(path="/build/list", times=12, **fault)
    )
    result = demo.build(url=[URL], poll_interval=STEP)
    assert result["builds"][0]["state"] == "succeeded"


def test_an_outage_at_the_end_is_told_apart_from_a_build_that_failed(demo: Lab) -> None:
    demo.after(
        "POST", "build/create", lambda: demo.sim.fault("status", status=502, path="list", times=999)
    )
    error = demo.fail("copr_build", project="alice/demo", url=[URL], wait_timeout=100)
    assert error.kind == "unreachable"
    assert "the last request failed" in error.message
    assert error.result["failures"] == []


def test_details_that_can_not_be_read_do_not_make_a_wait_longer(demo: Lab) -> None:
    demo.after(
        "POST",
        "build/create",
        lambda: demo.sim.fault("status", status=503, path="build-chroot/list", times=999),
    )
    error = demo.fail(
        "copr_build", project="alice/demo", url=[SLOW], wait_timeout=25, poll_interval=10
    )
    assert error.kind == "timeout"
    assert [build["id"] for build in error.result["builds"]] == [1]
    assert sum(demo.slept) == 25


def test_a_poll_is_not_repeated_within_itself(demo: Lab) -> None:
    demo.after("POST", "build/create", lambda: demo.sim.fault("reset_before", path="list", times=2))
    demo.build(url=[URL], poll_interval=STEP)
    assert set(demo.slept) == {STEP}


def test_a_build_that_is_deleted_meanwhile_ends_the_wait(demo: Lab) -> None:
    def delete() -> None:
        demo.client().change("PUT", "build/cancel/1", {})
        demo.client().change("DELETE", "build/delete/1", {})

    demo.after("POST", "build/create", delete)
    error = demo.fail("copr_build", project="alice/demo", url=[URL])
    assert error.kind == "not_found"
    assert "build 1" in error.message
    assert sum(demo.slept) < 30


def test_a_project_that_is_deleted_meanwhile_ends_the_wait(demo: Lab) -> None:
    demo.after(
        "POST",
        "build/create",
        lambda: demo.do("copr_project", project="alice/demo", state="absent", cancel_running=True),
    )
    error = demo.fail("copr_build", project="alice/demo", url=[URL], wait_timeout=3600)
    assert error.kind == "not_found"
    assert sum(demo.slept) < 60


def test_a_build_that_is_canceled_meanwhile_is_a_failure(demo: Lab) -> None:
    demo.after("POST", "build/create", lambda: demo.client().change("PUT", "build/cancel/1", {}))
    error = demo.fail("copr_build", project="alice/demo", url=[URL])
    assert error.kind == "build_failed"
    assert "was canceled" in error.message
    assert {failure["state"] for failure in error.result["failures"]} == {"canceled"}


def test_an_adopted_build_of_all_chroots_that_is_canceled_is_a_failure(demo: Lab) -> None:
    body = {"ownername": "alice", "projectname": "demo", "gem_name": "hello"}
    demo.client().submit("build/create/rubygems", body)
    demo.after("GET", "build/list", lambda: demo.client().change("PUT", "build/cancel/1", {}))
    error = demo.fail("copr_build", project="alice/demo", rubygems={"gem_name": "hello"})
    assert error.kind == "build_failed"


def test_one_build_that_fails_does_not_end_the_wait_for_the_others(demo: Lab) -> None:
    failing = "https://example.org/fails/bad-1-1.src.rpm"
    error = demo.fail("copr_build", project="alice/demo", url=[failing, SLOW])
    assert [build["state"] for build in error.result["builds"]] == ["failed", "succeeded"]


def test_a_wait_for_a_build_in_a_batch_is_a_wait_for_its_turn(demo: Lab) -> None:
    demo.build(url=[SLOW], wait=False)
    demo.build(url=urls(1), after_build_id=1)
    assert [build.id for build in demo.builds()] == [1, 2]
    assert demo.sim.world.builds[1].batch is not None


@pytest.mark.parametrize(("chroots", "state"), [([F43], "unknown"), ([F43, EPEL], "succeeded")])
def test_a_chroot_that_ends_meanwhile_fails_the_task(
    demo: Lab, chroots: list[str], state: str
) -> None:
    def end() -> None:
        demo.clock.advance(5.5 * STEP)
        demo.sim.set_chroot(F43, "ended")

    demo.after("POST", "build/create", end)
    error = demo.fail("copr_build", project="alice/demo", url=[SLOW], chroots=chroots)
    assert error.kind == "build_failed"
    assert f"was canceled in {F43}" in error.message
    (failure,) = error.result["failures"]
    assert (failure["chroot"], failure["state"]) == (F43, "canceled")
    assert error.result["builds"][0]["state"] == state
    assert sum(demo.slept) < 30 * STEP


@pytest.mark.parametrize("numbers", [[], [None]])
def test_a_wait_for_nothing_is_an_error(demo: Lab, numbers: list[None]) -> None:
    error = demo.fail("copr_build_wait", build_ids=numbers)
    assert error.message == "build_ids contains no id. There is nothing to wait for."
    demo.do("copr_build_wait", build_ids=numbers, check=True)
    assert error.message.rstrip(".") in demo.warnings[0]
