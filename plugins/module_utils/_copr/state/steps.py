# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From wishes to steps: which calls bring the objects of a noun into the wanted state."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Callable

from ..nouns.names import ProjectName
from ..nouns.resource import Change, ChangeMany, Create, Delete, Resource, Thing, Values
from ..plan import Difference, Step
from ..wire.client import Client
from .compare import compare, given_by, wanted_of
from .wishes import Wish


@dataclass(frozen=True)
class Start:
    """The state that a wish starts from, if that is not simply the existing object.

    Attributes:
        thing: the object, or how it will be after C(steps); None if it does not exist.
        steps: the first steps, such as a fork.
    """

    wish: Wish
    thing: Thing | None
    steps: Sequence[Step] = ()


@dataclass(frozen=True)
class Scope:
    """The objects that a task manages: a resource of a project.

    Attributes:
        start: adapts a wish to the existing object, or to None, before anything is planned.
    """

    client: Client
    resource: Resource
    project: ProjectName
    start: Callable[[Wish, Thing | None], Start] = Start

    def subject(self, key: str) -> str:
        """Return the name of an object in messages and diffs."""
        return self.resource.subject(self.project, key)

    def blank(self, key: str) -> Thing:
        """Return an object with defaults only."""
        return self.resource.blank(self.project, key)

    def read(self, keys: Collection[str] | None, wishes: Sequence[Wish]) -> dict[str, Thing]:
        """Return the objects of these keys, or all, with the fields that the wishes name."""
        fields = {name for wish in wishes for name in given_by(self.resource, wish)}
        return self.resource.read(self.client, self.project, keys, fields)

    def read_again(self, keys: Collection[str] | None, wishes: Sequence[Wish]) -> dict[str, Thing]:
        """Return the same after changes, without fields that the server may still cache."""
        fields = {name for wish in wishes for name in given_by(self.resource, wish)}
        fresh = {name for name in fields if not self.resource.fields[name].cached}
        return self.resource.read(self.client, self.project, keys, fresh)


@dataclass
class Draft:
    """The steps that bring objects into the wanted state.

    Attributes:
        created: keys of the objects that they create.
        values: the new values that they send for objects that exist, by key.
    """

    steps: list[Step] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    values: dict[str, Values] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether there is anything to verify; deletions need not be verified."""
        return bool(self.created or self.values)

    @property
    def sent(self) -> set[tuple[str, str]]:
        """The keys and fields that are sent."""
        return {(key, name) for key, values in self.values.items() for name in values}


def draft_of(scope: Scope, wishes: Sequence[Wish], found: Mapping[str, Thing]) -> Draft:
    """Compare wishes with the existing objects, and return the steps that fulfil them.

    Raises CoprError (invalid) for a change that the server can't make.
    """
    resource = scope.resource
    draft = Draft()
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
    """Return the steps that change one object: one, and one for each field with its own call."""
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
