# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Eight plays at once. What they promise then stands in docs/reliability.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.bench import Options
from faults.live import Live, live, urls
from unit.files import make_srpm

PLAYS = 8
SUBMIT = "/build/create"


def all_at_once(plays: Live, tasks: list[Options]) -> list[Options]:
    """Start all tasks, and return the results; none may fail."""
    started = [plays.start(**options) for options in tasks]
    results = [play.result() for play in started]
    assert [result["msg"] for result in results if result.get("failed")] == []
    return results


@pytest.mark.parametrize("kind", ["urls", "upload"])
def test_the_same_builds(tmp_path: Path, kind: str, thorough: bool) -> None:
    """All succeed and report builds that are there; no more builds come about than plays."""
    with live(tmp_path) as plays:
        for number in range(20 if thorough else 2):
            name = f"p{number}"
            options = urls(name) if kind == "urls" else {"srpm": make_srpm(tmp_path, name)}
            plays.bench.sim.fault("lose_answer", path=SUBMIT, times=number % 3)
            results = all_at_once(plays, [options] * PLAYS)
            plays.bench.sim.clear_faults()
            there = {build.id for build in plays.builds_named(name)}
            reported = {build["id"] for result in results for build in result["builds"]}
            assert reported <= there
            assert 1 <= len(there) <= PLAYS
            assert len(there) <= sum(result["changed"] for result in results)
            after = plays.start(**options).result()
            assert after["changed"] is False
            assert {build.id for build in plays.builds_named(name)} == there


def test_different_builds(tmp_path: Path, thorough: bool) -> None:
    """Each comes about once, though answers are lost."""
    with live(tmp_path) as plays:
        for number in range(20 if thorough else 2):
            names = [f"p{number}-{play}" for play in range(PLAYS)]
            plays.bench.sim.fault("lose_answer", path=SUBMIT, times=3)
            plays.bench.sim.fault("status", status=504, after=True, path=SUBMIT, times=3)
            results = all_at_once(plays, [urls(name) for name in names])
            plays.bench.sim.clear_faults()
            for name, result in zip(names, results):
                (build,) = plays.builds_named(name)
                assert [each["id"] for each in result["builds"]] == [build.id]
                assert result["changed"] is True
