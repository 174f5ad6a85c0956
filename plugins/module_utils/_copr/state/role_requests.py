# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requesting roles in somebody else's project."""

from __future__ import annotations

from typing import Any

from ..nouns.permission import PERMISSION, ROLES, may_build, request_roles
from ..plan import Difference, Plan, Step, carry_out
from ..task import Task
from ..wire.errors import CoprError


def ask(task: Task) -> dict[str, Any]:
    """Request the roles that a task wants for the user who is logged in; return its result.

    Copr does not show users which roles they have requested. Only the response to a request shows
    whether it is a new one, but whether the user may build can be read.
    """
    project, user = task.project(), task.client.whoami()
    if task.params["user"] not in (None, user):
        raise CoprError(
            "invalid", f"{user} is logged in and can't request roles for {task.params['user']}."
        )
    roles = {name: "request" for name in ROLES if task.params[name] in ("request", "approved")}
    if not roles:
        raise CoprError("invalid", "No role is requested; set builder or admin to request.")
    if "builder" in roles and may_build(task.client, project, user):
        roles["builder"] = "approved"
    asked = [name for name, state in roles.items() if state == "request"]
    difference = Difference(PERMISSION.subject(project, user), {}, dict.fromkeys(asked, "request"))

    def call() -> list[Difference]:
        return [difference] if request_roles(task.client, project, asked) else []

    carry_out(Plan([Step([difference], call)] if asked else []), task.record)
    shown = PERMISSION.shown(user, {**PERMISSION.defaults(), **roles})
    return {"permissions": [shown], "unmanaged": {"permissions": []}, "unverified": []}
