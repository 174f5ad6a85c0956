# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""copr_build_set: builds in an order."""

from __future__ import annotations

import re
from typing import Any

import pytest

from unit.files import make_srpm
from unit.lab import EPEL, F43, STEP, Lab, answering

URL = "https://example.org/{}-1.0-1.src.rpm"


def build(name: str, *after: str, **options: Any) -> dict[str, Any]:
    """Return a build of a set, whose source has its name."""
    return {"name": name, "url": URL.format(name), "after": list(after), **options}


STACK = [build("app", "lib"), build("lib", "base"), build("base"), build("tool")]


def make(lab: Lab, builds: list[dict[str, Any]] | None = None, **options: Any) -> dict[str, Any]:
    return lab.do("copr_build_set", project="alice/demo", builds=builds or STACK, **options)


def states(result: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["state"] for each in result["members"]}


def packages(lab: Lab) -> list[str]:
    """Return the packages of which builds were submitted, in that order."""
    return [each.plan.name for each in lab.builds()]


def test_each_build_starts_after_those_that_it_needs(demo: Lab) -> None:
    result = make(demo)
    assert result["changed"]
    assert result["levels"] == [["base", "tool"], ["lib"], ["app"]]
    assert set(states(result).values()) == {"succeeded"}
    assert sorted(packages(demo)[:2]) == ["base", "tool"]
    assert packages(demo)[2:] == ["lib", "app"]
    assert result["summary"]["succeeded"] == 4
    assert result["failures"] == []
    base, _tool, lib, app = demo.builds()
    ends = {each["id"]: each["ended_on"] for each in result["builds"]}
    assert lib.submitted_on >= ends[base.id]
    assert app.submitted_on >= ends[lib.id]


def test_a_second_run_submits_nothing(demo: Lab) -> None:
    make(demo)
    demo.forget()
    result = make(demo)
    assert not result["changed"]
    assert demo.changes == []
    assert set(states(result).values()) == {"succeeded"}


def test_check_mode_tells_the_order_and_sends_nothing(demo: Lab) -> None:
    demo.build(url=[URL.format("tool")])
    demo.forget()
    result = make(demo, check=True)
    assert result["changed"]
    assert demo.changes == []
    assert result["levels"] == [["base", "tool"], ["lib"], ["app"]]
    assert states(result) == {
        "base": "waiting",
        "tool": "succeeded",
        "lib": "waiting",
        "app": "waiting",
    }
    assert [each["id"] for each in result["builds"]] == [1, None, None, None]
    assert len(result["diff"]) == 3


def test_check_mode_plans_in_a_project_that_is_only_planned(lab: Lab) -> None:
    result = make(lab, check=True, chroots=[F43])
    assert result["summary"]["waiting"] == 4
    assert "Check mode assumes that" in lab.warnings[0]
    assert (
        "does not exist" in lab.fail("copr_build_set", project="alice/demo", builds=STACK).message
    )


@pytest.mark.parametrize(
    ("builds", "told"),
    [
        ([build("a", "b"), build("b", "a")], "cycle: a comes after b, b comes after a"),
        ([build("a", "bb"), build("b")], "a comes after bb"),
        ([build("a"), build("a")], "more than once: a"),
        ([{**build("a"), "name": " "}], "empty name"),
        ([build("a"), {**build("a"), "name": "b"}], "a and b both build the source"),
        ([build("a", chroots=["nothing-*"])], "No such chroot"),
        ([], "empty list"),
        ([{"name": "a"}], "The build a has no source; set one of url, srpm, "),
        (
            [{**build("a"), "package": "a"}],
            "The build a has several sources: url, package; set only one.",
        ),
    ],
)
def test_what_is_no_set_is_refused_before_anything_is_sent(
    demo: Lab, builds: list[dict[str, Any]], told: str
) -> None:
    demo.forget()
    error = demo.fail("copr_build_set", project="alice/demo", builds=builds)
    assert error.kind == "invalid"
    assert told in error.message
    assert demo.changes == []


def test_the_same_source_in_other_chroots_is_another_build(demo: Lab) -> None:
    result = make(
        demo,
        [
            build("first", chroots=[F43]),
            {**build("first", "first", chroots=[EPEL]), "name": "second"},
        ],
    )
    assert [each["chroots"] for each in result["builds"]] == [[F43], [EPEL]]


def test_a_failure_keeps_what_comes_after_it_from_starting(demo: Lab) -> None:
    builds = [build("app", "fails"), build("end", "app"), build("fails"), build("other")]
    error = demo.fail("copr_build_set", project="alice/demo", builds=builds)
    assert error.kind == "build_failed"
    assert error.message.startswith(
        "1 of 4 builds failed (fails), and 2 that come after it were not submitted (app, end). "
        "Build "
    )
    assert states(error.result) == {
        "fails": "failed",
        "other": "succeeded",
        "app": "blocked",
        "end": "blocked",
    }
    blocked = {each["name"]: each["blocked_by"] for each in error.result["members"]}
    assert blocked == {"fails": [], "other": [], "app": ["fails"], "end": ["fails"]}
    assert {each["cause"] for each in error.result["failures"]} != {None}
    assert error.result["changed"]
    assert sorted(packages(demo)) == ["fails", "other"]


