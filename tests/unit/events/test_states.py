# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each change of a build's state is one event."""

from __future__ import annotations

from functools import partial

import pytest

from unit.events.stage import FAILS, SLOW, URL, Stage, nothing, told
from unit.lab import STEP, Lab, answering

LIFE = ["pending", "starting", "importing", "pending", "starting", "running", "succeeded"]


@pytest.mark.parametrize("seconds", [STEP, STEP / 4])
def test_each_change_of_a_build_is_told_once(demo: Lab, seconds: float) -> None:
    stage = Stage(demo)
    polls = int(12 * STEP / seconds)
    events = stage.run(stage.submit(), *[nothing] * polls, seconds=seconds)
    seen = [event["state"] for event in events]
    # With a poll a step, the first of them comes when the build has been starting.
    assert seen == LIFE[len(LIFE) - len(seen) :]
    assert len(seen) >= len(LIFE) - 1
    assert [event["previous_state"] for event in events] == [None, *seen[:-1]]
    assert [event["final"] for event in events] == [False] * (len(seen) - 1) + [True]


def test_an_event_has_what_results_show_of_a_build(demo: Lab) -> None:
    stage = Stage(demo, final_only=True)
    (event,) = stage.run(stage.submit(), *[nothing] * 12)
    (build,) = demo.do("copr_build_info", build_ids=[event["id"]])["builds"]
    more = {"project": "alice/demo", "previous_state": "running", "final": True}
    assert event == {**build, **more}
    assert event["source_package"]["name"] == "hello"


def test_what_is_there_at_the_start_is_no_event_until_it_changes(demo: Lab) -> None:
    demo.build(url=[URL])
    (slow,) = demo.build(url=[SLOW], wait=False)["builds"]
    stage = Stage(demo)
    assert stage.run() == []
    events = stage.run(*[nothing] * 20)
    assert {event["id"] for event in events} == {slow["id"]}
    assert events[0]["previous_state"] == "pending"
    assert events[-1]["state"] == "succeeded"


def test_every_final_state_is_told(demo: Lab) -> None:
    stage = Stage(demo, final_only=True)
    cancel = partial(demo.do, "copr_build", state="canceled", build_ids=[3])
    events = stage.run(stage.submit(URL, FAILS, SLOW), cancel, *[nothing] * 12)
    assert sorted(told(events)) == [(1, "succeeded"), (2, "failed"), (3, "canceled")]


def test_a_poll_of_a_project_is_one_request(demo: Lab) -> None:
    stage = Stage(demo)
    stage.run(stage.submit(URL, SLOW), demo.forget, *[nothing] * 9)
    assert demo.calls == ["GET build/list"] * 10


def test_many_builds_are_told_once_each(demo: Lab) -> None:
    stage = Stage(demo, final_only=True)
    urls = [f"https://example.org/p{number}-1-1.src.rpm" for number in range(230)]
    events = stage.run(stage.submit(*urls), *[nothing] * 12, stage.submit(), *[nothing] * 12)
    assert sorted(told(events)) == [(number, "succeeded") for number in range(1, 232)]
    demo.forget()
    Stage(demo, final_only=True).run(nothing, nothing)
    # What finished long ago is not read again.
    assert len(demo.calls) == 4


def test_a_build_far_back_in_the_list_is_followed_to_its_end(demo: Lab) -> None:
    stage = Stage(demo, final_only=True)
    urls = [f"https://example.org/p{number}-1-1.src.rpm" for number in range(120)]
    acts = [stage.submit(SLOW), stage.submit(*urls), *[nothing] * 20]
    assert (1, "succeeded") in told(stage.run(*acts))


def test_unfinished_builds_of_a_long_list_are_known_from_the_start(demo: Lab) -> None:
    demo.build(url=[SLOW], wait=False)
    urls = [f"https://example.org/p{number}-1-1.src.rpm" for number in range(120)]
    demo.build(url=urls, wait=False)
    assert Stage(demo).run() == []
    events = Stage(demo, final_only=True).run(*[nothing] * 20)
    assert len(told(events)) == len(set(told(events))) == 121


@pytest.mark.parametrize(("count", "polls"), [(60, 1), (30, 2)])
def test_a_build_that_becomes_visible_after_newer_ones_is_told(
    demo: Lab, count: int, polls: int
) -> None:
    stage = Stage(demo, final_only=True)

    def submit_and_hide_the_oldest() -> None:
        stage.submit(*[f"https://example.org/p{number}-1-1.src.rpm" for number in range(count)])()
        demo.clock.advance(20 * STEP)
        rows = demo.client().get("build/list", {"ownername": "alice", "projectname": "demo"})
        for _poll in range(polls):
            demo.before("GET", "build/list", answering({**rows, "items": rows["items"][:-1]}))

    events = stage.run(submit_and_hide_the_oldest, *[nothing] * polls)
    assert [event["id"] for event in events] == [*range(2, count + 1), 1]


def test_rows_that_move_while_pages_are_read_are_told_once(demo: Lab) -> None:
    stage = Stage(demo, final_only=True)
    urls = [f"https://example.org/p{number}-1-1.src.rpm" for number in range(150)]

    def submitted() -> None:
        stage.submit(*urls)()
        demo.clock.advance(20 * STEP)
        demo.after("GET", "build/list", stage.submit(*urls[:7]))

    events = stage.run(submitted, *[nothing] * 12)
    assert sorted(told(events)) == [(number, "succeeded") for number in range(1, 158)]


def test_deleted_builds_are_forgotten(demo: Lab) -> None:
    stage = Stage(demo)

    def remove() -> None:
        gone = [1, 2]
        demo.do("copr_build", state="absent", build_ids=gone, cancel_running=True)

    acts = [stage.submit(), *[nothing] * 12, stage.submit(SLOW), nothing, remove]
    events = stage.run(*acts, demo.forget, nothing)
    assert events[-1]["id"] == 2
    assert not events[-1]["final"]
    # It is not asked for again.
    assert demo.calls == ["GET build/list"] * 2


def test_a_list_from_a_cache_does_not_bring_a_build_back_to_life(demo: Lab) -> None:
    stage = Stage(demo)
    rows = {}

    def keep() -> None:
        rows.update(demo.client().get("build/list", {"ownername": "alice", "projectname": "demo"}))

    def old_list() -> None:
        demo.before("GET", "build/list", answering(rows))

    events = stage.run(stage.submit(), keep, *[nothing] * 10, old_list, nothing, nothing)
    assert [event["final"] for event in events].count(True) == 1
    assert events[-1]["final"]
