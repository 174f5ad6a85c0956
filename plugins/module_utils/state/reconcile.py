# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making the objects of a noun what a task says.

Read what is there, compare it with the wishes, carry out the plan; then read and compare again,
which verifies the changes and finds what others did meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Callable

from ..nouns.names import ProjectName
from ..nouns.resource import (
    Change,
    ChangeMany,
    Create,
    Delete,
    Field,
    Resource,
    Thing,
    Values,
)
from ..plan import Difference, Plan, Record, Step, carry_out
from ..task import Module, Task
from ..wire.client import Client
from ..wire.errors import CoprError
from .compare import compare, given_by, predicted, wanted_of
from .wishes import Wish, checks_for, options_for, resolved, wishes_of

# How often a set that others change at the same time is changed again.
ROUNDS = 8


@dataclass(frozen=True)
class Start:
    """What a wish starts from, where that is not simply what is there.

    Attributes:
        thing: the object, or how it is after C(steps); None if there is none.
        steps: what comes first, such as a fork.
    """

    wish: Wish
    thing: Thing | None
    steps: Sequence[Step] = ()


@dataclass(frozen=True)
class Scope:
    """Whose objects are made what somebody wishes, and how.

    Attributes:
        start: fits a wish to the object that is there, or to none, before anything is planned.
    """

    client: Client
    resource: Resource
    project: ProjectName
    start: Callable[[Wish, Thing | None], Start] = Start

    def subject(self, key: str) -> str:
        """Return how messages and diffs call an object."""
        return self.resource.subject(self.project, key)

    def blank(self, key: str) -> Thing:
        """Return an object with defaults only."""
        return self.resource.blank(self.project, key)

    def read(self, keys: Collection[str] | None, wishes: Sequence[Wish]) -> dict[str, Thing]:
        """Return the objects of these keys, or all, with the fields that the wishes name."""
        fields = {name for wish in wishes for name in given_by(self.resource, wish)}
        return self.resource.read(self.client, self.project, keys, fields)

    def read_again(self, keys: Collection[str] | None, wishes: Sequence[Wish]) -> dict[str, Thing]:
        """Return the same after changes, without what may be shown as it was before them."""
        fields = {name for wish in wishes for name in given_by(self.resource, wish)}
        fresh = {name for name in fields if not self.resource.fields[name].cached}
        return self.resource.read(self.client, self.project, keys, fresh)


@dataclass(frozen=True)
class Outcome:
    """What came of the wishes, or would.

    Attributes:
        wishes: the wishes as Scope.start fitted them.
        things: the objects wished for, by key, as they are then; without those that are gone.
        unmanaged: keys of the objects that no wish names; empty if they were not read.
        unverified: the fields given that no answer of the server shows.
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

    C(wishes) are those of the task (wishes.wishes_of), if they need more than it says.
    """
    scope = Scope(task.client, resource, task.project())
    whole = task.given.get(resource.plural) is not None
    purge = whole and task.params["purge"]
    wishes = wishes_of(task, resource) if wishes is None else wishes
    outcome = reconcile(scope, task.record, wishes, read_all=whole, purge=purge)
    return {
        resource.plural: [resource.shown(key, thing) for key, thing in outcome.things.items()],
        "unmanaged": {resource.plural: outcome.unmanaged},
        "unverified": outcome.unverified,
    }


def reconcile(
    scope: Scope,
    record: Record,
    wishes: Sequence[Wish],
    *,
    read_all: bool = False,
    purge: bool = False,
) -> Outcome:
    """Make the objects of a project what the wishes say.

    Args:
        read_all: read all objects of the project, so as to tell which are not managed.
        purge: have those go that no wish names.

    Raises CoprError: for a wish that can't be fulfilled, before anything is sent; (server) when
    the server took a change and yet shows another value; (conflict) when others keep undoing a
    change. Its result tells the objects that were changed before it.
    """
    wishes, missing = resolved(scope.client, scope.resource, scope.project, wishes, record.warn)
    try:
        found = scope.read(None if read_all else [wish.key for wish in wishes], wishes)
    except CoprError as error:
        if error.kind != "not_found":
            raise
        # An earlier task of the play may be going to create the project.
        found, missing = {}, [error]
    unmanaged = sorted(set(found) - {wish.key for wish in wishes}) if read_all else []
    if purge:
        wishes = [*wishes, *(Wish(key, absent=True) for key in unmanaged)]
        unmanaged = []
    starts = [scope.start(wish, found.get(wish.key)) for wish in wishes]
    first = [step for start in starts for step in start.steps]
    wishes = [start.wish for start in starts]
    found.update({start.wish.key: start.thing for start in starts if start.thing is not None})
    draft = _draft(scope, wishes, found)
    plan = Plan([*first, *draft.steps], missing)
    if not plan.steps and all(wish.absent for wish in wishes):
        # What is to be gone needs nothing to be gone from.
        plan.missing = []
    changes = bool(first) or draft.changes
    keys = [wish.key for wish in wishes]
    sent: set[tuple[str, str]] = set()
    for rounds in range(ROUNDS + 1):
        outcome = _outcome(scope, wishes, found, unmanaged)
        with _telling(scope, record, outcome):
            if rounds == ROUNDS and changes:
                raise _undone(scope, draft)
            made = carry_out(plan, record)
            if not made or not changes:
                break
            sent |= draft.sent
            # What somebody else created meanwhile may lack anything.
            read = scope.read if draft.created else scope.read_again
            found = read(keys, wishes)
            draft = _draft(scope, wishes, found)
            _verify(scope, wishes, found, sent & draft.sent)
        plan, changes = Plan(draft.steps), draft.changes
    return outcome


