# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting old builds: what stays, what goes, and by which requests."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from simulator.world import Build, Plan
from unit.lab import EPEL, F43, STEP, Lab

DAY = 24 * 60 * 60
BOTH = (F43, EPEL)


def add(
    lab: Lab,
    name: str = "hello",
    chroots: tuple[str, ...] = BOTH,
    *,
    days: float = 10,
    dirname: str = "demo",
    project: str = "alice/demo",
    **plan: Any,
) -> int:
    """Add a build that was submitted some days ago, and return its id."""
    there = lab.sim.world.projects[project]
    build = Build(
        there,
        dirname,
        submitter="bob",
        submitted_on=lab.clock() - days * DAY,
        source_type="link",
        source_dict={"url": f"https://example.org/{name}-1.0-1.src.rpm"},
        plan=Plan(name, "1.0", "1", **plan),
        chroots=list(chroots),
    )
    return lab.sim.world.add_build(build).id


def prune(lab: Lab, keep: int = 1, **options: Any) -> dict[str, Any]:
    return lab.do("copr_build_prune", **{"project": "alice/demo", "keep": keep, **options})


def ids(builds: list[dict[str, Any]]) -> list[int]:
    return [build["id"] for build in builds]


def left(lab: Lab) -> list[int]:
    return [build.id for build in lab.builds()]


FAILS: dict[str, Any] = {"failing": {"": "compiler"}}
FAILS_ON_FEDORA: dict[str, Any] = {"failing": {"fedora": "compiler"}}
ARM = "fedora-43-aarch64"


@pytest.mark.parametrize(
    ("keep", "stay"), [(1, [4]), (2, [3, 4]), (3, [2, 3, 4]), (9, [1, 2, 3, 4])]
)
def test_the_newest_of_each_package_stay(demo: Lab, keep: int, stay: list[int]) -> None:
    for _each in range(4):
        add(demo)
    result = prune(demo, keep)
    assert left(demo) == stay
    assert result["changed"] is (stay != [1, 2, 3, 4])
    assert ids(result["deleted"]) == [each for each in (4, 3, 2, 1) if each not in stay]
    assert result["kept"] == len(stay)


def test_packages_and_directories_are_counted_apart(demo: Lab) -> None:
    expected = [add(demo), add(demo, "world"), add(demo, dirname="demo:pr:1")]
    assert prune(demo)["changed"] is False
    assert left(demo) == expected


def test_a_build_stays_that_one_of_its_chroots_needs(demo: Lab) -> None:
    add(demo)
    add(demo, chroots=(F43,))
    assert prune(demo)["changed"] is False
    add(demo, chroots=(EPEL,))
    assert ids(prune(demo)["deleted"]) == [1]


def test_the_last_success_stays_however_many_failed_since(demo: Lab) -> None:
    add(demo)
    add(demo)
    for _each in range(3):
        add(demo, **FAILS)
    assert ids(prune(demo)["deleted"]) == [4, 3, 1]
    assert left(demo) == [2, 5]
    assert prune(demo)["changed"] is False


def test_the_last_success_of_each_chroot_stays(demo: Lab) -> None:
    add(demo)
    add(demo)
    add(demo, **FAILS_ON_FEDORA)
    add(demo, **FAILS)
    assert ids(prune(demo)["deleted"]) == [1]
    assert left(demo) == [2, 3, 4]


def test_where_a_build_was_skipped_it_is_no_success(lab: Lab) -> None:
    lab.project(chroots=[F43, ARM])
    add(lab, chroots=(F43, ARM))
    add(lab, chroots=(F43, ARM), excluded_arches=frozenset({"aarch64"}))
    assert prune(lab)["changed"] is False
    add(lab, chroots=(F43, ARM))
    assert ids(prune(lab)["deleted"]) == [2, 1]


def test_what_had_succeeded_before_a_cancel_is_a_success(lab: Lab) -> None:
    lab.project(chroots=[F43, ARM])
    add(lab, chroots=(F43,))
    canceled = lab.sim.world.builds[add(lab, chroots=(F43, ARM), days=0)]
    # The builder of aarch64 takes longer.
    canceled.canceled_on = lab.clock() + 6.5 * STEP
    lab.finish()
    chroots = lab.client().get("build-chroot/list", {"build_id": 2})["items"]
    assert {one["name"]: one["state"] for one in chroots} == {F43: "succeeded", ARM: "canceled"}
    add(lab, chroots=(F43, ARM), days=0, **FAILS)
    lab.finish()
    assert ids(prune(lab)["deleted"]) == [1]


def test_a_success_that_its_builder_reported_after_the_cancel_is_one(demo: Lab) -> None:
    add(demo, chroots=(F43,))
    demo.sim.world.builds[1].canceled_on = demo.clock()
    assert demo.client().get("build/1")["state"] == "canceled"
    for _each in range(2):
        add(demo, chroots=(F43,), **FAILS)
    assert ids(prune(demo)["deleted"]) == [2]


