# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How builds go on over time.

Nothing runs in the background: every state is worked out from the clock when it is asked for.
A build passes through these phases, each one step long:

    pending, starting, importing (the source), pending, starting, running (the RPMs), the end

A source that fails ends in place of importing. A chroot that fails ends half a step after it began
to run; aarch64 takes a step longer than the others; slow builds run SLOW steps longer.
"""

from __future__ import annotations

from dataclasses import dataclass

from .world import Batch, Build, ChrootState, World

SLOW = 10
SOURCE_STARTS, SOURCE_ENDS, IMPORTED, CHROOTS_START, CHROOTS_RUN = 1, 2, 3, 4, 5

FINAL = frozenset({"succeeded", "failed", "canceled", "skipped", "forked", "unknown"})
SOURCE_UNFINISHED = frozenset({"pending", "starting", "importing"})
PRECEDENCE = ("running", "starting", "pending", "failed", "succeeded", "skipped", "forked")
"""A build is in the first of these states that any of its chroots is in."""


@dataclass(frozen=True)
class Progress:
    """State and times of a chroot of a build, or of its source."""

    state: str
    started_on: float | None = None
    ended_on: float | None = None
    has_results: bool = False


def settle(world: World) -> None:
    """Do what is due: builds whose source has been built get their chroots and their package."""
    world.openings.clear()
    now = world.now()
    due = [build for build in world.unimported.values() if _import_is_due(world, build, now)]
    for build in due:
        _import(world, build)


def set_chroot(world: World, name: str, state: ChrootState) -> None:
    """Do what an administrator does to a chroot; one that ends cancels what is built in it."""
    with world.lock:
        settle(world)
        for build in world.builds.values() if state == "ended" else ():
            if name in build.chroots and chroot_progress(world, build, name).state not in FINAL:
                build.chroots_ended_on[name] = world.now()
        world.set_chroot(name, state)


def build_state(world: World, build: Build) -> str:
    """Return the state of a build as a whole."""
    if build.forked_from:
        return "forked"
    if build.canceled_on is not None:
        return "canceled"
    source = source_progress(world, build)
    if source.state != "succeeded":
        return source.state
    states = {chroot_progress(world, build, name).state for name in build.chroots}
    if states == {"canceled"}:
        # All its chroots have ended, though nobody has canceled the build.
        return "unknown"
    return next((state for state in PRECEDENCE if state in states), "succeeded")


def is_finished(world: World, build: Build) -> bool:
    """Whether the state of a build is final."""
    return build_state(world, build) in FINAL


def build_times(world: World, build: Build) -> tuple[float | None, float | None]:
    """When the first chroot started and when the last one ended; null while that is unknown."""
    chroots = [chroot_progress(world, build, name) for name in build.chroots]
    starts = [chroot.started_on for chroot in chroots if chroot.started_on is not None]
    ends = [chroot.ended_on for chroot in chroots if chroot.ended_on is not None]
    all_ended = bool(chroots) and len(ends) == len(chroots)
    return min(starts, default=None), max(ends) if all_ended else None


def source_progress(world: World, build: Build) -> Progress:
    """Return the source of a build."""
    if build.forked_from:
        return Progress("forked")
    steps = _steps(world, build, _frozen_now(world, build))
    if steps < SOURCE_STARTS:
        return Progress("pending")
    if steps < SOURCE_ENDS:
        return Progress("starting")
    if build.plan.source_failure:
        return Progress("failed", has_results=True)
    if steps < IMPORTED:
        return Progress("importing", has_results=True)
    return Progress("succeeded", has_results=True)


def chroot_progress(world: World, build: Build, chroot: str) -> Progress:
    """One chroot of a build. After a cancel it stays as it was for a step, then it is canceled."""
    if build.forked_from:
        original = chroot_progress(world, build.forked_from, chroot)
        return Progress("forked", original.started_on, original.ended_on, has_results=True)
    if chroot in build.chroots_ended_on:
        progress = _undisturbed(world, build, chroot, build.chroots_ended_on[chroot])
        return Progress("canceled", progress.started_on, None, progress.has_results)
    progress = _undisturbed(world, build, chroot, _frozen_now(world, build))
    canceled_on = build.canceled_on
    if canceled_on is None or progress.state in FINAL or world.now() < canceled_on + world.step:
        return progress
    return Progress("canceled", progress.started_on, None, progress.has_results)


def _undisturbed(world: World, build: Build, chroot: str, now: float) -> Progress:
    begin, step = begins(world, build), world.step
    steps = _steps(world, build, now)
    if build.plan.source_failure and steps >= SOURCE_ENDS:
        moment = begin + SOURCE_ENDS * step
        return Progress("failed", moment, moment)
    if build.plan.skips(chroot) and steps >= SOURCE_ENDS:
        moment = begin + SOURCE_ENDS * step
        return Progress("skipped", moment, moment)
    if steps < IMPORTED:
        return Progress("waiting")
    if steps < CHROOTS_START:
        return Progress("pending")
    started = begin + CHROOTS_START * step
    if steps < CHROOTS_RUN:
        return Progress("starting", started)
    length = _length(build, chroot)
    if steps < length:
        return Progress("running", started, has_results=True)
    state = "failed" if build.plan.failure_in(chroot) else "succeeded"
    return Progress(state, started, begin + length * step, has_results=True)


def begins(world: World, build: Build) -> float:
    """When a build's turn comes: at once, or when the batch it waits for has ended."""
    if build.batch is None:
        return build.submitted_on
    return max(build.submitted_on, _opens(world, build.batch))


