# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Making many projects match their definitions: all are planned first, then carried out.

Several projects are processed at the same time. The failure of one does not stop the others.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Callable

from ..nouns.mock_chroots import fetch_mock_chroots
from ..nouns.names import ProjectName, project_at
from ..nouns.normal import words
from ..nouns.project import enabled_chroots, list_projects
from ..nouns.selection import EndedNotice, ended_among, matching, needs_offer
from ..plan import Record, foresee
from ..progress import Progress
from ..wire.client import Client
from ..wire.errors import CoprError
from .definitions import MEMBERS, BadDefinition, Definition
from .project_results import ITSELF, RESULTS, Part, failure_of, heading, line, shown
from .projects import make_project, plan_project
from .reconcile import fulfil, prepare
from .steps import Scope

# After these, no other project can succeed.
FATAL_KINDS = frozenset({"authentication", "configuration", "bot_wall"})


@dataclass(frozen=True)
class Owners:
    """The projects of the owners of definitions, by owner and full name."""

    projects: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def project(self, name: ProjectName) -> Mapping[str, Any] | None:
        """Return a project as the list shows it."""
        return self.projects[name.owner].get(str(name))

    def unmanaged(self, definitions: Sequence[Definition]) -> list[str]:
        """Return the names of the projects without a definition."""
        defined = {str(definition.name) for definition in definitions}
        names = {name for projects in self.projects.values() for name in projects}
        return sorted(names - defined)


def make_projects(
    client: Client,
    definitions: Sequence[Definition],
    record: Record,
    *,
    continue_on_error: bool,
    say: Callable[[str], None] | None,
) -> dict[str, Any]:
    """Make projects match their definitions, and return the result of copr_projects.

    C(say) shows a line of progress. Raises BadDefinition before anything is sent, and in the end
    CoprError, with the same result, if projects have failed.
    """
    owners = _read_owners(client, definitions)
    offered = _read_offer(client, definitions, owners)
    warnings: list[str] = []
    parts = [Part(definition, record.part(warnings.append)) for definition in definitions]
    try:
        client.at_once([partial(_plan, client, part, owners, offered) for part in parts])
        _carry_out(client, parts, continue_on_error, say)
    finally:
        _warn_together(warnings, record.warn)
    for part in parts:
        record.differences += heading(part)
    unmanaged = owners.unmanaged(definitions)
    results = [part.result for part in parts]
    summary = {name: results.count(name) for name in RESULTS}
    result = {
        "projects": [shown(part) for part in parts],
        "summary": {**summary, "unmanaged": len(unmanaged)},
        "unmanaged": {"projects": unmanaged},
    }
    if summary["failed"]:
        raise failure_of(parts, result)
    return result


def _warn_together(warnings: Sequence[str], warn: Callable[[str], None]) -> None:
    """Warn only once about a chroot that has ended, even if many projects have it."""
    ended: dict[tuple[str, int], list[str]] = {}
    for warning in warnings:
        if isinstance(warning, EndedNotice):
            ended.setdefault((warning.chroot, warning.days), []).extend(warning.projects)
        else:
            warn(warning)
    for (chroot, days), projects in sorted(ended.items()):
        warn(EndedNotice.of(chroot, days, sorted(set(projects))))


# --- reading and planning --------------------------------------------------------------------


def _read_owners(client: Client, definitions: Sequence[Definition]) -> Owners:
    names = sorted({definition.name.owner for definition in definitions})

    def read(owner: str) -> dict[str, Mapping[str, Any]]:
        return {row["full_name"]: row for row in list_projects(client, owner)}

    lists = client.at_once([partial(read, owner) for owner in names])
    return Owners(dict(zip(names, lists)))


def _read_offer(
    client: Client, definitions: Sequence[Definition], owners: Owners
) -> list[str] | None:
    """Return the chroots of the server, if any definition needs more than the enabled ones."""
    for definition in definitions:
        project = owners.project(definition.name)
        enabled = enabled_chroots(project) if project else []
        chroots = definition.wish.chroots
        if chroots is not None and needs_offer(chroots, enabled):
            return list(fetch_mock_chroots(client))
    return None


