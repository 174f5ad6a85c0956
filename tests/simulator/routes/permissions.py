# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/project/permissions: who may edit and who may build."""

from __future__ import annotations

from typing import Any

from .. import body, lookup, rights
from ..current import user, world
from ..errors import BadRequest, Crash, NotFound, RefusedWrite, ServerError
from ..races import let_others_in
from ..routing import Endpoints
from ..world import Project
from .projects import editable_project

api = Endpoints("permissions", "/project/permissions")

ROLES = ("admin", "builder")
STATES = ("nothing", "request", "approved")


@api.get("/can_build_in/<who>/<ownername>/<projectname>")
def can_build_in(who: str, ownername: str, projectname: str) -> dict[str, Any]:
    """Whether somebody may build in a project; an unknown user is a 500."""
    project = lookup.project(world(), ownername, projectname)
    if who not in world().users:
        raise ServerError("The database failed.")
    return {
        "who": who,
        # Groups are named without their at sign here, and only here.
        "ownername": ownername.removeprefix("@"),
        "projectname": projectname,
        "can_build_in": rights.may_build(world(), world().users[who], project),
    }


@api.get("/get/<ownername>/<projectname>", login=True, masked=False)
def get(ownername: str, projectname: str) -> dict[str, Any]:
    """All entries; 404 if none was ever made."""
    project = editable_project(ownername, projectname)
    if not project.permissions:
        raise NotFound(f"Project {project.full_name} has no permissions.")
    return {"permissions": project.permissions}


@api.put("/set/<ownername>/<projectname>", also="POST", masked=False)
def set_permissions(ownername: str, projectname: str) -> dict[str, list[str]]:
    """Set states of roles, all or none; roles left out keep theirs."""
    project = editable_project(ownername, projectname)
    asked = body.required_json()
    if not isinstance(asked, dict):
        raise BadRequest("The body is no object like {user: {role: state}}")
    if not asked:
        raise BadRequest("No permission is to be changed")
    for name, roles in asked.items():
        _check_entry(project, name, roles)
    _let_others_in(project, set(asked))
    return {"updated": [name for name, roles in asked.items() if _store(project, name, roles)]}


def _check_entry(project: Project, name: str, roles: Any) -> None:
    if name not in world().users:
        raise BadRequest(f"There is no user '{name}'")
    _check_no_owner(project, name)
    if not isinstance(roles, dict):
        raise Crash
    for role, state in roles.items():
        _check_role(role)
        if not isinstance(state, str) or state not in STATES:
            raise BadRequest(f"'{state}' is no state of '{role}', one of {'|'.join(STATES)} is")


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise BadRequest(f"'{role}' is no permission, one of {'|'.join(ROLES)} is")


def _check_no_owner(project: Project, name: str) -> None:
    if name == project.created_by:
        raise BadRequest(f"'{name}' is the owner of '{project.full_name}'")


def _let_others_in(project: Project, names: set[str]) -> None:
    """Let other requests write; of two that make an entry for the same user one is refused."""
    new = names - project.permissions.keys()
    let_others_in()
    if new & project.permissions.keys():
        raise RefusedWrite


def _store(project: Project, name: str, roles: dict[str, str]) -> bool:
    """Store states; whether anything changed."""
    before = project.permissions.get(name)
    after = {**(before or dict.fromkeys(ROLES, "nothing")), **roles}
    if before == after or not roles:
        return False
    project.permissions[name] = after
    return before is not None or any(state != "nothing" for state in roles.values())


@api.put(
    "/request/<ownername>/<projectname>", deprecated="POST", masked=False, warns_strangers=True
)
def request(ownername: str, projectname: str) -> dict[str, bool]:
    """Ask for roles, or drop requests and roles; real booleans only."""
    project = lookup.project(world(), ownername, projectname)
    _check_no_owner(project, user().name)
    asked = body.required_json()
    if not isinstance(asked, dict):
        raise BadRequest("The body is no object like {role: true}")
    if not asked:
        raise BadRequest("No permission is asked for")
    has = project.permissions.get(user().name, {})
    for role, wanted in asked.items():
        _check_role(role)
        if not isinstance(wanted, bool):
            raise BadRequest(f"'{wanted}' is no boolean, which is what '{role}' needs")
        if wanted and has.get(role) == "approved":
            raise BadRequest(f"You have the role '{role}' in '{project.full_name}' already")
    states = {role: "request" if wanted else "nothing" for role, wanted in asked.items()}
    _let_others_in(project, {user().name})
    return {"updated": _store(project, user().name, states)}
