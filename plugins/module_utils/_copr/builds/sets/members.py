# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The builds of a set, and the state of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ...nouns.build import is_final
from ...nouns.selection import ChrootNames
from ...plan import Plan
from ...wire.client import Client
from ...wire.errors import CoprError
from ..history import History
from ..order import Order, Outcome, Place, look, place_of
from .graph import dependents_of

# Waiting: not submitted yet. Building: submitted or found, and not finished. Blocked: not
# submitted, because one that it comes after failed. Stopped: not submitted, or canceled, because
# the set was stopped.
State = Literal["waiting", "building", "succeeded", "failed", "blocked", "stopped"]
STATES: tuple[State, ...] = ("succeeded", "building", "waiting", "failed", "blocked", "stopped")


@dataclass
class Member:
    """One build of a set.

    Attributes:
        after: the names of those that it comes after.
        level: the length of the longest chain of others that come before it.
        outcome, plan: its existing builds, and those to submit, as of the last look.
        submitted: the ids of the builds that this task has submitted for it.
        is_new: it was submitted after the builds of the project were last read.
        began, ended: when this task submitted it, and when it finished; None if not.
        hosted: the chroots whose repositories are known to have its packages.
        blocked_by: names of those whose failure prevents its submission.
        shown: its builds that were read in full, as results show them, by id.
        error: why it failed, if not in Copr.
        rounds: how often somebody has deleted builds that were found for it.
    """

    name: str
    after: Sequence[str]
    level: int
    order: Order
    place: Place
    state: State = "waiting"
    outcome: Outcome = field(default_factory=Outcome)
    plan: Plan = field(default_factory=Plan)
    submitted: set[int] = field(default_factory=set)
    is_new: bool = False
    began: float | None = None
    ended: float | None = None
    hosted: set[str] = field(default_factory=set)
    blocked_by: list[str] = field(default_factory=list)
    shown: dict[int, dict[str, Any]] = field(default_factory=dict)
    error: CoprError | None = None
    rounds: int = 0

    @property
    def unfinished(self) -> list[int]:
        """The ids of its unfinished builds."""
        return [int(build["id"]) for build in self.outcome.builds if not is_final(build)]

    @property
    def chroots(self) -> set[str]:
        """The chroots in which it is needed."""
        return set(self.place.chroots)

    def look(
        self, client: Client, history: History | None, say: Callable[[str], None] | None
    ) -> None:
        """Look for its builds, and plan to submit the missing ones."""
        self.outcome, self.plan = look(client, self.order, self.place, history, say, patient=True)
        if self.plan.steps:
            self.state = "waiting"
        elif self.unfinished:
            self.state = "building"
        else:
            self.state = "succeeded"


Members = Mapping[str, Member]


@dataclass(frozen=True)
class Wish:
    """What a task asks for one build of a set."""

    name: str
    after: Sequence[str]
    level: int
    order: Order


def members_of(
    client: Client,
    wishes: Sequence[Wish],
    project: Mapping[str, Any] | None,
    absent: CoprError | None,
    warn: Callable[[str], None],
) -> dict[str, Member]:
    """Return the builds of a set by name, in the order of C(wishes), which is that of the levels.

    C(project) and C(absent) are as C(read_project) returns them. Raises CoprError (invalid) for
    chroots that do not exist, and for two builds of the same source in the same chroot.
    """
    warned: set[str] = set()

    def warn_once(warning: str) -> None:
        if warning not in warned:
            warned.add(warning)
            warn(warning)

    # Most builds of a set have the same chroots, and those that have ended take requests.
    places: dict[ChrootNames, Place] = {}
    members: dict[str, Member] = {}
    for wish in wishes:
        names = wish.order.chroots
        if names not in places:
            places[names] = place_of(client, wish.order, project, absent, warn_once)
        shared = places[names]
        place = replace(shared, missing=[*shared.missing, *wish.order.missing])
        members[wish.name] = Member(wish.name, wish.after, wish.level, wish.order, place)
    _refuse_same(members)
    return members


def _refuse_same(members: Members) -> None:
    by_source: dict[Any, list[Member]] = {}
    for member in members.values():
        for source in member.order.sources:
            for other in by_source.setdefault(source.identity.key, []):
                common = sorted(member.chroots & other.chroots)
                if common:
                    raise CoprError(
                        "invalid",
                        f"{other.name} and {member.name} both build the source {source.label} in "
                        f"{', '.join(common)}; a set can build it there only once.",
                    )
            by_source[source.identity.key].append(member)


def after_of(members: Members) -> dict[str, Sequence[str]]:
    """Return the names that each build comes after."""
    return {member.name: member.after for member in members.values()}


def block_dependents(members: Members, failed: Iterable[str]) -> None:
    """Prevent builds that come after failed ones from being submitted."""
    after = after_of(members)
    for name in failed:
        for dependent in dependents_of(after, [name]):
            member = members[dependent]
            if member.state in ("waiting", "blocked", "stopped"):
                member.state = "blocked"
                if name not in member.blocked_by:
                    member.blocked_by.append(name)


def missing_of(members: Members) -> list[CoprError]:
    """Return the errors for what the builds need but does not exist, each once."""
    errors = [error for member in members.values() for error in member.place.missing]
    return list({error.message: error for error in errors}.values())