def _plan(client: Client, part: Part, owners: Owners, offered: Sequence[str] | None) -> None:
    definition, warn = part.definition, part.record.warn
    name, project = definition.name, owners.project(definition.name)
    try:
        itself = plan_project(
            client, name, definition.wish, warn, known=project or {}, offered=offered
        )
        part.works[ITSELF] = itself
        chroots = itself.outcome.things[str(name)]["chroots"]
        meant = _meant(client, definition, chroots, warn, exists=bool(project))
        for option, wishes in definition.members.items():
            resource = MEMBERS[option]
            if resource.resolve is not None:
                resource = replace(resource, resolve=lambda *_: (meant, []))
            part.works[option] = prepare(
                Scope(client, resource, name),
                wishes,
                warn,
                read_all=resource.resolve is None,
                purge=option in definition.purge,
                known=None if project else {},
            )
        # Only the first part that changes anything checks the permission.
        for work in [work for work in part.works.values() if work.plan.steps][1:]:
            work.plan.allowed = None
    except BadDefinition:
        raise
    except CoprError as error:
        part.error = error


def _meant(
    client: Client,
    definition: Definition,
    chroots: Sequence[str],
    warn: Callable[[str], None],
    *,
    exists: bool,
) -> dict[str, list[str]]:
    """Return the project's chroots for each name and pattern in chroot_settings.

    Chroots that have ended trigger a warning. Raises BadDefinition for unknown ones.
    """
    wishes = definition.members.get("chroot_settings", ())
    meant = {wish.key: sorted(matching(chroots, [wish.key])) for wish in wishes}
    # Names that are also in chroots have already triggered a warning.
    wanted = definition.wish.chroots.wanted if definition.wish.chroots else None
    lacking = [key for key, found in meant.items() if not found and key not in (wanted or ())]
    ended = ended_among(client, definition.name, lacking, warn) if lacking and exists else set()
    for number, wish in enumerate(wishes):
        if wish.key in lacking and wish.key not in ended:
            raise BadDefinition(
                f"{definition.place}.chroot_settings[{number}].chroot",
                f"{wish.key} is not a chroot that the definition of {definition.name} enables; it "
                f"enables {', '.join(chroots)}.",
            )
    return meant


# --- carrying out ----------------------------------------------------------------------------


def _carry_out(
    client: Client,
    parts: Sequence[Part],
    continue_on_error: bool,
    say: Callable[[str], None] | None,
) -> None:
    stop = threading.Event()
    progress, speaking, numbers = Progress(client, say), threading.Lock(), itertools.count(1)
    if not continue_on_error and any(part.error for part in parts):
        stop.set()

    def make(part: Part) -> None:
        if part.error is None and not stop.is_set():
            _make(part)
        if part.error is not None and (not continue_on_error or part.error.kind in FATAL_KINDS):
            stop.set()
        with speaking:
            progress.tell(f"{next(numbers)}/{len(parts)} {line(part)}")

    for wave in _waves(parts):
        client.at_once([partial(make, part) for part in wave])


def _waves(parts: Sequence[Part]) -> list[list[Part]]:
    """Divide projects so that new ones are created before others that need them.

    The server refuses a repository C(copr://owner/name) of a project that does not exist.
    """
    new = {part.name for part in parts if part.is_new}
    waves: list[list[Part]] = []
    waiting = list(parts)
    while waiting:
        lacking = new & {part.name for part in waiting}
        wave = [part for part in waiting if not _needed(part) & (lacking - {part.name})]
        # Projects that need each other can't be created; the server reports why.
        waves.append(wave or waiting)
        waiting = [part for part in waiting if part not in waves[-1]]
    return waves


def _needed(part: Part) -> set[str]:
    """Return the names of the projects whose repositories a definition uses."""
    wishes = [part.definition.wish.given]
    wishes += [wish.given for wish in part.definition.members.get("chroot_settings", ())]
    repositories = [
        each
        for given in wishes
        for field in ("additional_repos", "runtime_dependencies")
        for each in words(given.get(field))
    ]
    return {str(project_at(each)) for each in repositories}


def _make(part: Part) -> None:
    part.begun = True
    try:
        for work in part.works.values():
            foresee(work.plan)
        for option, work in part.works.items():
            if option == ITSELF:
                _project, part.outcomes[option] = make_project(work, part.record)
            else:
                part.outcomes[option] = fulfil(work, part.record)
    except CoprError as error:
        part.error = error
