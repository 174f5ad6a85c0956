# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of the campaign: an operation, a plan of what goes wrong, and whether all holds."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from faults.bench import SECRETS, Bench, Options, Played
from faults.operation import Operation
from faults.operations import IN_TURN, OPERATIONS
from faults.strikes import Plan, Struck
from simulator.lifecycle import FINAL, build_state
from simulator.world import World

# What a task may fail with when more goes wrong than it can mend.
PASSING = frozenset({"unreachable", "timeout", "server"})


@dataclass
class Run:
    """What one run came to."""

    seed: int
    operation: str
    struck: list[Struck] = field(default_factory=list)
    outcome: str = "ok"
    complaints: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"seed {self.seed}, {self.operation}: {self.outcome}"]
        lines += [f"  {each}" for each in self.struck]
        lines += [f"  !! {each}" for each in self.complaints]
        return "\n".join(lines)


def run(bench: Bench, seed: int) -> Run:
    """Do what the seed says, and return what was wrong with it."""
    rng = random.Random(seed)
    random.seed(seed)
    bench.start_anew()
    name = IN_TURN[seed % len(IN_TURN)]
    operation = OPERATIONS[name](bench, rng)
    answer = _answer(operation, bench)
    plan = Plan(rng, reads=operation.answer is not None)
    before = state_of(bench.world)
    existing = set(bench.world.builds)
    played = bench.play(operation.module, operation.options, plan=plan)
    done = Run(seed, name, plan.struck)
    if played.error is not None:
        done.outcome = f"{played.error.kind}: {played.error.message}"
    done.complaints += _of_the_report(operation, played, before, bench.world, answer)
    done.complaints += _of_the_builds(operation, played, existing, bench.world)
    if not done.complaints:
        done.complaints += _of_another_run(operation, bench)
    return done


def _answer(operation: Operation, bench: Bench) -> Any:
    """Return what a reading operation answers when nothing goes wrong."""
    if operation.answer is None:
        return None
    played = bench.play(operation.module, operation.options)
    assert played.result, played
    return operation.answer(played.result)


def state_of(world: World) -> Options:
    """Return all that tasks change on the server."""
    tokens = {user.name: user.token for user in world.users.values()}
    return {"tokens": tokens, **_projects(world)}


def _projects(world: World) -> Options:
    return {
        project.full_name: {
            "settings": copy.deepcopy(project.settings),
            "chroots": sorted(project.enabled_chroots()),
            "settings of chroots": {
                chroot.name: (chroot.additional_packages, chroot.with_opts, chroot.isolation)
                for chroot in project.chroots.values()
            },
            # Builds bring packages of their own, once their source was read.
            "packages": {
                package.name: (package.source_type, package.source_dict, package.webhook_rebuild)
                for package in project.packages.values()
                if not project.builds
            },
            "permissions": copy.deepcopy(project.permissions),
            "webhook secret": project.webhook_secret,
            "builds": {number: bool(each.canceled_on) for number, each in project.builds.items()},
        }
        for project in world.projects.values()
    }


def _of_the_report(
    operation: Operation, played: Played, before: Options, world: World, answer: Any
) -> Iterator[str]:
    """Hold what the task reports against the server."""
    if played.crash:
        yield played.crash
    if any(secret in played.told for secret in SECRETS):
        yield "the token shows"
    moved = state_of(world) != before
    if played.result is not None:
        if not operation.believes and not operation.reached(world):
            yield "success, and the server does not have what was asked for"
        if operation.tells and played.result["changed"] != moved:
            yield f"changed is {played.result['changed']}, and that the state moved is {moved}"
        if operation.answer is not None and operation.answer(played.result) != answer:
            yield f"another answer: {_first_difference(operation.answer(played.result), answer)}"
    if played.error is not None:
        if played.error.kind not in PASSING | {operation.error}:
            yield f"an error of the kind {played.error.kind}"
        told = played.error.result.get("changed")
        if told and not moved and not operation.local:
            yield "a failure that tells a change that was not made"
        # Of a request whose answer was lost, nobody knows whether it was carried out.
        if operation.tells and moved and not told and not played.error.maybe_done:
            yield "a failure that does not tell a change that was made"


def _first_difference(one: Any, other: Any, where: str = "") -> str:
    """Say where two answers part."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        pairs = [(f"{where}.{key}", one[key], other[key]) for key in one]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(f"{where}[{n}]", *each) for n, each in enumerate(zip(one, other))]
    else:
        return f"{where} is {one!r}, not {other!r}"
    return next(_first_difference(a, b, path) for path, a, b in pairs if a != b)


def _of_the_builds(
    operation: Operation, played: Played, existing: set[int], world: World
) -> Iterator[str]:
    """Look for builds that were lost, doubled or made up."""
    result = played.result or (played.error.result if played.error else {})
    for build in result.get("builds", []):
        there = world.builds.get(build["id"])
        if there is None and operation.options.get("state") != "absent":
            yield f"build {build['id']} is reported and not on the server"
        elif there is not None and played.result and build["state"] in FINAL:
            state = build_state(world, there)
            if state != build["state"]:
                yield f"build {build['id']} is reported as {build['state']} and is {state}"
    number = len(world.builds)
    complete = played.result is not None or (played.error and played.error.kind == operation.error)
    if operation.builds is not None:
        if number > max(operation.builds, len(existing)):
            yield f"{number} builds, where {operation.builds} were asked for"
        if complete and not operation.believes and number != operation.builds:
            yield f"{number} builds after success, where {operation.builds} were asked for"


def _of_another_run(operation: Operation, bench: Bench) -> Iterator[str]:
    """Run the task again undisturbed: it completes what is missing, and a third changes nothing."""
    if not operation.again:
        return
    again = bench.play(operation.module, operation.options)
    if again.result is None:
        yield f"run again, it fails: {again.error and again.error.message}{again.crash or ''}"
        return
    if not operation.reached(bench.world):
        yield "run again, it succeeds, and the server does not have what was asked for"
    if operation.builds is not None and len(bench.world.builds) != operation.builds:
        yield f"run again, there are {len(bench.world.builds)} builds, not {operation.builds}"
    if operation.tells:
        before = state_of(bench.world)
        third = bench.play(operation.module, operation.options)
        if third.result is None or third.result["changed"] or state_of(bench.world) != before:
            yield f"run a third time, it changes something: {third.told}"


@dataclass
class Tally:
    """What many runs came to."""

    runs: int = 0
    untouched: int = 0
    succeeded: int = 0
    strikes: Counter[str] = field(default_factory=Counter)
    operations: Counter[str] = field(default_factory=Counter)
    failed: list[Run] = field(default_factory=list)

    def add(self, done: Run) -> None:
        """Count a run."""
        self.runs += 1
        self.untouched += not done.struck
        self.succeeded += done.outcome == "ok"
        self.strikes.update(each.strike for each in done.struck)
        self.operations[done.operation] += 1
        if done.complaints:
            self.failed.append(done)

    def __str__(self) -> str:
        lines = [f"{count:6} {strike}" for strike, count in sorted(self.strikes.items())]
        lines += [
            f"{self.runs} runs of {len(self.operations)} operations",
            f"{self.strikes.total()} requests broken in {len(self.strikes)} ways,"
            f" none in {self.untouched} runs",
            f"{self.succeeded} runs succeeded all the same, {self.runs - self.succeeded} failed",
            f"{len(self.failed)} did not keep what is promised",
        ]
        return "\n".join(lines)
