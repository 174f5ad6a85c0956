# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Deleting a project with all its builds."""

from __future__ import annotations

from ..builds.removal import delete_builds, stop
from ..nouns.build import list_builds, unfinished_builds
from ..nouns.names import ProjectName
from ..nouns.project import SHAPE, fetch_project
from ..plan import Difference, Plan, Step
from ..wire.client import Client
from ..wire.errors import CoprError, doing


def plan_project_removal(client: Client, name: ProjectName, *, cancel_running: bool) -> Plan:
    """Plan to delete a project with all its builds, if it is there.

    Raises CoprError (permission) for one that Copr protects.
    """
    project = fetch_project(client, name)
    if project is None:
        return Plan()
    if project.get("persistent"):
        raise CoprError("permission", f"{name} is persistent, and Copr deletes no such project.")

    def refuse_running() -> None:
        if not cancel_running and unfinished_builds(client, name):
            raise CoprError("conflict", _still_running(name))

    shown = {"name": str(name), "chroots": sorted(project["chroot_repos"])}
    return Plan(
        [
            Step(
                [Difference(str(name), shown, None)],
                lambda: _delete_project(client, name, cancel_running=cancel_running),
                refuse_running,
            )
        ]
    )


def _still_running(name: ProjectName) -> str:
    return (
        f"{name} has builds that are not finished, and Copr deletes no such project. "
        "Wait for them, or set cancel_running."
    )


def _delete_project(client: Client, name: ProjectName, *, cancel_running: bool) -> None:
    try:
        _send_deletion(client, name)
    except CoprError as error:
        if error.status == 400:
            running = [each["id"] for each in unfinished_builds(client, name)]
            if not running:
                # So the server answers strangers, too, once a project has builds.
                error.kind = "permission"
                raise
            if not cancel_running:
                error.kind, error.message = "conflict", _still_running(name)
                raise
            stop(client, running)
        elif error.status == 500:
            # A build that was canceled and has packages all the same makes this fail for good;
            # without it the project can go.
            canceled = [
                each["id"] for each in list_builds(client, name) if each["state"] == "canceled"
            ]
            if not canceled:
                raise
            delete_builds(client, canceled)
        else:
            raise
        _delete_project(client, name, cancel_running=False)


def _send_deletion(client: Client, name: ProjectName) -> None:
    """Send DELETE /project/delete; a project that is gone by then is what was wanted."""
    try:
        with doing(f"Deleting {name}"):
            path = f"project/delete/{name.owner}/{name.name}"
            client.change("DELETE", path, {"verify": True}, shape=SHAPE)
    except CoprError as error:
        gone = error.kind == "not_found"
        if gone or (error.status == 500 and fetch_project(client, name) is None):
            return
        raise
