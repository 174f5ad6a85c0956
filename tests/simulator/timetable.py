# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far builds are by the clock alone.

Nothing runs in the background: every state is worked out from the clock when it is asked for.
A build passes through these phases, each one step long:

    pending, starting, importing (the source), pending, starting, running (the RPMs), the end

A source that fails ends in place of importing. A chroot that fails ends half a step after it began
to run; aarch64 takes a step longer than the others; slow builds run SLOW steps longer.
"""

from __future__ import annotations

from .building import Progress
from .lifecycle import FINAL
from .world import Batch, Build, World

SLOW = 10
SOURCE_STARTS, SOURCE_ENDS, IMPORTED, CHROOTS_START, CHROOTS_RUN = 1, 2, 3, 4, 5


class Timetable:
    """Tells how far builds of a world are."""

    def __init__(self, world: World) -> None:
        self.world = world

    def source(self, build: Build) -> Progress:
        """Return the source of a build."""
        steps = self._steps(build, self._frozen_now(build))
        if steps < SOURCE_STARTS:
            return Progress("pending")
        if steps < SOURCE_ENDS:
            return Progress("starting")
        if build.plan.source_failure:
            return Progress("failed", has_results=True)
        if steps < IMPORTED:
            return Progress("importing", has_results=True)
        return Progress("succeeded", has_results=True)

    def chroot(self, build: Build, chroot: str) -> Progress:
        """One chroot of a build. After a cancel it stays as it was for a step, then it follows."""
        if chroot in build.chroots_ended_on:
            progress = self._undisturbed(build, chroot, build.chroots_ended_on[chroot])
            return Progress("canceled", progress.started_on, None, progress.has_results)
        progress = self._undisturbed(build, chroot, self._frozen_now(build))
        canceled_on, world = build.canceled_on, self.world
        if canceled_on is None or progress.state in FINAL or world.now() < canceled_on + world.step:
            return progress
        return Progress("canceled", progress.started_on, None, progress.has_results)

    def forget(self, build: Build) -> None:
        """Note the end of a build for those that wait for its batch."""
        batch = build.batch
        if batch:
            batch.ended_before = max(batch.ended_before, self._finish(build, self._opens(batch)))

    def _undisturbed(self, build: Build, chroot: str, now: float) -> Progress:
        begin, step = self._begins(build), self.world.step
        steps = self._steps(build, now)
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

    def _begins(self, build: Build) -> float:
        """When a build's turn comes: at once, or when the batch it waits for has ended."""
        if build.batch is None:
            return build.submitted_on
        return max(build.submitted_on, self._opens(build.batch))

    def _opens(self, batch: Batch) -> float:
        """When the builds of a batch may begin: when the batch before it has ended.

        Chains of batches may be long, so there is no recursion, and what was worked out is kept
        until the next request.
        """
        openings = self.world.openings
        waiting = []
        link = batch
        while link.id not in openings and link.after is not None:
            waiting.append(link)
            link = link.after
        opens = openings.setdefault(link.id, 0.0)
        for later in reversed(waiting):
            ends = [self._finish(build, opens) for build in link.builds]
            opens = openings[later.id] = max([opens, link.ended_before, *ends])
            link = later
        return opens

    def _finish(self, build: Build, opens: float) -> float:
        """When a build is done if its batch opens at a given time. Canceling it ends it at once."""
        begin = max(build.submitted_on, opens)
        if build.plan.source_failure:
            steps: float = SOURCE_ENDS
        else:
            chroots = build.chroots or build.project.enabled_chroots()
            steps = max((_length(build, chroot) for chroot in chroots), default=IMPORTED)
        finish = begin + steps * self.world.step
        return finish if build.canceled_on is None else min(finish, build.canceled_on)

    def _steps(self, build: Build, now: float) -> float:
        return (now - self._begins(build)) / self.world.step

    def _frozen_now(self, build: Build) -> float:
        """Return the present, or the moment of the cancel: a canceled build does not go on."""
        now = self.world.now()
        return now if build.canceled_on is None else min(now, build.canceled_on)


def _length(build: Build, chroot: str) -> float:
    """Return the steps from the begin of a build to the end of one of its chroots."""
    if build.plan.skips(chroot):
        return IMPORTED
    length = CHROOTS_RUN + 1 + (SLOW if build.plan.slow else 0)
    if build.plan.failure_in(chroot):
        return length - 0.5
    return length + (1 if chroot.endswith("-aarch64") else 0)
