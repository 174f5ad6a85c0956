# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Export: definitions of existing projects, in the form that copr_projects takes.

What a definition contains, and what it can't, follows from the declarations of the nouns.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..nouns.names import REPOSITORY, ProjectName, project_at
from ..nouns.project import (
    PROJECT,
    as_thing,
    days_left,
    fetch_repositories,
    name_of,
    repository_data,
)
from ..nouns.resource import Field, Resource, Thing
from ..wire.addresses import credentials_in
from ..wire.client import Client
from ..wire.errors import CoprError
from .definitions import MEMBERS

_UNSEEN = "Copr never reports this"
# Other things that a project may have and Copr never reports, besides declared fields.
_NEVER_SHOWN = ("webhook secret", "settings of disabled chroots")


@dataclass
class _Notes:
    """The parts of a project that can't be exported."""

    project: ProjectName
    entries: list[dict[str, str]] = field(default_factory=list)

    def add(self, what: str, why: str) -> None:
        self.entries.append({"project": str(self.project), "what": what, "why": why})


def export_projects(
    client: Client,
    projects: Sequence[Mapping[str, Any]],
    repositories: Sequence[Mapping[str, Any]],
    ended: Sequence[Collection[str]],
) -> dict[str, Any]:
    """Return C(definitions) of projects, by name, and what is C(not_exported).

    Args:
        projects: as GET /project and the lists show them.
        repositories: what fetch_repositories returns for each.
        ended: the ended chroots of each.

    Reads the packages, permissions and chroot settings of each project.
    """
    behind = _dependencies_behind(client, projects, repositories)
    exports = client.at_once(
        [
            partial(_export, client, project, told, gone, behind)
            for project, told, gone in zip(projects, repositories, ended)
        ]
    )
    exports.sort(key=lambda export: export[0]["project"])
    return {
        "definitions": [definition for definition, _notes in exports],
        "not_exported": [entry for _definition, notes in exports for entry in notes.entries],
    }


def _export(
    client: Client,
    project: Mapping[str, Any],
    repositories: Mapping[str, Any],
    ended: Collection[str],
    behind: Mapping[str, Collection[str]],
) -> tuple[dict[str, Any], _Notes]:
    name = name_of(project)
    notes = _Notes(name)
    thing = {**as_thing(project), **repository_data(repositories)}
    thing["runtime_dependencies"] = _own_dependencies(thing["runtime_dependencies"], behind)
    definition = {"project": str(name), **_fields(PROJECT, thing, "", notes)}
    for field_name in _write_only(PROJECT):
        notes.add(field_name, _UNSEEN)
    if not thing["chroots"]:
        notes.add("chroots", "none is enabled, and a project can't be created without one")
    for chroot, days in sorted(days_left(repositories).items()):
        state = "has ended" if chroot in ended else "is disabled"
        notes.add(f"chroot {chroot}", f"it {state}; Copr keeps its results for {days} more days")
    found = client.at_once(
        [partial(_read, client, resource, name, thing["chroots"]) for resource in MEMBERS.values()]
    )
    for (option, resource), things in zip(MEMBERS.items(), found):
        entries = _members(resource, things, notes)
        if entries:
            definition[option] = entries
    for what in _NEVER_SHOWN:
        notes.add(what, _UNSEEN)
    return definition, notes


def _read(
    client: Client, resource: Resource, name: ProjectName, chroots: Collection[str]
) -> dict[str, Thing] | None:
    """Return the objects of a resource of a project, by key; None if the user may not read them."""
    if resource.private and not client.settings.has_login:
        return None
    # Only chroots are named by patterns, and the existing ones are known.
    keys = None if resource.resolve is None else chroots
    try:
        return resource.read(client, name, keys, resource.fields)
    except CoprError as error:
        if resource.private and error.kind == "permission":
            return None
        raise


def _members(
    resource: Resource, things: Mapping[str, Thing] | None, notes: _Notes
) -> list[dict[str, Any]]:
    """Return the entries of a definition for the objects of a resource, sorted by key."""
    if things is None:
        notes.add(resource.plural, "reading them needs a login that may edit the project")
        return []
    entries = []
    for key, thing in sorted(things.items()):
        said = _fields(resource, thing, f" of {resource.noun} {key}", notes)
        if resource.alternatives and not said.keys() & set(resource.alternatives):
            known = ", ".join(resource.alternatives)
            notes.add(f"{resource.noun} {key}", f"its source is not one of {known}")
        elif said:
            entries.append({resource.key: key, **said})
    for name in _write_only(resource) if things else ():
        notes.add(f"{name} of {resource.plural}", _UNSEEN)
    return entries


# --- fields ----------------------------------------------------------------------------------


def _fields(resource: Resource, thing: Thing, of: str, notes: _Notes) -> dict[str, Any]:
    """Return the fields of an object whose values differ from the server's defaults."""
    said = {}
    for name, each in resource.fields.items():
        if each.write_only or name not in thing or each.same(thing[name], None):
            continue
        value = _value(each, thing[name])
        if each.not_exported is not None:
            why: str | None = each.not_exported.format(value=value)
        else:
            why = _unsettable(each, value)
        if why is None:
            said[name] = value
        else:
            notes.add(f"{name}{of}", why)
    return said


def _value(each: Field, value: Any) -> Any:
    """Return a value in the form that a definition has."""
    if each.fields:
        return {
            name: _value(inner, value[name])
            for name, inner in each.fields.items()
            if inner.option.get("required") or not inner.same(value[name], None)
        }
    if isinstance(value, list) and each.option["type"] == "str":
        return " ".join(value)
    return sorted(value) if each.unordered or each.gathers else value


def _unsettable(each: Field, value: Any) -> str | None:
    """Return why a task can't set a value that the server has."""
    if credentials_in(value):
        return "it contains an address with credentials"
    for name, inner in each.fields.items():
        why = _unsettable(inner, value[name]) if name in value else None
        if why is not None:
            return f"{name}: {why}"
    choices = each.option.get("choices")
    if choices and not set(value if isinstance(value, list) else [value]) <= set(choices):
        return f"{value!r} is not a value that can be set"
    return None


def _write_only(resource: Resource) -> list[str]:
    return [name for name, each in resource.fields.items() if each.write_only]


# --- dependencies ----------------------------------------------------------------------------


def _dependencies_behind(
    client: Client,
    projects: Sequence[Mapping[str, Any]],
    repositories: Sequence[Mapping[str, Any]],
) -> dict[str, Collection[str]]:
    """Return the run-time dependencies of each project that others depend on.

    Sends one request for each project that is not known yet.
    """
    known = {
        f"{REPOSITORY}{project['full_name']}": repository_data(told)["runtime_dependencies"]
        for project, told in zip(projects, repositories)
    }
    needed = {one: project_at(one) for needs in known.values() for one in needs}
    lacking = {one: name for one, name in needed.items() if name and one not in known}
    read = client.at_once([partial(fetch_repositories, client, name) for name in lacking.values()])
    more = {one: repository_data(told)["runtime_dependencies"] for one, told in zip(lacking, read)}
    return {**known, **more}


def _own_dependencies(shown: Collection[str], behind: Mapping[str, Collection[str]]) -> list[str]:
    """Return the smallest set of dependencies that implies all others.

    GET /rpmrepo mixes a project's own dependencies with those of its dependencies, in no order.
    """

    def brings(one: str) -> set[str]:
        return {one, *behind.get(one, ())}

    own: list[str] = []
    explained: set[str] = set()
    for one in sorted(shown, key=lambda one: (-len(brings(one)), one)):
        if one not in explained:
            own.append(one)
            explained |= brings(one)
    return sorted(own)