def test_after_a_failure_a_second_run_submits_what_failed_and_what_is_missing(demo: Lab) -> None:
    builds = [build("app", "fails"), build("fails"), build("other")]
    demo.fail("copr_build_set", project="alice/demo", builds=builds)
    demo.fail("copr_build_set", project="alice/demo", builds=builds)
    assert sorted(packages(demo)[:2]) == ["fails", "other"]
    assert packages(demo)[2:] == ["fails"]


def test_a_failure_that_is_to_change_nothing_changes_nothing(demo: Lab) -> None:
    builds = [build("app", "fails"), build("fails")]
    error = demo.fail("copr_build_set", project="alice/demo", builds=builds, on_failure="continue")
    assert states(error.result) == {"fails": "failed", "app": "succeeded"}
    assert error.message.startswith("1 of 2 builds failed (fails). Build ")


def test_a_failure_can_stop_all(demo: Lab) -> None:
    builds = [build("fails"), build("slow"), build("late", "slow")]
    error = demo.fail("copr_build_set", project="alice/demo", builds=builds, on_failure="stop_all")
    assert states(error.result) == {"fails": "failed", "slow": "succeeded", "late": "stopped"}
    assert "1 was stopped (late)" in error.message


def test_what_was_submitted_can_be_canceled_then(demo: Lab) -> None:
    demo.build(url=[URL.format("slow-others")], wait=False)
    builds = [build("fails"), build("slow"), build("slow-others"), build("late", "slow")]
    error = demo.fail(
        "copr_build_set",
        project="alice/demo",
        builds=builds,
        on_failure="stop_all",
        cancel_on_stop=True,
    )
    assert states(error.result) == {
        "fails": "failed",
        "slow": "stopped",
        "slow-others": "succeeded",
        "late": "stopped",
    }
    numbers = {each["name"]: each["build_ids"] for each in error.result["members"]}
    (slow,) = [each for each in error.result["builds"] if [each["id"]] == numbers["slow"]]
    assert slow["state"] == "canceled"
    assert [[each["build_id"]] for each in error.result["failures"]] == [numbers["fails"]] * 2


def test_no_more_builds_are_at_work_than_allowed(demo: Lab) -> None:
    builds = [build(f"p{number}") for number in range(5)]
    result = make(demo, builds, max_in_flight=2)
    assert result["summary"]["succeeded"] == 5
    moments = sorted(
        [(each.submitted_on, 1) for each in demo.builds()]
        + [(each["ended_on"], -1) for each in result["builds"]]
    )
    at_work = 0
    for _moment, change in moments:
        at_work += change
        assert at_work <= 2


def test_a_build_that_may_fail_holds_nothing_up(demo: Lab) -> None:
    builds = [build("app", "fails"), build("fails", may_fail=["*"])]
    result = make(demo, builds)
    assert states(result) == {"fails": "succeeded", "app": "succeeded"}
    assert len(result["failures"]) == 2
    assert "The option may_fail allows this." in demo.warnings[-1]
    warning = demo.warnings.pop()
    again = make(demo, builds)
    assert (again["changed"], len(again["failures"])) == (False, 2)
    assert demo.warnings[-1] == warning


def test_what_is_in_flight_is_adopted(demo: Lab) -> None:
    demo.build(url=[URL.format("base")], wait=False)
    result = make(demo)
    assert packages(demo).count("base") == 1
    assert set(states(result).values()) == {"succeeded"}


def test_what_somebody_else_submits_meanwhile_is_used(demo: Lab) -> None:
    # Between two looks, while the set waits for what comes before.
    def submit() -> None:
        demo.build(url=[URL.format("lib")], wait=False)

    demo.after("GET", "build/list", lambda: demo.before("GET", "build/list", submit))
    result = make(demo)
    assert packages(demo).count("lib") == 1
    assert set(states(result).values()) == {"succeeded"}


def test_the_time_is_up(demo: Lab) -> None:
    error = demo.fail(
        "copr_build_set", project="alice/demo", builds=STACK, wait_timeout=STEP, poll_interval=2
    )
    assert error.kind == "timeout"
    assert error.message.startswith(f"Timed out after {STEP:g} s (wait_timeout): ")
    assert "2 were still building and 2 were not submitted yet" in error.message
    assert states(error.result)["lib"] == "waiting"
    assert error.result["changed"]
    demo.forget()
    assert make(demo)["summary"]["succeeded"] == 4
    assert len(demo.builds()) == 4


