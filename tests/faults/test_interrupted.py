# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays that are killed at any moment: the next run takes up what they started."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from faults.bench import Options
from faults.live import Live, live, urls
from unit.files import make_srpm

SEED = 20


def task(kind: str, name: str, folder: Path) -> tuple[Options, list[str]]:
    """Return what a task builds, and the names of the packages."""
    if kind == "urls":
        return urls(f"{name}-one", f"{name}-two"), [f"{name}-one", f"{name}-two"]
    if kind == "upload":
        return {"srpm": make_srpm(folder, name)}, [name]
    return {"rubygems": {"gem_name": name}}, [f"rubygem-{name}"]


def how_long(plays: Live, options: Options) -> float:
    """Return the seconds that a play takes when it is left alone."""
    begin = time.monotonic()
    plays.start(**options).result()
    return time.monotonic() - begin


@pytest.mark.parametrize("kind", ["urls", "upload", "gem"])
def test_the_next_run_takes_up_what_was_started(tmp_path: Path, kind: str, thorough: bool) -> None:
    rng = random.Random(SEED)
    wanted = 67 if thorough else 7
    kills = submitted = 0
    with live(tmp_path) as plays:
        longest = how_long(plays, task(kind, "first", tmp_path)[0])
        for number in range(10 * wanted):
            if kills == wanted:
                break
            options, names = task(kind, f"p{number}", tmp_path)
            play = plays.start(**options)
            play.wait(rng.uniform(0, longest))
            kills += play.kill()
            # A request that the server still works on is not there for anybody to adopt.
            plays.bench.wait_until_idle()
            submitted += any(plays.builds_named(name) for name in names)
            result = plays.start(**options).result()
            assert not result.get("failed"), result["msg"]
            there = [build.id for name in names for build in plays.builds_named(name)]
            assert len(there) == len(names), f"seed {SEED}, round {number}: {there}"
            assert sorted(build["id"] for build in result["builds"]) == sorted(there)
    assert kills == wanted
    # Some were killed before and some after they had submitted, or nothing would be shown.
    assert 0 < submitted < number + 1
