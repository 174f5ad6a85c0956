# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays that are killed at any moment: the next run takes up what they started."""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from faults.bench import Options
from faults.live import PAUSE, STEP, Live, live, url
from unit.files import make_srpm

SEED = 20
KINDS = ("urls", "upload", "gem", "loop")
# What a play is at when it is killed, and for how many seconds, about.
STAGES = {"looking": 4 * PAUSE, "submitting": 3 * PAUSE, "waiting": 10 * PAUSE + 6 * STEP}
# More than the system takes in before the server begins to read.
UPLOAD = 4 * 2**20


@dataclass(frozen=True)
class Wish:
    """What a play is to have built: options and keywords of its task, the names of packages."""

    options: Options
    names: list[str]
    keywords: Options


def wish(kind: str, name: str, folder: Path) -> Wish:
    """Return what to build of a kind."""
    names = [f"{name}-one", f"{name}-two"]
    if kind == "urls":
        return Wish({"url": [url(each) for each in names]}, names, {})
    if kind == "loop":
        return Wish({"url": [url("{{ item }}")]}, names, {"loop": names})
    if kind == "gem":
        return Wish({"rubygems": {"gem_name": name}}, [f"rubygem-{name}"], {})
    srpm = make_srpm(folder, name)
    os.truncate(srpm, UPLOAD)
    return Wish({"srpm": srpm}, [name], {})


def stage(plays: Live) -> str | None:
    """Return what the play is at, by its requests to the server; None if it has sent none."""
    submits = ["/build/create" in request.path for request in plays.bench.sim.requests]
    if not any(submits):
        return "looking" if submits else None
    return "submitting" if submits[-1] else "waiting"


def builds_in(result: Options) -> list[Any]:
    """Return the ids of the builds in the result of a task, be it a loop."""
    return sorted(
        build["id"] for each in result.get("results", [result]) for build in each["builds"]
    )


def interrupted(plays: Live, asked: Wish, meant: str, delay: float, *, alone: bool) -> bool:
    """Kill a play some seconds after it came to a stage; return whether it was still in it."""
    plays.bench.sim.requests.clear()
    play = plays.start(asked.options, **asked.keywords)
    while stage(plays) != meant and not play.is_over:
        time.sleep(0.002)
    time.sleep(delay)
    is_as_meant = stage(plays) == meant
    return play.kill(alone=alone) and is_as_meant


@pytest.mark.parametrize("meant", STAGES)
def test_the_next_run_takes_up_what_was_started(tmp_path: Path, meant: str, thorough: bool) -> None:
    """By turns all of a play is killed, and its main process alone."""
    rng = random.Random(f"{SEED} {meant}")
    wanted, kills = 67 if thorough else 3, 0
    with live(tmp_path / "plays") as plays:
        for number in range(10 * wanted):
            if kills == wanted:
                break
            kind, delay = rng.choice(KINDS), rng.uniform(0, STAGES[meant])
            asked = wish(kind, f"p{number}", tmp_path)
            kills += interrupted(plays, asked, meant, delay, alone=number % 2 == 1)
            # A request that the server still works on is not there for anybody to adopt.
            plays.bench.wait_until_idle()
            left = len(plays.builds_of(*asked.names))
            result = plays.start(asked.options, **asked.keywords).result()
            context = f"{kind}, seed {SEED}, round {number}: {left} were there; {result}"
            assert not result.get("failed"), context
            there = [build.id for build in plays.builds_of(*asked.names)]
            assert len(there) == len(asked.names), context
            assert builds_in(result) == there, context
    assert kills == wanted
