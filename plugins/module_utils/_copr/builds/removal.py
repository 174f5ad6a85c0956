# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Canceling and deleting builds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ..nouns.build import (
    BUILD,
    fetch_build,
    is_final,
    label,
    project_of,
)
from ..nouns.names import ProjectName
from ..nouns.project import fetch_project
from ..nouns.rights import refuse_unless_editable
from ..plan import Difference, Plan, Step, having_done
from ..wire.client import Client
from ..wire.errors import CoprError, error_context
from .lookup import find_builds

# Seconds before each check whether canceled builds are finished.
CANCEL_LOOKS = (0.0, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0)
# The same before each retry after an internal error of the server: if several equal requests arrive
# at the same time, some may fail although another one succeeds.
TRIES = (0.5, 1.0, 2.0, 4.0)
# How many builds one call deletes, so that it does not take very long.
BULK = 200


def plan_cancel(client: Client, builds: Sequence[Mapping[str, Any]]) -> Plan:
    """Plan to cancel the unfinished ones of the builds."""
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

    The server answers 409 for a finished build, even if an earlier request whose response was lost
    has canceled it; the state of the build decides.
    """
    for pause in (*TRIES, None):
        try:
            with error_context(f"cancel build {build_id}"):
                client.change("PUT", f"build/cancel/{build_id}", {}, shape=BUILD)
            return True
        except CoprError as error:
            build = fetch_build(client, build_id)
            if build is None or is_final(build):
                return build is not None and build["state"] == "canceled"
            if error.status != 500 or pause is None:
                raise
            client.clock.sleep(pause)
    return False


def plan_delete(
    client: Client, builds: Sequence[Mapping[str, Any]], *, cancel_running: bool
) -> Plan:
    """Plan to delete the builds, with one call for each project, or several for many builds.

    The server can't delete unfinished builds. They are canceled first if C(cancel_running), else
    they raise CoprError (conflict) before anything is sent. The plan also checks whether the user
    may delete builds of the projects.
    """
    running = [build for build in builds if not is_final(build)]
    if running and not cancel_running:
        # Somebody may be canceling or deleting them right now.
        found = find_builds(client, [build["id"] for build in running])
        running = [build for build in found.values() if not is_final(build)]
    if running and not cancel_running:
        raise CoprError(
            "conflict",
            f"Copr can't delete unfinished builds: {', '.join(map(label, running))}. "
            "Wait for them, cancel them, or set cancel_running.",
        )
    by_project: dict[ProjectName, list[Mapping[str, Any]]] = {}
    for build in builds:
        by_project.setdefault(project_of(build), []).append(build)
    steps = []
    for project, group in by_project.items():
        parts = [group[start : start + BULK] for start in range(0, len(group), BULK)]
        first, *others = [_deletion(client, project, part) for part in parts]
        if len(by_project) > 1:
            # Nothing is deleted from one project if the next is known to be refused.
            first = replace(first, foresee=partial(_foresee_refusal, client, project))
        steps += [first, *others]
    plan = Plan(steps)
    if len(by_project) == 1:
        plan.allowed = partial(_foresee_refusal, client, project)
    return plan


def _deletion(client: Client, project: ProjectName, builds: Sequence[Mapping[str, Any]]) -> Step:
    names = {int(build["id"]): label(build) for build in builds}

    def difference(build_ids: Iterable[int]) -> Difference:
        gone = {str(number): names[number] for number in build_ids}
        return Difference(f"builds of {project}", gone, {})

    def delete() -> list[Difference]:
        done: list[Difference] = []
        with having_done(done):
            stop(client, [build["id"] for build in builds if not is_final(build)], done)
            deleted = delete_builds(client, list(names))
        # Builds that somebody else has deleted meanwhile do not count as a change.
        return [difference(sorted(deleted))] if deleted else []

    return Step([difference(names)], delete)


def _foresee_refusal(client: Client, project: ProjectName) -> None:
    """Raise CoprError (permission) if the user may not delete builds of the project.

    That is a right in the project, regardless of who submitted the builds. Reading the permissions
    needs the same right (GET /project/permissions/get).
    """
    there = fetch_project(client, project)
    if there is None:
        return
    if there.get("persistent"):
        raise CoprError("permission", f"{project} is persistent, so its builds can't be deleted.")
    refuse_unless_editable(client, project)


def stop(client: Client, build_ids: Sequence[int], done: list[Difference]) -> None:
    """Cancel builds and return once all of them are finished; add what was canceled to C(done)."""
    for number in build_ids:
        if cancel(client, number):
            done.append(Difference(f"build {number}", {}, {"state": "canceled"}))
    waiting = list(build_ids)
    for pause in CANCEL_LOOKS:
        if not waiting:
            return
        client.clock.sleep(pause)
        found = find_builds(client, waiting)
        waiting = [number for number, build in found.items() if not is_final(build)]
    raise CoprError(
        "timeout", f"These builds were canceled but keep running: {', '.join(map(str, waiting))}."
    )


def delete_builds(client: Client, build_ids: Sequence[int]) -> set[int]:
    """Delete finished builds of one project in one call (DELETE /build/delete/list).

    The call deletes all builds or none. If it is refused because some no longer exist, the rest is
    deleted. Returns the builds that this task has deleted, including those of an earlier request
    whose response was lost. Raises CoprError (permission) if the user may not delete them: the
    server answers that with 400, as it does for builds that do not exist.
    """
    left, deleted = list(build_ids), set[int]()
    tries = iter(TRIES)
    while left:
        try:
            with error_context("delete builds"):
                body = {"builds": left}
                client.change("DELETE", "build/delete/list", body, shape={"builds": [int]})
            return deleted | set(left)
        except CoprError as error:
            if error.status not in (400, 404, 500):
                raise
            found = find_builds(client, left)
            there = set(found)
            if (error.attempts or 1) > 1:
                deleted |= set(left) - there
            if len(there) == len(left):
                pause = next(tries, None)
                if error.status == 400 and all(map(is_final, found.values())):
                    error.kind = "permission"
                if error.status != 500 or pause is None:
                    raise
                client.clock.sleep(pause)
            left = [number for number in left if number in there]
    return deleted