def test_a_source_that_the_server_refuses_fails_alone(demo: Lab) -> None:
    srpm = make_srpm(demo.tmp_path)
    refusal = answering({"error": "This is no source."}, "400 BAD REQUEST")
    demo.before("POST", "check-before-build", refusal)
    builds = [{"name": "bad", "srpm": srpm}, build("good"), build("late", "bad")]
    error = demo.fail("copr_build_set", project="alice/demo", builds=builds)
    assert states(error.result) == {"bad": "failed", "good": "succeeded", "late": "blocked"}
    assert error.kind == "invalid"
    assert "1 of 3 builds failed" in error.message


def test_a_build_that_is_deleted_meanwhile_fails_alone(demo: Lab) -> None:
    def delete() -> None:
        (base,) = [each for each in demo.builds() if each.plan.name == "base"]
        demo.sim.world.remove_build(base)

    demo.after("GET", "build/list", lambda: demo.before("GET", "build/list", delete))
    error = demo.fail("copr_build_set", project="alice/demo", builds=STACK)
    assert re.search(r"Somebody deleted build \d of base while", error.message)
    assert states(error.result) == {
        "base": "failed",
        "tool": "succeeded",
        "lib": "blocked",
        "app": "blocked",
    }


@pytest.mark.parametrize("path", ["build/list", "build/create", "build-chroot/list"])
def test_an_outage_ends_no_set(demo: Lab, path: str) -> None:
    demo.sim.fault("status", status=503, path=path, skip=2, times=40)
    builds = [*STACK, *(build(f"fails-{n}", may_fail=["*"]) for n in range(3))]
    assert make(demo, builds)["summary"]["succeeded"] == 7
    assert len(demo.builds()) == 7


def test_a_project_that_is_deleted_meanwhile_ends_the_set(demo: Lab) -> None:
    def delete() -> None:
        demo.sim.world.remove_project(demo.sim.world.projects["alice/demo"])

    demo.after("GET", "build/list", lambda: demo.before("GET", "build/list", delete))
    error = demo.fail("copr_build_set", project="alice/demo", builds=STACK)
    assert error.kind == "not_found"
    assert sum(demo.slept) < 10
    assert error.result["summary"]["building"] == 2


def test_what_has_just_started_is_looked_at_more_often(demo: Lab) -> None:
    make(demo, [build("slow"), *(build(f"p{n}", *[f"p{n - 1}"][:n]) for n in range(12))])
    # Long after the beginning, a new build is looked at as soon as at the beginning.
    assert max(demo.slept) < 10
    assert sum(demo.slept) > 400


def test_an_outage_that_lasts_ends_with_the_time(demo: Lab) -> None:
    demo.sim.fault("status", status=503, path="build/list", skip=1, times=100000)
    error = demo.fail("copr_build_set", project="alice/demo", builds=STACK, wait_timeout=600)
    assert error.kind == "unreachable"
    assert error.message.startswith("The last request failed: ")
    assert "run the task again" in error.message
    assert error.result["summary"]["building"] == 2


def test_options_of_the_set_are_those_of_each_build_unless_it_has_its_own(demo: Lab) -> None:
    make(
        demo,
        [build("a"), build("b", chroots=[EPEL], background=False, timeout=1000)],
        chroots=[F43],
        background=True,
    )
    a, b = sorted(demo.builds(), key=lambda each: str(each.plan.name))
    assert (a.chroots, a.is_background, a.timeout) == ([F43], True, 18000)
    assert (b.chroots, b.is_background, b.timeout) == ([EPEL], False, 1000)


def test_packages_as_stored_are_read_once(demo: Lab) -> None:
    for name in ("one", "two", "three"):
        demo.do("copr_package", project="alice/demo", package=name, rubygems={"gem_name": name})
    demo.forget()
    builds = [{"name": name, "package": name} for name in ("one", "two", "three")]
    result = make(demo, builds)
    assert result["summary"]["succeeded"] == 3
    assert [call for call in demo.calls if "GET package" in call] == ["GET package/list"]


def test_all_is_built_again_by_force(demo: Lab) -> None:
    make(demo)
    result = make(demo, force=True)
    assert result["changed"]
    assert len(demo.builds()) == 8


def test_a_set_tells_how_far_it_has_come(demo: Lab) -> None:
    demo.listens = True
    builds = [build(f"p{number}", *[f"p{number - 1}"][:number]) for number in range(6)]
    make(demo, builds)
    lines = [line.partition("] ")[2] for line in demo.progress]
    assert lines[0] == "6 builds: 6 waiting"
    assert "p0: submitted as build 1" in lines
    assert any(line.startswith("p0: succeeded, build 1 (p0 1.0-1)") for line in lines)
    assert lines[-1] == "finished: 6 done"
    assert any(
        re.fullmatch(r"\d done, 1 running, \d waiting, about 2 min left", line) for line in lines
    )
