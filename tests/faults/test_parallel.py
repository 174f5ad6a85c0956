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
from faults.live import CHROOTS, DEMO, Live, live, url
from simulator.world import MOCK_CHROOTS
from unit.files import make_srpm

PLAYS = 8
ANY, SUBMIT = "/api_3/", "/build/create"
# Below the timeout of a request. On a busy machine, plays start long after each other.
PATIENCE = 300.0
# In so many seconds some of the plays submit before others look.
APART = 0.5


def all_at_once(
    plays: Live,
    tasks: list[Options],
    path: str = SUBMIT,
    environments: list[dict[str, str]] | None = None,
    **keywords: Any,
) -> list[Options]:
    """Play all tasks, which meet at a path, and return the results; none may fail."""
    with meeting(plays, path):
        started = [
            plays.start(options, environment=environment, **keywords)
            for options, environment in zip(tasks, environments or [{}] * len(tasks))
        ]
        results = [play.result() for play in started]
    assert [result["msg"] for result in results if result.get("failed")] == []
    return results


def on_several_machines(folder: Path) -> list[dict[str, str]]:
    """Return environments for plays as if each were on a machine of its own, with its own locks."""
    machines = [folder / f"machine{number}" for number in range(PLAYS)]
    for machine in machines:
        machine.mkdir()
    return [{"TMPDIR": str(machine)} for machine in machines]


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


@pytest.mark.parametrize(("kind", "execution"), [("urls", "controller"), ("upload", "module")])
def test_the_same_builds(tmp_path: Path, kind: str, execution: str, thorough: bool) -> None:
    """On one machine one play submits, also when answers are lost, and the others find that."""
    with live(tmp_path / "plays") as plays:
        for number in range(20 if thorough else 1):
            name, lost = f"p{number}", (number + 1) % 3
            options = (
                {"url": [url(name)]} if kind == "urls" else {"srpm": make_srpm(tmp_path, name)}
            )
            if lost:
                plays.bench.sim.fault("lose_answer", path=SUBMIT, times=lost)
            way = {"copr_execution": execution}
            results = all_at_once(plays, [options] * PLAYS, ANY, vars=way)
            plays.bench.sim.clear_faults()
            (build,) = plays.builds_of(name)
            assert {each["id"] for result in results for each in result["builds"]} == {build.id}
            assert [result["changed"] for result in results].count(True) == 1
            after = plays.start(options).result()
            assert after["changed"] is False


def test_the_same_builds_on_several_machines(tmp_path: Path, thorough: bool) -> None:
    """All submit, and see each other; the oldest build stays and is what all report."""
    environments = on_several_machines(tmp_path)
    with live(tmp_path / "plays") as plays:
        # Long enough for all to have submitted before the first build starts.
        plays.bench.world.step = 60.0
        for number in range(5 if thorough else 1):
            name = f"p{number}"
            options = {"url": [url(name)], "wait": False}
            results = all_at_once(plays, [options] * PLAYS, SUBMIT, environments)
            builds = plays.builds_of(name)
            assert len(builds) == PLAYS
            (left,) = [build for build in builds if build.canceled_on is None]
            assert left.id == min(build.id for build in builds)
            assert {each["id"] for result in results for each in result["builds"]} == {left.id}
            assert [result["changed"] for result in results].count(True) == 1


@pytest.mark.parametrize("what", ["project", "builds"])
def test_deletions(tmp_path: Path, what: str, thorough: bool) -> None:
    """What all delete is gone, none fails, and one says that it was what deleted it."""
    with live(tmp_path / "plays") as plays:
        for _number in range(10 if thorough else 1):
            plays.bench.world.step = 60.0
            plays.bench.play("copr_project", {"project": DEMO, "chroots": CHROOTS})
            started = {"project": DEMO, "url": [url("one"), url("two")], "wait": False}
            built = plays.bench.play("copr_build", started).result
            assert built
            options: Options = {"state": "absent", "cancel_running": True}
            module = "copr_project"
            if what == "builds":
                options["build_ids"] = [build["id"] for build in built["builds"]]
                module = "copr_build"
            results = all_at_once(plays, [options] * PLAYS, ANY, module=module)
            assert not plays.bench.world.builds
            assert (DEMO in plays.bench.world.projects) is (what == "builds")
            assert [result["changed"] for result in results].count(True) == 1


def test_different_builds(tmp_path: Path, thorough: bool) -> None:
    """Each comes about once, though answers are lost; the plays are on several machines."""
    environments = on_several_machines(tmp_path)
    with live(tmp_path / "plays") as plays:
        for number in range(20 if thorough else 1):
            names = [f"p{number}-{play}" for play in range(PLAYS)]
            plays.bench.sim.fault("lose_answer", path=SUBMIT, times=3)
            plays.bench.sim.fault("status", status=504, after=True, path=SUBMIT, times=3)
            tasks: list[Options] = [{"url": [url(name)]} for name in names]
            results = all_at_once(plays, tasks, SUBMIT, environments)
            plays.bench.sim.clear_faults()
            for name, result in zip(names, results):
                (build,) = plays.builds_of(name)
                assert [each["id"] for each in result["builds"]] == [build.id]
                assert result["changed"] is True


OTHER_CHROOTS = [chroot for chroot in MOCK_CHROOTS if chroot not in CHROOTS][:PLAYS]


@pytest.mark.parametrize("machines", ["one machine", "several machines"])
def test_chroots(tmp_path: Path, machines: str, thorough: bool) -> None:
    """Each play enables another chroot; what is reported as enabled stays enabled.

    The server has no lock, and each edit replaces the set. On one machine the plays take turns; on
    several, each looks again after a pause.
    """
    several = machines == "several machines"
    environments = on_several_machines(tmp_path) if several else None
    lost = 0
    with live(tmp_path / "plays") as plays:
        project = plays.bench.world.projects[DEMO]
        for _number in range(20 if thorough else 1):
            tasks: list[Options] = [{"chroots": [chroot]} for chroot in OTHER_CHROOTS]
            at = "/project/edit" if several else ANY
            results = all_at_once(plays, tasks, at, environments, module="copr_project")
            assert [result["changed"] for result in results] == [True] * PLAYS
            lost += len(set(OTHER_CHROOTS) - set(project.enabled_chroots()))
            for chroot in OTHER_CHROOTS:
                project.chroots.pop(chroot, None)
    assert lost == 0