def test_the_copies_of_a_fork_are_successes(demo: Lab) -> None:
    add(demo)
    demo.project("alice/fork", fork_of="alice/demo")
    fork = demo.sim.world.projects["alice/fork"]
    (copy,) = fork.builds
    newer = [add(demo, project="alice/fork", dirname="fork", **FAILS) for _each in range(2)]
    demo.forget()
    assert ids(prune(demo, project="alice/fork")["deleted"]) == newer[:1]
    # The copy itself need not be looked at.
    assert demo.calls.count(CHROOTS) == len(newer)
    assert list(fork.builds) == [copy, newer[1]]


def test_a_build_whose_chroots_all_ended_can_go(demo: Lab) -> None:
    add(demo, chroots=(F43,))
    add(demo, chroots=(F43,), days=0, slow=True)
    demo.clock.advance(5 * STEP)
    demo.sim.world.builds[2].chroots_ended_on[F43] = demo.clock()
    add(demo, chroots=(F43,), days=-1, **FAILS)
    demo.clock.advance(2 * DAY)
    assert demo.client().get("build/2")["state"] == "unknown"
    assert ids(prune(demo)["deleted"]) == [2]
    assert left(demo) == [1, 3]


def test_unfinished_builds_stay_and_take_nobodys_place(demo: Lab) -> None:
    add(demo)
    add(demo)
    for _each in range(3):
        add(demo, days=0, slow=True)
    demo.clock.advance(4 * STEP)
    assert demo.client().get("build/5")["state"] == "starting"
    result = prune(demo)
    assert ids(result["deleted"]) == [1]
    assert result["kept"] == 4


def test_builds_without_a_package_are_counted_together(demo: Lab) -> None:
    broken: dict[str, Any] = {"source_failure": "no such file"}
    add(demo)
    add(demo, "one", chroots=(), **broken)
    add(demo, "two", chroots=(), **broken)
    add(demo, "three", chroots=(F43,), **broken)
    assert ids(prune(demo)["deleted"]) == [2]
    assert left(demo) == [1, 3, 4]


def test_only_builds_in_the_states_are_counted_and_deleted(demo: Lab) -> None:
    for kinds in ({}, FAILS, {}, FAILS, {}, FAILS):
        add(demo, **kinds)
    assert ids(prune(demo, 2, states=["succeeded"])["deleted"]) == [1]
    assert ids(prune(demo, 1, states=["failed", "canceled"])["deleted"]) == [4, 2]
    assert prune(demo, 1, states=[])["changed"] is False


def test_only_old_builds_are_deleted(demo: Lab) -> None:
    for days in (40, 31, 29, 1):
        add(demo, days=days)
    assert ids(prune(demo, 3, older_than_days=30)["deleted"]) == [1]
    assert ids(prune(demo, older_than_days=30)["deleted"]) == [2]
    assert ids(prune(demo, older_than_days=0)["deleted"]) == [3]


@pytest.mark.parametrize("options", [{"keep": 0}, {"keep": -1}, {"older_than_days": -1}], ids=str)
def test_what_makes_no_sense_is_refused_before_anything_is_sent(
    demo: Lab, options: dict[str, Any]
) -> None:
    error = demo.fail("copr_build_prune", **{"project": "alice/demo", "keep": 1, **options})
    assert error.kind == "invalid"
    assert demo.calls == []


# --- check mode, diff, results ---------------------------------------------------------------


def test_check_mode_predicts_exactly_and_deletes_nothing(demo: Lab) -> None:
    for _each in range(3):
        add(demo)
    predicted = prune(demo, check=True)
    assert demo.changes == []
    assert left(demo) == [1, 2, 3]
    assert prune(demo) == predicted
    assert predicted["diff"] == [
        {
            "before_header": "builds of alice/demo",
            "after_header": "builds of alice/demo",
            "before": {"1": "1 (hello 1.0-1)", "2": "2 (hello 1.0-1)"},
            "after": {},
        }
    ]
    assert prune(demo) == {"changed": False, "deleted": [], "kept": 1}


def test_what_is_deleted_is_shown_as_builds_are(demo: Lab) -> None:
    add(demo)
    add(demo)
    shown = demo.do("copr_build_info", build_ids=[1])["builds"]
    assert prune(demo)["deleted"] == shown


def test_a_project_that_an_earlier_task_would_make_is_empty_in_check_mode(lab: Lab) -> None:
    assert prune(lab, check=True) == {"changed": False, "deleted": [], "kept": 0}
    assert "does not exist" in lab.warnings[0]
    assert lab.fail("copr_build_prune", project="alice/demo", keep=1).kind == "not_found"


def test_no_login_is_needed_to_predict(demo: Lab) -> None:
    add(demo)
    add(demo)
    assert prune(demo, by=None, check=True)["changed"] is True


# --- requests --------------------------------------------------------------------------------

