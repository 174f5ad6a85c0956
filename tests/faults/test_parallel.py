# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Eight plays at once. What they promise then stands in docs/reliability.md."""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from faults.bench import Options
from faults.live import Live, live, url
from unit.files import make_srpm

PLAYS = 8
ANY, SUBMIT = "/api_3/", "/build/create"
# Below the timeout of a request. On a busy machine, plays start long after each other.
PATIENCE = 300.0
# In so many seconds some of the plays submit before others look.
APART = 0.5


def all_at_once(plays: Live, tasks: list[Options], path: str = SUBMIT) -> list[Options]:
    """Play all tasks, which meet at a path, and return the results; none may fail."""
    with meeting(plays, path):
        started = [plays.start(options) for options in tasks]
        results = [play.result() for play in started]
    assert [result["msg"] for result in results if result.get("failed")] == []
    return results


@contextmanager
def meeting(plays: Live, path: str) -> Iterator[None]:
    """Have the server hold the first requests for a path until all plays have sent one.

    Submissions are then served at once, other requests a little apart from each other.
    """
    doorkeeper = plays.bench.sim.doorkeeper
    app, barrier, arrivals = doorkeeper.app, threading.Barrier(PLAYS), itertools.count(1)

    def serve(environ: Options, start_response: Any) -> Iterable[bytes]:
        if path in environ["PATH_INFO"] and next(arrivals) <= PLAYS:
            barrier.wait(PATIENCE)
            time.sleep(0 if path == SUBMIT else random.uniform(0, APART))
        return app(environ, start_response)

    doorkeeper.app = serve
    try:
        yield
    finally:
        doorkeeper.app = app
    assert not barrier.broken, "the plays did not meet"


@pytest.mark.parametrize("kind", ["urls", "upload"])
def test_the_same_builds(tmp_path: Path, kind: str, thorough: bool) -> None:
    """All succeed and report builds that are there; no more builds come about than plays."""
    numbers = []
    with live(tmp_path / "plays") as plays:
        for number in range(20 if thorough else 1):
            name, lost = f"p{number}", (number + 1) % 3
            options = (
                {"url": [url(name)]} if kind == "urls" else {"srpm": make_srpm(tmp_path, name)}
            )
            if lost:
                plays.bench.sim.fault("lose_answer", path=SUBMIT, times=lost)
            # By turns all have looked before any submits, and some before others submit.
            results = all_at_once(plays, [options] * PLAYS, ANY if number % 2 else SUBMIT)
            plays.bench.sim.clear_faults()
            there = {build.id for build in plays.builds_of(name)}
            reported = {build["id"] for result in results for build in result["builds"]}
            assert reported <= there
            assert 1 <= len(there) <= sum(result["changed"] for result in results)
            numbers.append(len(there))
            after = plays.start(options).result()
            assert after["changed"] is False
            assert {build.id for build in plays.builds_of(name)} == there
    assert set(numbers[::2]) == {PLAYS}
    assert not thorough or min(numbers[1::2]) < PLAYS


def test_different_builds(tmp_path: Path, thorough: bool) -> None:
    """Each comes about once, though answers are lost."""
    with live(tmp_path / "plays") as plays:
        for number in range(20 if thorough else 1):
            names = [f"p{number}-{play}" for play in range(PLAYS)]
            plays.bench.sim.fault("lose_answer", path=SUBMIT, times=3)
            plays.bench.sim.fault("status", status=504, after=True, path=SUBMIT, times=3)
            results = all_at_once(plays, [{"url": [url(name)]} for name in names])
            plays.bench.sim.clear_faults()
            for name, result in zip(names, results):
                (build,) = plays.builds_of(name)
                assert [each["id"] for each in result["builds"]] == [build.id]
                assert result["changed"] is True
