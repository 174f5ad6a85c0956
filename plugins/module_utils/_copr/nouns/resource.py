# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a noun declares itself: its fields, and the requests that read and change it.

Options, comparison, request bodies, prediction and diff follow from this declaration; see
C(state/reconcile.py). Nothing here decides or sends.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Callable, Optional

from ..wire.client import Client
from ..wire.errors import CoprError
from .names import ProjectName
from .normal import as_is

# One object as the server shows it, by its fields; and new values of some of them.
Thing = Mapping[str, Any]
Values = Mapping[str, Any]
# Sends new values of an object; the last argument is the object as the server shows it now.
Change = Callable[[Client, ProjectName, str, Values, Thing], Optional[bool]]
# The same for several objects, by key.
ChangeMany = Callable[[Client, ProjectName, Mapping[str, Values]], None]
# Sends a new object with some values.
Create = Callable[[Client, ProjectName, str, Values], None]
# Deletes an object; returns False if it did not exist any more.
Delete = Callable[[Client, ProjectName, str], bool]
# Raises CoprError if the server would refuse a change to new values, or a deletion (None).
Foresee = Callable[[Client, ProjectName, str, Thing, Optional[Values]], None]
# The keys that each name stands for, and errors for names that do not exist.
Resolved = tuple[dict[str, list[str]], list[CoprError]]
# Finds out which keys names stand for, and warns about names that have ended.
Resolve = Callable[[Client, ProjectName, Collection[str], Callable[[str], None]], Resolved]


def text(**more: Any) -> dict[str, Any]:
    """Return the option of a text field."""
    return {"type": "str", **more}


def texts(**more: Any) -> dict[str, Any]:
    """Return the option of a field that is a list of texts."""
    return {"type": "list", "elements": "str", **more}


def flag() -> dict[str, Any]:
    """Return the option of a field that is true or false."""
    return {"type": "bool"}


def number() -> dict[str, Any]:
    """Return the option of a field that is a whole number."""
    return {"type": "int"}


@dataclass(frozen=True)
class Field:
    """One field of a noun.

    Attributes:
        name: of the option, of the field in requests, and in what the noun's C(read) returns.
        option: its entry in the argument spec.
        default: what the server assumes when the field is left out on creation; null means this.
        take: turns the value of the option into what it stands for, such as the file at a path.
        normalize: brings a value into the form in which the server gives it back.
        clear: what to send for the default, if that is not the default itself.
        create_only: why a change can't set it, for fields that only creation can set.
        cannot_clear: why it can't go back to its default once it has another value.
        write_only: no response of the server shows it.
        cached: the response that shows it may be minutes old, so it can't verify a change.
        not_exported: why an export leaves the value out, although the server shows it; C({value})
            stands for the value.
        unordered: a list whose order does not matter.
        gathers: a set to which a task adds, unless it is told to purge.
        fields: the fields of an object; the option has them as suboptions.
    """

    name: str
    option: Mapping[str, Any] = field(default_factory=text)
    default: Any = None
    take: Callable[[Any], Any] = as_is
    normalize: Callable[[Any], Any] = as_is
    clear: Any = None
    create_only: str | None = None
    cannot_clear: str | None = None
    write_only: bool = False
    cached: bool = False
    not_exported: str | None = None
    unordered: bool = False
    gathers: bool = False
    fields: Mapping[str, Field] = field(default_factory=dict)

    @property
    def argument_spec(self) -> dict[str, Any]:
        """The entry in the argument spec, with suboptions."""
        if not self.fields:
            return dict(self.option)
        options = {name: each.argument_spec for name, each in self.fields.items()}
        return {**self.option, "type": "dict", "options": options}

    def wanted(self, given: Any, shown: Any = None, *, exactly: bool = True) -> Any:
        """Return what the server will show where it shows C(shown) now and a task gives C(given).

        Null is the default. Suboptions that are left out stay as they are, or are the server's
        defaults in an object that is new. C(exactly) false leaves what a set has beyond C(given).
        """
        if given is None:
            return self.default
        if self.fields:
            before = shown or {}
            return {
                name: each.wanted(given[name], before.get(name))
                if name in given
                else before.get(name, each.default)
                for name, each in self.fields.items()
            }
        value = self.normalize(given)
        return sorted({*value, *(shown or [])}) if self.gathers and not exactly else value

    def same(self, one: Any, other: Any) -> bool:
        """Return whether two values mean the same to the server."""
        if self.fields and one is not None and other is not None:
            return all(
                each.same(one.get(name), other.get(name)) for name, each in self.fields.items()
            )
        one, other = self.wanted(one), self.wanted(other)
        if self.unordered or self.gathers:
            return set(one or []) == set(other or [])
        return bool(one == other)

    def sent(self, wanted: Any) -> Any:
        """Return what a request sends to reach a value."""
        return self.clear if self.clear is not None and wanted == self.default else wanted


Fields = Mapping[str, Field]


def by_name(*fields: Field) -> dict[str, Field]:
    """Return fields by their names."""
    return {each.name: each for each in fields}


@dataclass(frozen=True)
class Resource:
    """A noun whose objects belong to a project.

    Attributes:
        noun: names one object in messages and diffs, followed by its key.
        plural: the option that takes a list of objects, and their key in results.
        key: the option, and the field of an object, that names it within its project.
        fields: what a task can set of an object, besides its key.
        read: returns the objects of a project by key: those of the keys given, or all of them.
            The last argument has the fields that the task needs; others need not be read.
            Raises CoprError (not_found) if the project does not exist.
        change: sends the new values of some fields of an object that exists; returns False if
            somebody else had made the change already.
        apart: fields that are changed by a call of their own instead of C(change).
        change_many: sends changes of several objects, by key, in one call; if set, it
            replaces C(change).
        create: sends a new object with some fields; None if objects always exist.
        delete: deletes an object; returns False if it did not exist any more. None if objects
            always exist: they are reset to the defaults instead.
        foresee: raises the CoprError with which the server would refuse a change, a creation (of
            an empty object), or a deletion (no values), if finding out takes further requests.
        allowed: raises the CoprError with which the server would refuse every change to this
            user, as far as read requests show.
        resolve: returns the keys that each name, such as a pattern, stands for, and errors for
            names that do not exist.
        private: reading the objects takes a login with the right to edit the project.
        alternatives: fields of which an object has exactly one; setting it clears the others.
        alternatives_rule: the rule for a message, after the name of an object.
        blank: an object that has only defaults.
        shown: how results show an object.
    """

    noun: str
    plural: str
    key: str
    fields: Fields
    read: Callable[[Client, ProjectName, Collection[str] | None, Collection[str]], dict[str, Thing]]
    change: Change
    apart: Mapping[str, Change] = field(default_factory=dict)
    change_many: ChangeMany | None = None
    create: Create | None = None
    delete: Delete | None = None
    foresee: Foresee | None = None
    allowed: Callable[[Client, ProjectName], None] | None = None
    resolve: Resolve | None = None
    private: bool = False
    alternatives: Collection[str] = ()
    alternatives_rule: str = ""
    blank: Callable[[ProjectName, str], Thing] = lambda _project, _key: {}
    shown: Callable[[str, Thing], dict[str, Any]] = lambda _key, thing: dict(thing)

    def subject(self, project: ProjectName, key: str) -> str:
        """Return the name of an object in messages and diffs."""
        return f"{self.noun} {key} of {project}" if self.noun else str(project)

    def defaults(self) -> dict[str, Any]:
        """Return the defaults of the fields that the server shows."""
        return {name: each.default for name, each in self.fields.items() if not each.write_only}
