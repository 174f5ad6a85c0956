# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a task says of the objects of a noun, and how a module takes it: one, or a list."""

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
    """What a task says of one object.

    Attributes:
        given: values by field; null is the server's default, and what is not in here is left
            alone.
        absent: the object is to go, or to be reset where it can't go.
        exactly: the fields that gather, of which nothing is to be left but what is given.
    """

    key: str
    given: Mapping[str, Any] = field(default_factory=dict)
    absent: bool = False
    exactly: frozenset[str] = frozenset()


def options_for(resource: Resource, *, states: Sequence[str] = ("present", "absent")) -> Any:
    """Return the options of a module for one object of a noun, or a list of them."""
    fields = {name: each.argument_spec for name, each in resource.fields.items()}
    element = {resource.key: {"type": "str", "required": True}, **fields}
    return {
        "project": {"type": "str", "required": True},
        "state": {"type": "str", "choices": list(states), "default": "present"},
        resource.key: {"type": "str"},
        **fields,
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
    """Return what a task with such options says, object by object."""
    absent = task.params["state"] == "absent"
    entries = task.given.get(resource.plural)
    if entries is None:
        entries = [task.given]
    wishes = []
    for entry in entries:
        key = entry.get(resource.key)
        if not key:
            raise CoprError("invalid", f"{resource.key} must not be empty.")
        given = {
            name: each.take(entry[name]) for name, each in resource.fields.items() if name in entry
        }
        wishes.append(Wish(str(key), given, absent))
    return wishes


def resolved(
    client: Client,
    resource: Resource,
    project: ProjectName,
    wishes: Sequence[Wish],
    warn: Callable[[str], None],
) -> tuple[list[Wish], list[CoprError]]:
    """Return a wish for each object, and errors for what is not there.

    A pattern stands for several objects; of two wishes for one object the later one wins, field
    by field. The same name twice is a mistake (CoprError, invalid).
    """
    named: dict[str, list[str]] = {wish.key: [wish.key] for wish in wishes}
    if len(named) < len(wishes):
        keys = [wish.key for wish in wishes]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise CoprError("invalid", f"{resource.plural} names {twice} twice.")
    missing: list[CoprError] = []
    if resource.resolve is not None:
        named, missing = resource.resolve(client, project, list(named), warn)
    by_key: dict[str, Wish] = {}
    for wish in wishes:
        for key in named[wish.key]:
            earlier = by_key[key].given if key in by_key else {}
            by_key[key] = Wish(key, {**earlier, **wish.given}, wish.absent, wish.exactly)
    return list(by_key.values()), missing
