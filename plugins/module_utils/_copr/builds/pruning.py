# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting the builds of a project that a rule does not keep.

Builds are counted in sets: those of one package, in one chroot, in one directory of the project. A
build is in a set for each of its chroots, and is deleted only if no set keeps it. Builds whose
source was never imported have no package, and may have no chroots; they form sets of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Optional

from ..nouns.build import SUCCESS, chroots_of, is_final, list_builds
from ..nouns.names import ProjectName
from ..nouns.project import require_project
from ..plan import Plan
from ..wire.client import Client
from ..wire.errors import CoprError
from .removal import plan_delete

Build = Mapping[str, Any]
# Directory, package and chroot.
SetKey = tuple[str, Optional[str], Optional[str]]
Sets = Mapping[SetKey, Sequence[Build]]


@dataclass(frozen=True)
class Rule:
    """Which builds are kept, besides those that are never deleted.

    Attributes:
        keep: how many of the newest builds of each set are kept.
        states: only builds in these states, which are final, are counted and deleted.
        until: only builds submitted at this time or before are deleted; None means any time.
    """

    keep: int
    states: Collection[str]
    until: int | None = None

    def counts(self, build: Build) -> bool:
        """Return whether a build counts towards C(keep)."""
        return bool(build["state"] in self.states)

    def lets_go(self, build: Build) -> bool:
        """Return whether a build may be deleted if it is not one of the newest."""
        if not self.counts(build):
            return False
        submitted = build["submitted_on"]
        return self.until is None or (submitted is not None and submitted <= self.until)


@dataclass(frozen=True)
class Pruning:
    """The effect of a rule on the builds of a project.

    Attributes:
        surplus: the builds to delete, newest first.
        kept: how many are kept.
        plan: deletes the surplus.
    """

    surplus: list[dict[str, Any]]
    kept: int
    plan: Plan


def plan_pruning(client: Client, project: ProjectName, rule: Rule) -> Pruning:
    """Read the builds of a project, and plan to delete those that the rule does not keep."""
    try:
        builds = _builds_of(client, project)
    except CoprError as error:
        if error.kind != "not_found":
            raise
        return Pruning([], 0, Plan(missing=[error]))
    surplus = surplus_of(client, builds, rule)
    plan = plan_delete(client, surplus, cancel_running=False)
    return Pruning(surplus, len(builds) - len(surplus), plan)


def _builds_of(client: Client, project: ProjectName) -> list[dict[str, Any]]:
    try:
        return list(list_builds(client, project))
    except CoprError as error:
        if error.kind == "not_found":
            # This raises a more helpful error.
            require_project(client, project)
        raise


def surplus_of(
    client: Client, builds: Iterable[dict[str, Any]], rule: Rule
) -> list[dict[str, Any]]:
    """Return the builds of a project that the rule does not keep, newest first.

    The newest successful build of each set is kept, whatever the rule says.
    """
    newest_first = sorted(builds, key=lambda build: int(build["id"]), reverse=True)
    sets = _sets_of(newest_first)
    going = {build["id"] for build in newest_first if rule.lets_go(build)}
    for members in sets.values():
        counted = [build["id"] for build in members if rule.counts(build)]
        going.difference_update(counted[: rule.keep])
    _spare_last_successes(client, sets, going)
    return [build for build in newest_first if build["id"] in going]


def _sets_of(builds: Iterable[Build]) -> Sets:
    sets: dict[SetKey, list[Build]] = {}
    for build in builds:
        for chroot in build["chroots"] or (None,):
            key = (build["project_dirname"], build["source_package"]["name"], chroot)
            sets.setdefault(key, []).append(build)
    return sets


def _spare_last_successes(client: Client, sets: Sets, going: set[int]) -> None:
    """Remove the newest successful build of each set from those to delete.

    The chroots of a build are read only if they decide. A set may need several builds, one after
    the other, but all sets are read at the same time.
    """
    succeeded: dict[int, set[str]] = {}
    undecided = [(key[2], members) for key, members in sets.items() if key[2] is not None]
    while undecided:
        unread: dict[int, Build] = {}
        still_undecided = []
        for chroot, members in undecided:
            for build in _down_to_the_last(members, going):
                good = _is_success(build, chroot, succeeded)
                if good is None:
                    unread[build["id"]] = build
                    still_undecided.append((chroot, members))
                elif good:
                    going.discard(build["id"])
                if good is not False:
                    break
        succeeded.update(_successes_of(client, unread))
        undecided = still_undecided


def _down_to_the_last(members: Sequence[Build], going: Collection[int]) -> Sequence[Build]:
    """Return the builds of a set down to the oldest that would be deleted."""
    places = [place for place, build in enumerate(members) if build["id"] in going]
    return members[: places[-1] + 1] if places else ()


def _is_success(build: Build, chroot: str, read: Mapping[int, Collection[str]]) -> bool | None:
    """Return whether a build succeeded in a chroot; None if its chroots must be read for that.

    The state of a build is that of its only chroot, unless the build was canceled: the chroot may
    have succeeded before, or a moment later. Forked builds are copies of successful ones. With
    several chroots, C(succeeded) does not show skipped ones, and C(failed) hides successful ones.
    """
    if build["id"] in read:
        return chroot in read[build["id"]]
    if build["state"] == "forked":
        return True
    if not is_final(build):
        # It is kept, but may still be canceled, so it does not count as successful.
        return False
    if len(build["chroots"]) == 1 and build["state"] != "canceled":
        return bool(build["state"] == "succeeded")
    return None


def _successes_of(client: Client, builds: Mapping[int, Build]) -> dict[int, set[str]]:
    """Return the chroots in which each of the builds succeeded; none for a deleted one."""
    answers = client.at_once([partial(chroots_of, client, build) for build in builds.values()])
    return {
        number: {str(chroot["name"]) for chroot in chroots or () if chroot["state"] in SUCCESS}
        for number, chroots in zip(builds, answers)
    }
