# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Definitions: the wanted state of a project and everything in it, as users write it in YAML.

Errors in them name the place, such as C(projects[3].packages[0].package).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..nouns.chroot import CHROOT
from ..nouns.names import ProjectName
from ..nouns.permission import PERMISSION
from ..nouns.resource import Resource
from ..sources.package import PACKAGE
from ..task import named_project
from ..wire.client import Client
from ..wire.errors import CoprError
from .projects import OPTIONS, ProjectWish, wish_for
from .wishes import Wish, element_of, wish_of

# The resources of a project, by the option that lists them, in the order of their changes.
MEMBERS: Mapping[str, Resource] = {
    "chroot_settings": CHROOT,
    "packages": PACKAGE,
    "permissions": PERMISSION,
}
PURGEABLE = ("chroots", "packages", "permissions")
# The option that takes definitions.
DEFINITIONS: dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "required": True,
    "options": {
        "project": {"type": "str", "required": True},
        **OPTIONS,
        **{
            option: {"type": "list", "elements": "dict", "options": element_of(resource)}
            for option, resource in MEMBERS.items()
        },
        "purge": {"type": "list", "elements": "str", "choices": list(PURGEABLE), "default": []},
    },
}


class BadDefinition(CoprError):
    """A definition is invalid, regardless of the server's state."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__("invalid", f"{place}: {message}")


@dataclass(frozen=True)
class Definition:
    """The wanted state of one project.

    Attributes:
        place: where it is in the option, for messages.
        members: the wishes for objects of the project, by option; only those given.
        purge: the kinds of objects of which only those in the definition are kept.
    """

    place: str
    name: ProjectName
    wish: ProjectWish
    members: Mapping[str, Sequence[Wish]]
    purge: frozenset[str]


def read_definitions(client: Client, entries: Sequence[Mapping[str, Any]]) -> list[Definition]:
    """Return the definitions in the option (DEFINITIONS); null and omitted differ.

    Raises BadDefinition.
    """
    definitions: list[Definition] = []
    places: dict[str, str] = {}
    for number, entry in enumerate(entries):
        place = f"projects[{number}]"
        definition = _definition(client, place, entry)
        first = places.setdefault(str(definition.name), place)
        if first != place:
            raise BadDefinition(
                f"{place}.project", f"{definition.name} is already defined in {first}."
            )
        definitions.append(definition)
    return definitions


def _definition(client: Client, place: str, entry: Mapping[str, Any]) -> Definition:
    with _at(f"{place}.project"):
        name = named_project(client, entry["project"])
    purge = frozenset(entry.get("purge") or ())
    for kind in sorted(purge):
        if entry.get(kind) is None:
            raise BadDefinition(
                f"{place}.purge",
                f"{kind} can't be purged, because the definition has no {kind}. Set {kind} to an "
                "empty list to delete all of them."
                if kind != "chroots"
                else "chroots can't be purged, because the definition has no chroots.",
            )
    members = {
        option: _wishes(f"{place}.{option}", resource, entry[option])
        for option, resource in MEMBERS.items()
        if entry.get(option) is not None
    }
    if entry.get("exclude_chroots") and entry.get("chroots") is None:
        raise BadDefinition(f"{place}.exclude_chroots", "set chroots as well.")
    with _at(place):
        wish = wish_for(entry, purge_chroots="chroots" in purge)
    return Definition(place, name, wish, members, purge)


def _wishes(place: str, resource: Resource, entries: Sequence[Mapping[str, Any]]) -> list[Wish]:
    wishes: list[Wish] = []
    places: dict[str, str] = {}
    for number, entry in enumerate(entries):
        here = f"{place}[{number}]"
        with _at(here):
            wish = wish_of(entry, resource)
        first = places.setdefault(wish.key, here)
        if first != here:
            raise BadDefinition(
                f"{here}.{resource.key}", f"{wish.key} is already listed in {first}."
            )
        wishes.append(wish)
    return wishes


@contextmanager
def _at(place: str) -> Iterator[None]:
    try:
        yield
    except CoprError as error:
        if error.kind != "invalid":
            raise
        raise BadDefinition(place, error.message) from error
