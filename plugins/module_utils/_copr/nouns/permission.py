# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A permission: the roles of a user in somebody else's project."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypedDict

from ..wire.client import Client
from ..wire.errors import CoprError, error_context
from ..wire.shapes import shape_of
from .names import ProjectName
from .project import require_project
from .resource import Field, Resource, Thing, by_name, text

STATES = ["nothing", "request", "approved"]
ROLES = by_name(
    Field("admin", text(choices=STATES), "nothing"),
    Field("builder", text(choices=STATES), "nothing"),
)
NO_ROLES = {name: role.default for name, role in ROLES.items()}


class Permissions(TypedDict):
    """The roles in a project that are read, by user."""

    permissions: dict[str, dict[str, Any]]


_PERMISSIONS = shape_of(Permissions)


def fetch_permissions(client: Client, project: ProjectName) -> dict[str, Thing]:
    """Return the roles of each user who has or has requested one.

    GET /project/permissions/get needs a login with the right to edit the project. It answers 404
    if nobody ever had a role; users whose roles were removed are still listed with C(nothing).
    """
    path = f"project/permissions/get/{project.owner}/{project.name}"
    try:
        answer = client.get(path, login=True, shape=_PERMISSIONS)["permissions"]
    except CoprError as error:
        if error.kind != "not_found":
            raise
        require_project(client, project)
        answer = {}
    users = {
        user: {name: roles.get(name) or role.default for name, role in ROLES.items()}
        for user, roles in answer.items()
    }
    return {user: roles for user, roles in users.items() if roles != NO_ROLES}


def _read(
    client: Client,
    project: ProjectName,
    users: Collection[str] | None,
    _fields: Collection[str],
) -> dict[str, Thing]:
    found = fetch_permissions(client, project)
    return {user: roles for user, roles in found.items() if users is None or user in users}


def _set_many(client: Client, project: ProjectName, changes: Mapping[str, Any]) -> None:
    """Set roles of several users (PUT /project/permissions/set); all of them or none."""
    with error_context(f"set permissions of {project}"):
        path = f"project/permissions/set/{project.owner}/{project.name}"
        client.change("PUT", path, dict(changes), shape={"updated": [str]})


def _set(
    client: Client, project: ProjectName, user: str, roles: Mapping[str, Any], _before: Thing
) -> None:
    _set_many(client, project, {user: roles})


def request_roles(client: Client, project: ProjectName, roles: Collection[str]) -> bool:
    """Request roles in somebody else's project (PUT /project/permissions/request).

    Returns False if all of them were requested before.
    """
    with error_context(f"request permissions in {project}"):
        path = f"project/permissions/request/{project.owner}/{project.name}"
        answer = client.change("PUT", path, dict.fromkeys(roles, True), shape={"updated": bool})
    return bool(answer["updated"])


def may_build(client: Client, project: ProjectName, user: str) -> bool:
    """Return whether a user may build in a project (GET /project/permissions/can_build_in)."""
    path = f"project/permissions/can_build_in/{user}/{project.owner}/{project.name}"
    return bool(client.get(path, shape={"can_build_in": bool})["can_build_in"])


PERMISSION: Resource = Resource(
    noun="user",
    plural="permissions",
    key="user",
    fields=ROLES,
    read=_read,
    private=True,
    change=_set,
    change_many=_set_many,
    blank=lambda _project, _user: NO_ROLES,
    shown=lambda user, roles: {"user": user, **roles},
)