# --- from wishes to steps --------------------------------------------------------------------


@dataclass
class _Draft:
    """The steps that bring objects to what is wished.

    Attributes:
        created: keys of the objects that they create.
        values: the new values that they send for objects that exist, by key.
    """

    steps: list[Step] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    values: dict[str, Values] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether there is anything to verify; what is deleted is gone."""
        return bool(self.created or self.values)

    @property
    def sent(self) -> set[tuple[str, str]]:
        """The keys and fields that are sent."""
        return {(key, name) for key, values in self.values.items() for name in values}


def _draft(scope: Scope, wishes: Sequence[Wish], found: Mapping[str, Thing]) -> _Draft:
    resource = scope.resource
    draft = _Draft()
    together: dict[str, Values] = {}
    for wish in wishes:
        thing = found.get(wish.key)
        if wish.absent and resource.delete is not None:
            if thing is not None:
                draft.steps.append(_deletion(scope, wish.key, thing, resource.delete))
            continue
        if thing is None and resource.create is not None:
            draft.steps.append(_creation(scope, wish, resource.create))
            draft.created.append(wish.key)
            continue
        thing = scope.blank(wish.key) if thing is None else thing
        values = compare(resource, wish, thing, scope.subject(wish.key)).values
        if values:
            draft.values[wish.key] = values
            if resource.change_many is not None:
                together[wish.key] = values
            else:
                draft.steps += _changes(scope, wish.key, values, thing)
    if together and resource.change_many is not None:
        draft.steps.append(_change_together(scope, together, found, resource.change_many))
    return draft


def _creation(scope: Scope, wish: Wish, create: Create) -> Step:
    wanted = wanted_of(scope.resource, wish, {})
    values = {name: wanted[name] for name, value in wish.given.items() if value is not None}
    after = {scope.resource.key: wish.key, **values}
    return Step(
        [Difference(scope.subject(wish.key), None, after)],
        lambda: create(scope.client, scope.project, wish.key, values),
        lambda: _foresee(scope, wish.key, {}, values),
    )


def _deletion(scope: Scope, key: str, thing: Thing, delete: Delete) -> Step:
    difference = Difference(scope.subject(key), scope.resource.shown(key, thing), None)
    return Step(
        [difference],
        lambda: None if delete(scope.client, scope.project, key) else [],
        lambda: _foresee(scope, key, thing, None),
    )


def _changes(scope: Scope, key: str, values: Values, thing: Thing) -> list[Step]:
    """Return the steps that change one object: one, and one for each field that goes apart."""
    apart = {name: call for name, call in scope.resource.apart.items() if name in values}
    rest = {name: value for name, value in values.items() if name not in apart}
    steps = [_change(scope, key, rest, thing, scope.resource.change)] if rest else []
    for name, call in apart.items():
        steps.append(_change(scope, key, {name: values[name]}, thing, call))
    return steps


def _change(scope: Scope, key: str, values: Values, thing: Thing, call: Change) -> Step:
    def send() -> Sequence[Difference] | None:
        done = call(scope.client, scope.project, key, values, thing)
        return [] if done is False else None

    return Step(
        [_difference(scope, key, values, thing)],
        send,
        lambda: _foresee(scope, key, thing, values),
    )


def _change_together(
    scope: Scope,
    values: Mapping[str, Values],
    found: Mapping[str, Thing],
    change_many: ChangeMany,
) -> Step:
    things = {key: found[key] if key in found else scope.blank(key) for key in values}
    return Step(
        [_difference(scope, key, values[key], things[key]) for key in values],
        lambda: change_many(scope.client, scope.project, values),
    )


def _foresee(scope: Scope, key: str, thing: Thing, values: Values | None) -> None:
    if scope.resource.foresee is not None:
        scope.resource.foresee(scope.client, scope.project, key, thing, values)


def _difference(scope: Scope, key: str, values: Values, thing: Thing) -> Difference:
    before = {name: thing[name] for name in values if name in thing}
    return Difference(scope.subject(key), before, values)


# --- what came of it -------------------------------------------------------------------------


def _outcome(
    scope: Scope, wishes: Sequence[Wish], found: Mapping[str, Thing], unmanaged: list[str]
) -> Outcome:
    """Return the objects as they are once the wishes are fulfilled."""
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
    """Put into the result of a failure the objects that were changed before it."""
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
    """Make sure that the changes took; C(again) are the fields sent that differ all the same."""
    resource = scope.resource
    for wish in wishes:
        subject = scope.subject(wish.key)
        if wish.key not in found and resource.create is not None and not wish.absent:
            raise CoprError(
                "not_found", f"{subject} was deleted by somebody while it was being changed."
            )
        names = sorted(
            name
            for key, name in again
            if key == wish.key and name in found.get(key, {}) and not resource.fields[name].gathers
        )
        if names:
            raise CoprError(
                "server",
                f"Copr took the change of {subject} but shows other values for: "
                f"{', '.join(names)}.",
            )


def _undone(scope: Scope, draft: _Draft) -> CoprError:
    subjects = ", ".join(map(scope.subject, draft.values))
    return CoprError(
        "conflict",
        f"{subjects} did not stay as set, {ROUNDS} times in a row. Somebody else changes it at the "
        "same time.",
    )
