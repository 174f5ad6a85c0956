# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task asks for the objects of a noun, and the options for it: one object, or a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..nouns.names import ProjectName
from ..nouns.resource import Resource
from ..task import Task
from ..wire.client import Client
from ..wire.errors import CoprError


@dataclass(frozen=True)
class Wish:
    """What a task asks for one object.

    Attributes:
        given: values by field; null is the server's default, and other fields are not changed.
        absent: the object should be deleted, or reset if it can't be deleted.
        exactly: the gathering fields that should have exactly the given values.
    """

    key: str
    given: Mapping[str, Any] = field(default_factory=dict)
    absent: bool = False
    exactly: frozenset[str] = frozenset()


def element_of(resource: Resource) -> dict[str, Any]:
    """Return the options of one object in a list of objects of a noun."""
    fields = {name: each.argument_spec for name, each in resource.fields.items()}
    return {resource.key: {"type": "str", "required": True}, **fields}


def options_for(resource: Resource, *, states: Sequence[str] = ("present", "absent")) -> Any:
    """Return the options of a module for one object of a noun, or a list of them."""
    element = element_of(resource)
    return {
        "project": {"type": "str", "required": True},
        "state": {"type": "str", "choices": list(states), "default": "present"},
        **element,
        resource.key: {"type": "str"},
        resource.plural: {"type": "list", "elements": "dict", "options": element},
        "purge": {"type": "bool", "default": False},
    }


def checks_for(resource: Resource) -> dict[str, Any]:
    """Return AnsibleModule's rules for such options."""
    which = [resource.key, resource.plural]
    return {
        "mutually_exclusive": [
            [resource.plural, name] for name in (resource.key, *resource.fields)
        ],
        "required_if": [("state", "present", which, True), ("state", "absent", which, True)],
    }


def wishes_of(task: Task, resource: Resource) -> list[Wish]:
    """Return what a task with such options asks for, object by object."""
    absent = task.params["state"] == "absent"
    entries = task.given.get(resource.plural)
    if entries is None:
        entries = [task.given]
    return [wish_of(entry, resource, absent=absent) for entry in entries]


def wish_of(entry: Mapping[str, Any], resource: Resource, *, absent: bool = False) -> Wish:
    """Return the wish that the given options of one object express.

    Raises CoprError (invalid) if the key is empty, or options exclude each other.
    """
    key = entry.get(resource.key)
    if not key:
        raise CoprError("invalid", f"{resource.key} must not be empty.")
    given = {
        name: each.take(entry[name]) for name, each in resource.fields.items() if name in entry
    }
    chosen = [name for name in resource.alternatives if name in given]
    if len(chosen) > 1 or any(given[name] is None for name in chosen):
        raise CoprError("invalid", f"The {resource.noun} {key} {resource.alternatives_rule}")
    if chosen:
        given = {**dict.fromkeys(resource.alternatives), **given}
    return Wish(str(key), given, absent)


def resolved(
    client: Client,
    resource: Resource,
    project: ProjectName,
    wishes: Sequence[Wish],
    warn: Callable[[str], None],
) -> tuple[list[Wish], list[CoprError]]:
    """Return a wish for each object, and errors for names that do not exist.

    A pattern stands for several objects; if two wishes concern the same object, the later one takes
    precedence, field by field. The same name twice raises CoprError (invalid).
    """
    named: dict[str, list[str]] = {wish.key: [wish.key] for wish in wishes}
    if len(named) < len(wishes):
        keys = [wish.key for wish in wishes]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise CoprError("invalid", f"{resource.plural} contains {twice} twice.")
    missing: list[CoprError] = []
    if resource.resolve is not None:
        named, missing = resource.resolve(client, project, list(named), warn)
    by_key: dict[str, Wish] = {}
    for wish in wishes:
        for key in named[wish.key]:
            earlier = by_key[key].given if key in by_key else {}
            by_key[key] = Wish(key, {**earlier, **wish.given}, wish.absent, wish.exactly)
    return list(by_key.values()), missing
