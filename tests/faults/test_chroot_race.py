# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Eight tasks at once add a chroot each, on a server that races as the real one does."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import requests
from ansible_collections.fedora.copr.plugins.module_utils._copr.state import projects

from faults.bench import ALICE, LOGIN, TOKEN, Bench, Options
from simulator.server import running
from simulator.world import MOCK_CHROOTS

TASKS = 8
DEMO = "alice/demo"
FIRST = "fedora-43-x86_64"
OTHERS = [chroot for chroot in MOCK_CHROOTS if chroot != FIRST][:TASKS]
# Seconds between what a request reads and what it writes.
WINDOW = 0.02
# Within so many seconds all tasks start, so that some send what they read before others were done.
APART = 0.3
# A request takes at most so many seconds to reach the server.
LATENCY = 0.2

Add = Callable[[str], bool]
"""Adds a chroot and tells whether it says that the chroot is enabled."""


class RealTime(Bench):
    """A server whose time is ours."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    def _serve(self, environ: Options, start_response: Any) -> Iterable[bytes]:
        time.sleep(random.uniform(0, LATENCY))
        return super()._serve(environ, start_response)


@pytest.fixture
def copr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealTime]:
    """Return a server that races, with a project alice/demo, and locks of its own."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with running(race=WINDOW) as sim:
        sim.world.users["alice"] = ALICE
        copr = RealTime(sim, tmp_path)
        assert copr.play("copr_project", {"project": DEMO, "chroots": [FIRST]}).result
        yield copr


def lost(copr: RealTime, add: Add, rounds: int) -> int:
    """Have all tasks add their chroots, and count those that are reported and not there."""
    project, count = copr.world.projects[DEMO], 0
    for _round in range(rounds):
        start = Barrier(TASKS)

        def come(chroot: str, start: Barrier = start) -> bool:
            start.wait(60)
            time.sleep(random.uniform(0, APART))
            return add(chroot)

        with ThreadPoolExecutor(TASKS) as pool:
            reported = {each for each, done in zip(OTHERS, pool.map(come, OTHERS)) if done}
        count += len(reported - set(project.enabled_chroots()))
        for chroot in OTHERS:
            project.chroots.pop(chroot, None)
    return count


def by_module(copr: RealTime) -> Add:
    """Return what adds a chroot with copr_project, which may not fail."""

    def add(chroot: str) -> bool:
        played = copr.play("copr_project", {"project": DEMO, "chroots": [chroot]})
        assert played.result, played.told
        return chroot in played.result["project"]["chroots"]

    return add


def naively(copr: RealTime) -> Add:
    """Return what reads the set, sends it with one more, and reads it back."""
    api = f"{copr.sim.url}/api_3/project"

    def chroots() -> list[str]:
        query = {"ownername": "alice", "projectname": "demo"}
        found: dict[str, Any] = requests.get(api, query, timeout=60).json()
        return list(found["chroot_repos"])

    def add(chroot: str) -> bool:
        body = {"chroots": [*chroots(), chroot]}
        requests.put(f"{api}/edit/{DEMO}", json=body, auth=(LOGIN, TOKEN), timeout=60)
        return chroot in chroots()

    return add


def test_a_naive_client_loses_additions(copr: RealTime) -> None:
    """The server here is as unkind as the tests below need it to be."""
    assert any(lost(copr, naively(copr), 1) for _round in range(20))


def test_on_one_machine_no_addition_is_lost(
    copr: RealTime, thorough: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tasks of one machine take turns, which suffices without another look after a pause."""
    monkeypatch.setattr(projects, "SETTLING", (0.0, 0.0))
    assert lost(copr, by_module(copr), 100 if thorough else 3) == 0


def test_on_several_machines_no_addition_is_lost(
    copr: RealTime, thorough: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a lock in common, each task looks again after a pause."""
    monkeypatch.setattr(projects, "one_at_a_time", lambda *_: contextlib.nullcontext())
    assert lost(copr, by_module(copr), 100 if thorough else 3) == 0
