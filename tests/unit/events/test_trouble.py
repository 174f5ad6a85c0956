# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Outages, restarts and answers that are wrong: nothing is lost, nothing told twice."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.events.watch import (
    SourceError,
    pause_after,
    watch,
)

from unit.events.stage import FAILS, SLOW, URL, Act, Stage, nothing, told
from unit.lab import Lab, answering

BUILDS = {"ownername": "alice", "projectname": "demo"}
ALL = [(1, "succeeded"), (2, "failed"), (3, "succeeded")]


def rows_after(lab: Lab, url: str) -> list[dict[str, Any]]:
    """Submit a build as no module would, and return the list of builds."""
    lab.client().submit("build/create/url", {**BUILDS, "pkgs": [url]})
    rows: list[dict[str, Any]] = lab.client().get("build/list", BUILDS)["items"]
    return rows


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "status", "status": 503},
        {"fault": "status", "status": 429, "retry_after": 1},
        {"fault": "wrong_json"},
        {"fault": "wrong_json", "answer": {"items": [{"id": "one"}]}},
        {"fault": "wrong_json", "answer": {"items": [{"id": 1, "state": None}]}},
        {"fault": "html"},
    ],
    ids=str,
)
def test_an_outage_loses_and_repeats_nothing(
    demo: Lab, fault: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    stage = Stage(demo, final_only=True)
    out = partial(demo.sim.fault, **fault, path="build/list", times=4)
    events = stage.run(stage.submit(URL, FAILS, SLOW), out, *[nothing] * 20)
    assert sorted(told(events)) == ALL
    assert len([record for record in caplog.records if record.levelno == logging.WARNING]) == 2
    assert stage.pauses[2:7] == [60.0, 120.0, 240.0, 480.0, 30.0]


def test_the_pauses_of_an_outage_grow_to_ten_minutes() -> None:
    assert [pause_after(failures, 30.0) for failures in (1, 2, 5, 10**6)] == [60, 120, 600, 600]
    assert pause_after(3, 3600.0) == 3600
    assert pause_after(1, 30.0, retry_after=900.0) == 900
    assert pause_after(1, 30.0, retry_after=1e9) == 3600


def test_a_server_that_is_down_at_the_start_is_waited_for(demo: Lab) -> None:
    demo.sim.fault("status", times=2)
    stage = Stage(demo, final_only=True)
    assert told(stage.run(nothing, nothing, stage.submit(), *[nothing] * 10)) == ALL[:1]


def test_a_list_that_is_empty_for_once_changes_nothing(demo: Lab) -> None:
    stage = Stage(demo)
    empty: dict[str, Any] = {"items": [], "meta": {}}
    cut = partial(demo.before, "GET", "build/list", answering(empty))
    events = stage.run(stage.submit(), nothing, cut, *[nothing] * 12)
    assert len(told(events)) == len({(e["state"], e["previous_state"]) for e in events})
    assert events[-1]["state"] == "succeeded"


def test_a_restart_continues_with_what_the_file_says(demo: Lab, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    stage = Stage(demo, state_file=str(file))
    first = stage.run(stage.submit(URL, FAILS, SLOW), nothing, nothing)
    demo.finish()
    second = stage.run(nothing)
    assert sorted(told(second)) == ALL
    last = {event["id"]: event["state"] for event in first}
    assert {event["id"]: event["previous_state"] for event in second} == last
    assert stage.run(nothing) == []


@pytest.mark.parametrize("most", [1, 2])
def test_a_source_that_is_canceled_between_events_tells_each_once(
    demo: Lab, tmp_path: Path, most: int
) -> None:
    stage = Stage(demo, state_file=str(tmp_path / "state.json"), final_only=True)
    stage.run()
    stage.submit(URL, FAILS, SLOW)()
    demo.finish()
    events = stage.run(most=most)
    assert len(events) == most
    assert told(events + stage.run()) == ALL


def test_builds_before_the_first_start_are_no_events_after_a_restart(
    demo: Lab, tmp_path: Path
) -> None:
    demo.build(url=[URL])
    stage = Stage(demo, state_file=str(tmp_path / "state.json"))
    assert stage.run() + stage.run() == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("no JSON", "it is not a state file"),
        ("[]", "it is not a state file of this version"),
        (json.dumps({"version": 2}), "it is not a state file of this version"),
    ],
)
def test_a_file_that_is_something_else_is_left_alone(
    demo: Lab, tmp_path: Path, content: str, says: str
) -> None:
    file = tmp_path / "state.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=says):
        Stage(demo, state_file=str(file)).run()
    assert file.read_text(encoding="utf-8") == content


