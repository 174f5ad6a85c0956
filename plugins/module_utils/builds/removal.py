# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Canceling and deleting builds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..nouns.build import (
    BUILD,
    fetch_build,
    is_final,
    label,
    project_of,
)
from ..nouns.names import ProjectName
from ..plan import Difference, Plan, Step
from ..wire.client import Client
from ..wire.errors import CoprError, doing

# Seconds between looks at builds that were canceled, until they have come to their end.
CANCEL_LOOKS = (0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0)


def fetch_builds(
    client: Client, build_ids: Iterable[int], project: ProjectName | None
) -> list[dict[str, Any]]:
    """Return the builds of these ids that exist, in the order given.

    Raises CoprError (invalid) if C(project) is given and one belongs to another.
    """
    found = (fetch_build(client, number) for number in dict.fromkeys(build_ids))
    builds = [build for build in found if build is not None]
    for build in builds:
        if project is not None and project_of(build) != project:
            raise CoprError(
                "invalid", f"Build {build['id']} belongs to {project_of(build)}, not to {project}."
            )
    return builds


def plan_cancel(client: Client, builds: Sequence[Mapping[str, Any]]) -> Plan:
    """Plan to cancel those of the builds that have not come to their end."""
    return Plan([_cancellation(client, build) for build in builds if not is_final(build)])


def _cancellation(client: Client, build: Mapping[str, Any]) -> Step:
    difference = Difference(
        f"build {label(build)}", {"state": build["state"]}, {"state": "canceled"}
    )

    def call() -> list[Difference]:
        return [difference] if cancel(client, build["id"]) else []

    return Step([difference], call)


def cancel(client: Client, build_id: int) -> bool:
    """Cancel a build (PUT /build/cancel) and return whether it is now canceled.

    The server answers 409 for a build that has ended, also when an earlier, lost request was
    what ended it; the state then tells.
    """
    try:
        with doing(f"Canceling build {build_id}"):
            client.change("PUT", f"build/cancel/{build_id}", {}, shape=BUILD)
    except CoprError as error:
        build = fetch_build(client, build_id)
        if build is not None and not is_final(build):
            raise error
        return build is not None and build["state"] == "canceled"
    return True


def plan_delete(
    client: Client, builds: Sequence[Mapping[str, Any]], *, cancel_running: bool
) -> Plan:
    """Plan to delete the builds, with one call for each project.

    The server deletes no build that is running. Such builds are canceled first if
    C(cancel_running), else they raise CoprError (conflict) before anything is sent.
    """
    running = [build for build in builds if not is_final(build)]
    if running and not cancel_running:
        raise CoprError(
            "conflict",
            f"Copr deletes no build that is not finished: {', '.join(map(label, running))}. "
            "Wait for it, cancel it, or set cancel_running.",
        )
    by_project: dict[ProjectName, list[Mapping[str, Any]]] = {}
    for build in builds:
        by_project.setdefault(project_of(build), []).append(build)
    return Plan([_deletion(client, group) for group in by_project.values()])


def _deletion(client: Client, builds: Sequence[Mapping[str, Any]]) -> Step:
    ids = [int(build["id"]) for build in builds]

    def delete() -> None:
        stop(client, [build["id"] for build in builds if not is_final(build)])
        delete_builds(client, ids)

    before = {str(build["id"]): label(build) for build in builds}
    return Step([Difference(f"builds of {project_of(builds[0])}", before, {})], delete)


def stop(client: Client, build_ids: Sequence[int]) -> None:
    """Cancel builds and return once none of them is still running."""
    for number in build_ids:
        cancel(client, number)
    waiting = list(build_ids)
    for pause in CANCEL_LOOKS:
        if not waiting:
            return
        client.clock.sleep(pause)
        builds = (fetch_build(client, number) for number in waiting)
        waiting = [build["id"] for build in builds if build is not None and not is_final(build)]
    raise CoprError(
        "timeout", f"Builds were canceled but go on running: {', '.join(map(str, waiting))}."
    )


def delete_builds(client: Client, build_ids: Sequence[int]) -> None:
    """Delete finished builds of one project in one call (DELETE /build/delete/list).

    The call is all or nothing. If it is refused because some are gone, by an earlier request
    whose answer was lost or by somebody else, the rest is deleted.
    """
    try:
        with doing("Deleting builds"):
            body = {"builds": list(build_ids)}
            client.change("DELETE", "build/delete/list", body, shape={"builds": [int]})
    except CoprError as error:
        if error.status not in (400, 404, 500):
            raise
        left = [number for number in build_ids if fetch_build(client, number) is not None]
        if len(left) == len(build_ids):
            raise
        if left:
            delete_builds(client, left)
