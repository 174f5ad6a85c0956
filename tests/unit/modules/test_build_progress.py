# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a wait tells while it lasts, and what telling it costs."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.clock import Clock
from ansible_collections.fedora.copr.plugins.module_utils._copr.progress import (
    SILENCE,
    Progress,
    TransferProgress,
)

from simulator.clock import ManualClock
from unit.files import make_srpm
from unit.lab import EPEL, F43, STEP, Lab, answering

URL = "https://example.org/hello-1.0-1.src.rpm"


@pytest.fixture
def watched(demo: Lab) -> Lab:
    """Return a project whose builds somebody watches."""
    demo.listens = True
    return demo


def details(lab: Lab) -> int:
    """Return how often the chroots of a build were asked for since the submission."""
    since = lab.calls.index(lab.submissions[-1])
    return lab.calls[since:].count("GET build-chroot/list")


def told(lab: Lab, *builds: dict[str, Any], seconds: float = 0) -> list[str]:
    """Return what is told of builds that have moved."""
    progress = Progress(lab.client(), lab.progress.append)
    lab.clock.advance(seconds)
    for build in builds:
        progress.moved(build)
    return lab.progress


def a_build(**more: Any) -> dict[str, Any]:
    package = {"name": "hello", "version": "1.0-1"}
    return {"id": 4, "state": "running", "source_package": package, **more}


def test_a_wait_from_its_beginning_to_its_end(watched: Lab) -> None:
    watched.build(url=[URL], poll_interval=STEP)
    assert watched.progress == [
        "[00:10] build 1: starting",
        "[00:20] build 1 (hello 1.0-1): importing",
        f"[00:30] build 1 (hello 1.0-1) {EPEL}: pending",
        f"[00:30] build 1 (hello 1.0-1) {F43}: pending",
        f"[00:40] build 1 (hello 1.0-1) {EPEL}: starting",
        f"[00:40] build 1 (hello 1.0-1) {F43}: starting",
        f"[00:50] build 1 (hello 1.0-1) {EPEL}: running",
        f"[00:50] build 1 (hello 1.0-1) {F43}: running",
        f"[01:00] build 1 (hello 1.0-1) {EPEL}: succeeded",
        f"[01:00] build 1 (hello 1.0-1) {F43}: succeeded",
        "[01:00] build 1 (hello 1.0-1): succeeded",
        "[01:00] finished waiting: 1 succeeded",
    ]


def test_a_state_that_lasts_is_told_once(watched: Lab) -> None:
    watched.build(url=[URL], poll_interval=1)
    assert len(watched.progress) == len({line.partition(" ")[2] for line in watched.progress})


def test_the_summary_counts_each_state(watched: Lab) -> None:
    failing = "https://example.org/fails/bad-1-1.src.rpm"
    watched.fail("copr_build", project="alice/demo", url=[failing, URL])
    assert watched.progress[-1].endswith("finished waiting: 1 failed, 1 succeeded")


def test_what_needs_no_wait_tells_nothing(watched: Lab) -> None:
    watched.build(url=[URL], progress=False)
    watched.build(url=[URL])
    assert watched.progress == []


@pytest.mark.parametrize("minutes", [1, 5])
def test_a_line_ends_each_minute_of_silence(watched: Lab, minutes: int) -> None:
    watched.sim.world.step = minutes * SILENCE + 1
    watched.build(url=[URL], poll_interval=1)
    silent = [line for line in watched.progress if "still waiting" in line]
    assert len(silent) == 6 * minutes
    assert silent[0] == "[01:00] still waiting: 1 pending"


def test_news_put_that_line_off(watched: Lab) -> None:
    watched.sim.world.step = SILENCE - 1
    watched.build(url=[URL], poll_interval=1)
    assert not [line for line in watched.progress if "still waiting" in line]


def test_an_outage_is_told_once_and_so_is_the_next(watched: Lab) -> None:
    def outage() -> None:
        for skip in (1, 2):
            watched.sim.fault("status", path="/build/list", status=502, skip=skip, times=3)

    watched.after("POST", "build/create", outage)
    watched.build(url=[URL], poll_interval=STEP)
    lines = [line for line in watched.progress if "keeps waiting" in line]
    assert len(lines) == 2
    assert lines[0].startswith("[00:20] The server answered with the error 502")


def test_a_build_that_is_deleted_is_told(watched: Lab) -> None:
    def delete() -> None:
        watched.client().change("PUT", "build/cancel/1", {})
        watched.client().change("DELETE", "build/delete/1", {})

    watched.after("POST", "build/create", delete)
    watched.fail("copr_build", project="alice/demo", url=[URL])
    assert watched.progress[0] == "[00:02] build 1 was deleted"


def test_an_hour_is_told_as_one(demo: Lab) -> None:
    demo.before("GET", "build-chroot", answering({"items": []}))
    assert told(demo, a_build(), seconds=3661) == ["[1:01:01] build 4 (hello 1.0-1): running"]


def test_without_details_the_state_of_the_build_is_told(demo: Lab) -> None:
    demo.sim.fault("status", path="build-chroot", status=502)
    assert told(demo, a_build()) == ["[00:00] build 4 (hello 1.0-1): running"]
    assert demo.slept == []


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b2Jred", "2Jred"),
        ("r\x07e\x00d", "red"),
        ("re\n[99:99] build\td", "re [99:99] build d"),
        ("re\r\n\u2028d", "re d"),
    ],
)
def test_what_the_server_sends_neither_breaks_a_line_nor_commands_the_terminal(
    demo: Lab, sent: str, shown: str
) -> None:
    package = {"name": sent, "version": sent}
    times = {"started_on": None, "ended_on": None}
    chroot = {"name": sent, "state": sent, "result_url": None, **times}
    demo.before("GET", "build-chroot", answering({"items": [chroot]}))
    assert told(demo, a_build(source_package=package)) == [
        f"[00:00] build 4 ({shown} {shown}) {shown}: {shown}"
    ]


def test_details_are_asked_for_builds_that_moved_only(watched: Lab) -> None:
    slow = "https://example.org/slow/another-1.0-1.src.rpm"
    watched.build(url=[slow], wait=False)
    watched.clock.advance(6 * STEP)
    watched.forget()
    watched.build(url=[slow, URL], poll_interval=STEP / 4)
    moves = 6 + 1
    at_the_end = 2
    assert details(watched) == moves + at_the_end


def test_nothing_more_is_asked_for_where_nobody_listens(demo: Lab) -> None:
    demo.build(url=[URL], poll_interval=STEP)
    assert details(demo) == 1
    demo.listens = True
    demo.forget()
    demo.build(url=[URL], poll_interval=STEP, force=True, progress=False)
    assert details(demo) == 1
    assert demo.progress == []


def test_an_upload_tells_now_and_then_how_far_it_has_come() -> None:
    lines: list[str] = []
    clock = ManualClock()
    progress = TransferProgress(Clock(now=clock), lines.append, "hello-1.0-1\x1b[0m")
    for done in (1, 2, 3, 4):
        progress.sent(done * 2**20, 4 * 2**20)
        clock.advance(3)
    assert lines == ["[00:06] hello-1.0-1: 75 % of 4 MiB sent"]


def test_an_upload_is_told_of_to_its_last_byte(demo: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    told_of: list[tuple[int, int]] = []
    monkeypatch.setattr(TransferProgress, "sent", lambda _self, *sizes: told_of.append(sizes))
    demo.listens = True
    demo.build(srpm=make_srpm(demo.tmp_path), wait=False)
    assert told_of[-1][0] == told_of[-1][1] > 0