def test_a_file_of_another_source_is_refused(demo: Lab, tmp_path: Path) -> None:
    file = str(tmp_path / "state.json")
    Stage(demo, state_file=file).run()
    with pytest.raises(SourceError, match="belongs to another source, project alice/demo on "):
        Stage(demo, state_file=file, project=None, owner="alice").run()


def test_a_file_that_cannot_be_written_ends_the_source_at_once(demo: Lab, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file or directory"):
        Stage(demo, state_file=str(tmp_path / "missing" / "state.json")).run()


def test_a_project_that_does_not_exist_ends_the_source(lab: Lab) -> None:
    with pytest.raises(SourceError, match="alice/demo"):
        Stage(lab).run()


def test_a_project_that_is_deleted_later_does_not(demo: Lab) -> None:
    stage = Stage(demo, final_only=True)
    delete = partial(demo.do, "copr_project", state="absent", project="alice/demo")
    acts: list[Act] = [delete, nothing, demo.project, stage.submit(), *[nothing] * 10]
    assert told(stage.run(*acts)) == ALL[:1]


def test_texts_of_the_server_are_no_templates(demo: Lab) -> None:
    url = "https://example.org/{{lookup('pipe','id')}}{%x%}-1-1.src.rpm"
    (row,) = rows_after(demo, url)
    assert row["source_package"]["url"] == url
    shown = {"items": [{**row, "id": 2, "submitter": "{{{# evil }}\x1b[31m", "{{ new }}": 1}]}
    stage = Stage(demo)
    show = partial(demo.before, "GET", "build/list", answering(shown))
    (event,) = stage.run(show, seconds=0)
    assert not any(mark in json.dumps(event) for mark in ("{{", "{%", "{#", "u001b"))
    assert event["submitter"] == "%7B%7B%7B# evil }}"


def test_a_token_that_the_server_repeats_is_hidden(
    demo: Lab, caplog: pytest.LogCaptureFixture
) -> None:
    alice = demo.sim.world.users["alice"]
    stage = Stage(demo, copr_login=alice.login, copr_token=alice.token)

    def reveal() -> None:
        (row,) = rows_after(demo, URL)
        shown = {"items": [{**row, "submitter": alice.token}]}
        demo.before("GET", "build/list", answering(shown))

    def refuse() -> None:
        answer = answering({"error": f"no {alice.token}"}, "404 NOT FOUND")
        demo.before("GET", "build/list", answer)

    (event, *_rest) = stage.run(reveal, refuse)
    refuse()
    with pytest.raises(SourceError, match="no ") as caught:
        stage.run()
    assert "no " in caplog.text
    assert alice.token not in json.dumps(event) + str(caught.value) + caplog.text


def test_a_slow_server_does_not_hold_up_others(demo: Lab) -> None:
    demo.sim.fault("slow", delay=0.5)

    async def play() -> float:
        args = {"project": "alice/demo", "copr_url": demo.sim.url}
        watching = asyncio.create_task(watch(asyncio.Queue(), args))
        longest, last = 0.0, time.monotonic()
        while time.monotonic() < last + 0.3 or not demo.sim.requests:
            began = time.monotonic()
            await asyncio.sleep(0.01)
            longest = max(longest, time.monotonic() - began)
        watching.cancel()
        return longest

    assert asyncio.run(play()) < 0.3


def test_a_canceled_source_does_not_go_on_trying(demo: Lab) -> None:
    demo.sim.fault("status", times=100)

    async def play() -> None:
        args = {"project": "alice/demo", "copr_url": demo.sim.url, "retries": 50}
        watching = asyncio.create_task(watch(asyncio.Queue(), args))
        while len(demo.sim.requests) < 2:
            await asyncio.sleep(0.01)
        watching.cancel()

    asyncio.run(play())
    count = len(demo.sim.requests)
    time.sleep(0.2)
    assert len(demo.sim.requests) == count < 10