def batch_is_finished(world: World, batch: Batch) -> bool:
    """Whether every build of a batch has ended."""
    return all(is_finished(world, build) for build in batch.builds)


def remember_end(world: World, build: Build) -> None:
    """Note the end of a build that is about to be deleted, for those that wait for its batch."""
    batch = build.batch
    if batch:
        batch.ended_before = max(batch.ended_before, _finish(world, build, _opens(world, batch)))


def _opens(world: World, batch: Batch) -> float:
    """When the builds of a batch may begin: when the batch before it has ended.

    Chains of batches may be long, so there is no recursion, and what was worked out is kept until
    the next request.
    """
    waiting = []
    link = batch
    while link.id not in world.openings and link.after is not None:
        waiting.append(link)
        link = link.after
    opens = world.openings.setdefault(link.id, 0.0)
    for later in reversed(waiting):
        ends = [_finish(world, build, opens) for build in link.builds]
        opens = world.openings[later.id] = max([opens, link.ended_before, *ends])
        link = later
    return opens


def _finish(world: World, build: Build, opens: float) -> float:
    """When a build is done if its batch opens at a given time. Cancelling it ends it at once."""
    begin = max(build.submitted_on, opens)
    if build.plan.source_failure:
        steps: float = SOURCE_ENDS
    else:
        chroots = build.chroots or build.project.enabled_chroots()
        steps = max((_length(build, chroot) for chroot in chroots), default=IMPORTED)
    finish = begin + steps * world.step
    return finish if build.canceled_on is None else min(finish, build.canceled_on)


def _length(build: Build, chroot: str) -> float:
    """Return the steps from the begin of a build to the end of one of its chroots."""
    if build.plan.skips(chroot):
        return IMPORTED
    length = CHROOTS_RUN + 1 + (SLOW if build.plan.slow else 0)
    if build.plan.failure_in(chroot):
        return length - 0.5
    return length + (1 if chroot.endswith("-aarch64") else 0)


def _steps(world: World, build: Build, now: float) -> float:
    return (now - begins(world, build)) / world.step


def _frozen_now(world: World, build: Build) -> float:
    """Return the present, or the moment of the cancel: a canceled build does not go on."""
    return world.now() if build.canceled_on is None else min(world.now(), build.canceled_on)


def _import_is_due(world: World, build: Build, now: float) -> bool:
    return build.canceled_on is not None or _steps(world, build, now) >= SOURCE_ENDS


def _import(world: World, build: Build) -> None:
    """Give a build its chroots and its package, unless its source failed or was canceled."""
    steps = _steps(world, build, _frozen_now(world, build))
    del world.unimported[build.id]
    build.imported = True
    if steps < SOURCE_ENDS or build.plan.source_failure:
        return
    project = build.project
    build.chroots = build.chroots or project.enabled_chroots()
    build.package_name = build.package_name or build.plan.name
    if build.package_name not in project.packages:
        package = world.add_package(project, build.package_name)
        package.source_type = build.source_type
        package.source_dict = dict(build.source_dict)
