# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds by their numbers, with few requests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from ..nouns.build import fetch_build, list_builds, project_of
from ..nouns.names import ProjectName
from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.pages import PAGE

# From this number of builds on, they are read from the list of their project.
MANY = 4


def require_builds(client: Client, build_ids: Iterable[int]) -> list[dict[str, Any]]:
    """Return the builds of these ids in the order given, or raise CoprError (not_found)."""
    wanted = list(dict.fromkeys(build_ids))
    found = find_builds(client, wanted)
    gone = [number for number in wanted if number not in found]
    if gone:
        raise no_such_builds(gone)
    return [found[number] for number in wanted]


def no_such_builds(build_ids: Sequence[int]) -> CoprError:
    """Return the error for builds that do not exist."""
    one = len(build_ids) == 1
    numbers = ", ".join(map(str, build_ids))
    says = "does not exist or was deleted" if one else "do not exist or were deleted"
    return CoprError(
        "not_found",
        f"{'Build' if one else 'Builds'} {numbers} {says}.",
        status=404,
        method="GET",
        path=f"/api_3/build/{build_ids[0]}",
    )


def fetch_builds(
    client: Client, build_ids: Iterable[int], project: ProjectName | None
) -> list[dict[str, Any]]:
    """Return the builds of these ids that exist, in the order given.

    Raises CoprError (invalid) if C(project) is given and one belongs to another.
    """
    wanted = list(dict.fromkeys(build_ids))
    found = find_builds(client, wanted)
    builds = [found[number] for number in wanted if number in found]
    for build in builds:
        if project is not None and project_of(build) != project:
            raise CoprError(
                "invalid", f"Build {build['id']} belongs to {project_of(build)}, not to {project}."
            )
    return builds


def find_builds(client: Client, build_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the builds of these ids that exist, by id, with few requests.

    The list of one build's project most likely contains others, too.
    """
    found: dict[int, dict[str, Any]] = {}
    missing = sorted(set(build_ids), reverse=True)
    while missing:
        number = missing.pop(0)
        build = fetch_build(client, number)
        if build is None:
            continue
        found[number] = build
        if len(missing) >= MANY:
            found.update(_listed(client, project_of(build), missing))
            missing = [each for each in missing if each not in found]
    return found


def _listed(
    client: Client, project: ProjectName, build_ids: Sequence[int]
) -> dict[int, dict[str, Any]]:
    """Return those of the builds that the project's list contains.

    The list is read only as far as that takes fewer requests than reading each build.
    """
    found = {}
    wanted, oldest = set(build_ids), min(build_ids)
    try:
        for build in islice(list_builds(client, project), PAGE * len(wanted) // 2):
            if build["id"] in wanted:
                found[int(build["id"])] = build
            if build["id"] <= oldest:
                break
    except CoprError as error:
        if error.kind != "not_found":
            raise
    return found
