# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bringing the objects of a noun into the state that a task asks for.

C(prepare) reads the objects and compares them with the wishes. C(fulfil) carries out the plan, then
reads and compares again, which verifies the changes and detects what others did meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Callable

from ..nouns.resource import Field, Resource, Thing
from ..plan import Plan, Record, carry_out
from ..task import Module, Task
from ..wire.errors import CoprError
from .compare import predicted
from .steps import Draft, Scope, draft_of
from .wishes import Wish, checks_for, options_for, resolved, wishes_of

# How often changes are repeated if others undo them at the same time.
ROUNDS = 8


@dataclass(frozen=True)
class Outcome:
    """The result of carrying out wishes, or its prediction.

    Attributes:
        wishes: the wishes as Scope.start has adapted them.
        things: the resulting objects, by key, without deleted ones.
        unmanaged: keys of the objects that no wish names; empty if they were not read.
        unverified: the given fields that no response of the server shows.
    """

    wishes: Sequence[Wish]
    things: dict[str, Thing]
    unmanaged: list[str] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)


def manager_of(resource: Resource) -> Module:
    """Return a module that manages the objects of a noun."""
    return Module(options_for(resource), lambda task: make_so(task, resource), checks_for(resource))


def make_so(task: Task, resource: Resource, wishes: Sequence[Wish] | None = None) -> dict[str, Any]:
    """Run a module that manages objects of a noun (wishes.options_for); return its result.

    C(wishes) are those of the task; by default they follow from its options (wishes.wishes_of).
    """
    scope = Scope(task.client, resource, task.project())
    state = task.params["state"]
    if task.params["purge"] and state != "present":
        raise CoprError("invalid", f"purge can be used only with state present, not with {state}.")
    whole = task.given.get(resource.plural) is not None
    purge = whole and task.params["purge"]
    wishes = wishes_of(task, resource) if wishes is None else wishes
    work = prepare(scope, wishes, task.warn, read_all=whole, purge=purge)
    outcome = fulfil(work, task.record)
    return {
        resource.plural: [resource.shown(key, thing) for key, thing in outcome.things.items()],
        "unmanaged": {resource.plural: outcome.unmanaged},
        "unverified": outcome.unverified,
    }


@dataclass
class Work:
    """The planned work for some wishes, after comparing them with the existing objects.

    Attributes:
        found: the objects that exist, or will exist after the first steps of the plan.
        unmanaged: keys of the objects that no wish names; empty if they were not read.
        to_verify: whether the changes are verified afterwards.
    """

    scope: Scope
    wishes: Sequence[Wish]
    found: Mapping[str, Thing]
    unmanaged: list[str]
    plan: Plan
    draft: Draft
    to_verify: bool

    @property
    def outcome(self) -> Outcome:
        """The objects as they will be when the wishes are fulfilled."""
        return _outcome(self.scope, self.wishes, self.found, self.unmanaged)


def prepare(
    scope: Scope,
    wishes: Sequence[Wish],
    warn: Callable[[str], None],
    *,
    read_all: bool = False,
    purge: bool = False,
    known: Mapping[str, Thing] | None = None,
) -> Work:
    """Read the existing objects, and plan how to fulfil the wishes. Sends no change.

    Args:
        read_all: read all objects of the project, to find those that are not managed.
        purge: delete the objects that no wish names.
        known: the objects, if they were read already.

    Raises CoprError for a wish that can't be fulfilled.
    """
    wishes, missing = resolved(scope.client, scope.resource, scope.project, wishes, warn)
    try:
        keys = None if read_all else [wish.key for wish in wishes]
        found = dict(scope.read(keys, wishes) if known is None else known)
    except CoprError as error:
        if error.kind != "not_found":
            raise
        # An earlier task of the play may create the project.
        found, missing = {}, [error]
    unmanaged = sorted(set(found) - {wish.key for wish in wishes}) if read_all else []
    if purge:
        wishes = [*wishes, *(Wish(key, absent=True) for key in unmanaged)]
        unmanaged = []
    starts = [scope.start(wish, found.get(wish.key)) for wish in wishes]
    first = [step for start in starts for step in start.steps]
    wishes = [start.wish for start in starts]
    found.update({start.wish.key: start.thing for start in starts if start.thing is not None})
    draft = draft_of(scope, wishes, found)
    plan = Plan([*first, *draft.steps], missing, scope.client.at_once)
    if scope.resource.allowed is not None and not missing and known != {}:
        plan.allowed = partial(scope.resource.allowed, scope.client, scope.project)
    if not plan.steps and all(wish.absent for wish in wishes):
        # If everything should be absent, a missing project is no problem.
        plan.missing = []
    return Work(scope, wishes, found, unmanaged, plan, draft, bool(first) or draft.changes)


