# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting a project with all its builds."""

from __future__ import annotations

from ..builds.removal import TRIES, delete_builds, stop
from ..nouns.build import is_final, list_builds, unfinished_builds
from ..nouns.names import ProjectName
from ..nouns.project import SHAPE, fetch_project
from ..plan import Difference, Plan, Step, having_done
from ..wire.client import Client
from ..wire.errors import CoprError, error_context


def plan_project_removal(client: Client, name: ProjectName, *, cancel_running: bool) -> Plan:
    """Plan to delete a project with all its builds, if it exists.

    Raises CoprError (permission) for a persistent project.
    """
    project = fetch_project(client, name)
    if project is None:
        return Plan()
    if project.get("persistent"):
        raise CoprError("permission", f"{name} is persistent and can't be deleted.")

    def refuse_running() -> None:
        if not cancel_running and unfinished_builds(client, name):
            raise CoprError("conflict", _still_running(name))

    shown = {"name": str(name), "chroots": sorted(project["chroot_repos"])}
    difference = Difference(str(name), shown, None)

    def call() -> list[Difference]:
        done: list[Difference] = []
        with having_done(done):
            deleted = _delete_project(client, name, done, cancel_running=cancel_running)
        return [difference] if deleted else []

    return Plan([Step([difference], call, refuse_running)])


def _still_running(name: ProjectName) -> str:
    return (
        f"{name} has unfinished builds and can't be deleted until they finish. Wait for them, or "
        "set cancel_running."
    )


def _delete_project(
    client: Client, name: ProjectName, done: list[Difference], *, cancel_running: bool
) -> bool:
    """Delete a project; return False if somebody else has deleted it meanwhile.

    What else is changed on the way is added to C(done).

    If the server refuses, the project is read again, because somebody else may be deleting it, or
    canceling its builds, at the same time.
    """
    unexplained = 0
    for pause in (*TRIES, None):
        try:
            with error_context(f"delete {name}"):
                path = f"project/delete/{name.owner}/{name.name}"
                client.change("DELETE", path, {"verify": True}, shape=SHAPE)
            return True
        except CoprError as error:
            if error.kind != "not_found" and error.status not in (400, 500):
                raise
            if error.kind == "not_found" or fetch_project(client, name) is None:
                # An earlier try may have deleted it.
                return (error.attempts or 1) > 1
            if not _mended(client, name, error, done, cancel_running=cancel_running):
                unexplained += 1
            if pause is None or (error.status == 400 and unexplained > 1):
                raise
            if unexplained:
                client.clock.sleep(pause)
    return False


def _mended(
    client: Client,
    name: ProjectName,
    error: CoprError,
    done: list[Difference],
    *,
    cancel_running: bool,
) -> bool:
    """Remove what prevents a project from being deleted; return False if nothing was found.

    Raises CoprError (conflict) if unfinished builds prevent it and may not be canceled.
    """
    try:
        builds = list(list_builds(client, name))
        running = [each["id"] for each in builds if not is_final(each)]
        canceled = [each["id"] for each in builds if each["state"] == "canceled"]
        if error.status == 400:
            if running and not cancel_running:
                error.kind, error.message = "conflict", _still_running(name)
                raise error
            if not running:
                # The server also answers users without the right so, once a project has builds.
                error.kind = "permission"
            stop(client, running, done)
            return bool(running)
        # A canceled build that has packages makes every attempt fail; without it the project can
        # be deleted.
        deleted = delete_builds(client, canceled)
        done += [Difference(f"build {number}", {"state": "canceled"}, None) for number in deleted]
        return bool(deleted)
    except CoprError as other:
        if other.kind == "not_found":
            return True
        raise
