# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How an object differs from what a task asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..nouns.resource import Resource, Thing
from ..wire.errors import CoprError
from .wishes import Wish


@dataclass(frozen=True)
class Comparison:
    """The result of comparing a wish with an object.

    Attributes:
        different: the new values of the fields that differ.
        unseen: the values given for fields that no response shows. They are sent along with other
            changes, but do not cause a change on their own.
    """

    different: Mapping[str, Any]
    unseen: Mapping[str, Any]

    @property
    def values(self) -> dict[str, Any]:
        """The values that a change sends; empty if the object already fulfils the wish."""
        return {**self.different, **self.unseen} if self.different else {}


def given_by(resource: Resource, wish: Wish) -> Mapping[str, Any]:
    """Return the values that a wish gives; a wish for an absent object gives all defaults."""
    return dict.fromkeys(resource.fields) if wish.absent else wish.given


def wanted_of(resource: Resource, wish: Wish, thing: Thing) -> dict[str, Any]:
    """Return the values that the object should have, by field."""
    return {
        name: resource.fields[name].wanted(value, thing.get(name), exactly=name in wish.exactly)
        for name, value in given_by(resource, wish).items()
    }


def compare(resource: Resource, wish: Wish, thing: Thing, subject: str) -> Comparison:
    """Compare a wish with an object as the server shows it.

    Raises CoprError (invalid) for a change that the server can't make.
    """
    different, unseen = {}, {}
    for name, wanted in wanted_of(resource, wish, thing).items():
        each = resource.fields[name]
        if each.write_only or name not in thing:
            unseen[name] = wanted
        elif not each.same(thing[name], wanted):
            if each.create_only and wish.given.get(name) is None:
                # Null for a field that can't be changed does not ask for anything.
                continue
            if each.create_only:
                raise CoprError(
                    "invalid",
                    f"{name} of {subject} is {json.dumps(thing[name])} and can't be changed: "
                    f"{each.create_only}.",
                )
            if each.cannot_clear and wanted == each.default:
                raise CoprError(
                    "invalid",
                    f"{name} of {subject} can't be cleared, only replaced: {each.cannot_clear}.",
                )
            different[name] = wanted
    return Comparison(different, unseen)


def predicted(resource: Resource, wish: Wish, thing: Thing | None, blank: Thing) -> Thing:
    """Return an object as the server will show it; C(thing) None means that it is created."""
    before = blank if thing is None else thing
    wanted = wanted_of(resource, wish, before)
    return {**before, **{name: value for name, value in wanted.items() if name in before}}