LIST = "GET build/list"
CHROOTS = "GET build-chroot/list"
DELETE = "DELETE build/delete/list"
# Only check mode asks whether the user may delete builds.
FORESIGHT = {"GET project": 1, "GET project/permissions/get/alice/demo": 1}


def cost(lab: Lab, keep: int = 1, **options: Any) -> Counter[str]:
    lab.forget()
    prune(lab, keep, **options)
    return Counter(lab.calls)


def test_what_is_never_more_than_is_kept_costs_one_list(demo: Lab) -> None:
    for name in ("one", "two", "three"):
        add(demo, name)
    assert cost(demo) == {LIST: 1}


def test_chroots_are_read_only_where_they_decide(demo: Lab) -> None:
    add(demo, "single", (F43,))
    add(demo, "single", (F43,), **FAILS)
    add(demo, "single", (F43,))
    for number in range(5):
        add(demo, "several", **({} if number < 4 else FAILS_ON_FEDORA))
    # The newest of "several" decides for EPEL, the one before for Fedora.
    assert cost(demo, check=True) == {LIST: 1, CHROOTS: 2, **FORESIGHT}
    assert cost(demo) == {LIST: 1, CHROOTS: 2, DELETE: 1}
    assert left(demo) == [3, 7, 8]


def test_many_builds_are_deleted_in_calls_of_two_hundred(demo: Lab) -> None:
    for _each in range(252):
        add(demo, chroots=(F43,))
    assert cost(demo, 2) == {LIST: 3, DELETE: 2}
    assert [len(body["builds"]) for _call, body in demo.sent] == [200, 50]
    assert left(demo) == [251, 252]


# --- rights, races, failures -----------------------------------------------------------------


def test_anybodys_builds_are_deleted_by_who_may_change_the_project(demo: Lab) -> None:
    add(demo)
    add(demo)
    assert ids(prune(demo)["deleted"]) == [1]


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("number", [2, 202])
def test_without_that_right_nothing_is_deleted(demo: Lab, check: bool, number: int) -> None:
    for _each in range(number):
        add(demo)
    error = demo.fail("copr_build_prune", by="bob", project="alice/demo", keep=1, check=check)
    assert error.kind == "permission"
    assert error.result == {"changed": False, "deleted": [], "kept": 1}
    assert len(left(demo)) == number


@pytest.mark.parametrize("check", [True, False])
def test_nothing_of_a_persistent_project_is_deleted(demo: Lab, check: bool) -> None:
    add(demo)
    add(demo)
    demo.settings()["persistent"] = True
    error = demo.fail("copr_build_prune", project="alice/demo", keep=1, check=check)
    assert error.kind == "permission"
    assert left(demo) == [1, 2]


def test_what_somebody_deletes_meanwhile_is_not_our_change(demo: Lab) -> None:
    for _each in range(3):
        add(demo)
    demo.before("DELETE", "list", lambda: prune(demo, 2))
    result = prune(demo)
    assert ids(result["deleted"]) == [2]
    assert list(result["diff"][0]["before"]) == ["2"]
    demo.before("DELETE", "list", lambda: prune(demo))
    add(demo)
    assert prune(demo) == {"changed": False, "deleted": [], "kept": 1}


def test_a_success_that_goes_while_we_look_protects_no_more(demo: Lab) -> None:
    add(demo)
    add(demo)
    add(demo, **FAILS)

    def delete_the_last_success() -> None:
        demo.do("copr_build", state="absent", build_ids=[2])

    demo.before("GET", "build-chroot/list", delete_the_last_success)
    assert prune(demo)["changed"] is False
    assert left(demo) == [1, 3]


def test_what_is_submitted_or_ends_meanwhile_changes_nothing(demo: Lab) -> None:
    for _each in range(3):
        add(demo)
    add(demo, days=0, slow=True)

    def move_on() -> None:
        demo.finish()
        add(demo, days=0)

    demo.before("GET", "build-chroot/list", move_on)
    assert ids(prune(demo)["deleted"]) == [2, 1]
    assert left(demo) == [3, 4, 5]


@pytest.mark.parametrize("fault", ["lose_answer", "cut", "reset_before"])
def test_a_lost_answer_is_no_failure(demo: Lab, fault: str) -> None:
    for _each in range(3):
        add(demo)
    demo.sim.fault(fault, path="/build/delete")
    assert ids(prune(demo)["deleted"]) == [2, 1]
    assert left(demo) == [3]


def test_a_failure_half_way_tells_what_was_deleted(demo: Lab) -> None:
    for _each in range(251):
        add(demo, chroots=(F43,))
    demo.sim.fault("status", path="/build/delete", skip=1, times=9)
    error = demo.fail("copr_build_prune", project="alice/demo", keep=1)
    assert error.kind == "server"
    assert error.result["changed"] is True
    assert ids(error.result["deleted"]) == list(range(250, 50, -1))
    assert len(error.result["diff"][0]["before"]) == 200
    assert error.result["kept"] == 1
    assert left(demo) == [*range(1, 51), 251]
    assert len(prune(demo)["deleted"]) == 50