def fulfil(work: Work, record: Record) -> Outcome:
    """Carry out the plan; then read and compare again, until the wishes are fulfilled.

    Raises CoprError: what carry_out raises; (server) if the server accepted a change but still
    shows another value; (conflict) if others keep undoing a change. Its result contains the objects
    that were changed before the failure.
    """
    scope, wishes = work.scope, work.wishes
    found, plan, draft, changes = work.found, work.plan, work.draft, work.to_verify
    keys = [wish.key for wish in wishes]
    sent: set[tuple[str, str]] = set()
    for rounds in range(ROUNDS + 1):
        outcome = _outcome(scope, wishes, found, work.unmanaged)
        with _telling(scope, record, outcome):
            if rounds == ROUNDS and changes:
                raise _undone(scope, draft)
            made = carry_out(plan, record)
            if not made or not changes:
                break
            sent |= draft.sent
            # An object that somebody else created meanwhile may differ in any field.
            read = scope.read if draft.created else scope.read_again
            found = read(keys, wishes)
            draft = draft_of(scope, wishes, found)
            _verify(scope, wishes, found, sent & draft.sent)
        plan, changes = Plan(draft.steps, at_once=scope.client.at_once), draft.changes
    return outcome


# --- results ---------------------------------------------------------------------------------


def _outcome(
    scope: Scope, wishes: Sequence[Wish], found: Mapping[str, Thing], unmanaged: list[str]
) -> Outcome:
    """Return the objects as they will be when the wishes are fulfilled."""
    resource = scope.resource
    things = {
        wish.key: predicted(resource, wish, found.get(wish.key), scope.blank(wish.key))
        for wish in wishes
        if not (wish.absent and resource.delete is not None)
    }
    unseen = {
        name
        for wish in wishes
        for name in wish.given
        if wish.key in things and _unseen(resource.fields[name], things[wish.key])
    }
    return Outcome(wishes, things, unmanaged, sorted(unseen))


def _unseen(each: Field, thing: Thing) -> bool:
    return each.write_only or not (each.cached or each.name in thing)


@contextmanager
def _telling(scope: Scope, record: Record, outcome: Outcome) -> Iterator[None]:
    """Add the objects that were changed before a failure to its result."""
    try:
        yield
    except CoprError as error:
        changed = {difference.subject for difference in record.differences}
        done = [
            scope.resource.shown(key, thing)
            for key, thing in outcome.things.items()
            if scope.subject(key) in changed
        ]
        error.result.setdefault(scope.resource.plural, done)
        raise


def _verify(
    scope: Scope,
    wishes: Sequence[Wish],
    found: Mapping[str, Thing],
    again: set[tuple[str, str]],
) -> None:
    """Verify the changes; C(again) are the fields that were sent and still differ."""
    resource = scope.resource
    for wish in wishes:
        subject = scope.subject(wish.key)
        if wish.key not in found and resource.create is not None and not wish.absent:
            raise CoprError(
                "not_found", f"Somebody deleted {subject} while this task was changing it."
            )
        names = sorted(
            name
            for key, name in again
            if key == wish.key and name in found.get(key, {}) and not resource.fields[name].gathers
        )
        if names:
            raise CoprError(
                "server",
                f"Copr accepted the change of {subject} but still shows other values for: "
                f"{', '.join(names)}.",
            )


def _undone(scope: Scope, draft: Draft) -> CoprError:
    subjects = ", ".join(map(scope.subject, draft.values))
    return CoprError(
        "conflict",
        f"{subjects} did not keep the values that this task set, {ROUNDS} times in a row, because "
        "somebody else is changing it at the same time.",
    )
