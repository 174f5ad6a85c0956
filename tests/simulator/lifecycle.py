# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How builds go on: what the server makes of what its builder tells.

The builder tells the states of sources and chroots. That of a build follows from them; so does its
import, which gives it a package and its chroots.
"""

from __future__ import annotations

from .building import Progress
from .world import Batch, Build, ChrootState, World

FINAL = frozenset({"succeeded", "failed", "canceled", "skipped", "forked", "unknown"})
SOURCE_UNFINISHED = frozenset({"pending", "starting", "running", "importing"})
SOURCE_MADE = frozenset({"importing", "succeeded"})
PRECEDENCE = ("running", "starting", "pending", "failed", "succeeded", "skipped", "forked")
"""A build is in the first of these states that any of its chroots is in."""


def settle(world: World) -> None:
    """Do what is due: builds whose source has been built get their chroots and their package."""
    world.openings.clear()
    for build in [build for build in world.unimported.values() if _import_is_due(world, build)]:
        _import(world, build)


def cancel(world: World, build: Build) -> None:
    """Cancel an unfinished build; its chroots follow a moment later."""
    build.canceled_on = world.now()
    world.builder.stop(build)


def set_chroot(world: World, name: str, state: ChrootState) -> None:
    """Do what an administrator does to a chroot; one that ends cancels what is built in it."""
    with world.lock:
        settle(world)
        for build in world.builds.values() if state == "ended" else ():
            if name in build.chroots and chroot_progress(world, build, name).state not in FINAL:
                build.chroots_ended_on[name] = world.now()
                world.builder.stop(build, [name])
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


def batch_is_finished(world: World, batch: Batch) -> bool:
    """Whether every build of a batch has ended."""
    return all(is_finished(world, build) for build in batch.builds)


def build_times(world: World, build: Build) -> tuple[float | None, float | None]:
    """When the first chroot started and when the last one ended; null while that is unknown."""
    chroots = [chroot_progress(world, build, name) for name in build.chroots]
    starts = [chroot.started_on for chroot in chroots if chroot.started_on is not None]
    ends = [chroot.ended_on for chroot in chroots if chroot.ended_on is not None]
    all_ended = bool(chroots) and len(ends) == len(chroots)
    return min(starts, default=None), max(ends) if all_ended else None


def source_progress(world: World, build: Build) -> Progress:
    """Return the source of a build."""
    return Progress("forked") if build.forked_from else world.builder.source(build)


def chroot_progress(world: World, build: Build, chroot: str) -> Progress:
    """One chroot of a build."""
    if build.forked_from:
        original = chroot_progress(world, build.forked_from, chroot)
        return Progress("forked", original.started_on, original.ended_on, has_results=True)
    return world.builder.chroot(build, chroot)


def _import_is_due(world: World, build: Build) -> bool:
    return build.canceled_on is not None or (
        world.builder.source(build).state in SOURCE_MADE | {"failed"}
    )


def _import(world: World, build: Build) -> None:
    """Give a build its chroots and its package, unless its source failed or was canceled."""
    del world.unimported[build.id]
    build.imported = True
    if world.builder.source(build).state not in SOURCE_MADE:
        return
    project = build.project
    build.chroots = build.chroots or project.enabled_chroots()
    build.package_name = build.package_name or build.plan.name
    if build.package_name not in project.packages:
        package = world.add_package(project, build.package_name)
        package.source_type = build.source_type
        package.source_dict = dict(build.source_dict)
