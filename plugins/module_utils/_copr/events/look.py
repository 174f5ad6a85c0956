# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking at the builds of a project or of an owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..builds.lookup import find_builds
from ..nouns.build import is_final, list_builds
from ..nouns.names import ProjectName, parse_project
from ..nouns.project import list_projects, name_of
from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.pages import PAGE
from .options import Options
from .told import Told


@dataclass(frozen=True)
class Watched:
    """Whose builds are watched: those of a project, or of all projects of an owner."""

    project: ProjectName | None = None
    owner: str | None = None

    def __str__(self) -> str:
        return f"project {self.project}" if self.project else f"owner {self.owner}"


@dataclass(frozen=True)
class Seen:
    """The result of a look: builds, and known builds that were deleted."""

    builds: list[dict[str, Any]]
    gone: set[int]


def watched_by(client: Client, options: Options) -> Watched:
    """Return whose builds the options select.

    A project without an owner is one of the user's own. The user is asked for if the settings do
    not name one (GET /auth-check). Raises CoprError.
    """
    if options.project is None:
        return Watched(owner=options.owner)
    username = client.settings.username
    own_name = (lambda: username) if username else client.whoami
    return Watched(project=parse_project(options.project, own_name))


def first_look(client: Client, watched: Watched) -> Told:
    """Return the existing builds at the start, which are not reported.

    The list is read until a page's length of it has no unfinished build.
    """
    told = Told()
    rows = [row for project in _projects(client, watched) for row in _newest(client, project)]
    for row in rows:
        told.note(row)
    told.forget([])
    return told


def look(client: Client, watched: Watched, told: Told) -> Seen:
    """Return the builds that may have changed since the last look.

    This takes a request for a project (GET /build/list), or one for each project of an owner and
    one for their list (GET /project/list); Copr has no list of an owner's builds. More follow only
    for builds that are unfinished and further back than what is read. Raises CoprError.
    """

    def read(project: ProjectName) -> list[dict[str, Any]]:
        try:
            return list(_newer(client, project, told.floor))
        except CoprError as error:
            if watched.owner and error.kind == "not_found":
                # It was deleted since the list of projects was read.
                return []
            raise

    projects = _projects(client, watched)
    pages = client.at_once([partial(read, project) for project in projects])
    builds = {row["id"]: row for rows in pages for row in rows}
    missing = told.unfinished - builds.keys()
    found = find_builds(client, missing)
    return Seen([*builds.values(), *found.values()], missing - found.keys())


def _projects(client: Client, watched: Watched) -> list[ProjectName]:
    if watched.project:
        return [watched.project]
    return [name_of(project) for project in list_projects(client, watched.owner)]


def _newer(client: Client, project: ProjectName, floor: int) -> Iterator[dict[str, Any]]:
    """Yield the builds of a project down to a number."""
    for row in list_builds(client, project):
        if row["id"] <= floor:
            return
        yield row


def _newest(client: Client, project: ProjectName) -> Iterator[dict[str, Any]]:
    finished = 0
    for row in list_builds(client, project):
        yield row
        finished = finished + 1 if is_final(row) else 0
        if finished == PAGE:
            return
