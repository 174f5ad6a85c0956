# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Asking for roles in a project of others."""

from __future__ import annotations

from typing import Any

from ..nouns.permission import PERMISSION, ROLES, may_build, request_roles
from ..plan import Difference, Plan, Step, carry_out
from ..task import Task
from ..wire.errors import CoprError


def ask(task: Task) -> dict[str, Any]:
    """Ask for the roles that a task wants for the user who is logged in; return its result.

    Copr shows nobody which roles they asked for. Only the answer to a request tells whether it is
    a new one, and whether the user may build can be read.
    """
    project, user = task.project(), task.client.whoami()
    if task.params["user"] not in (None, user):
        raise CoprError(
            "invalid", f"{user} is logged in, and can't ask for roles of {task.params['user']}."
        )
    roles = {name: "request" for name in ROLES if task.params[name] in ("request", "approved")}
    if not roles:
        raise CoprError("invalid", "Nothing is asked for; set builder or admin to request.")
    if "builder" in roles and may_build(task.client, project, user):
        roles["builder"] = "approved"
    asked = [name for name, state in roles.items() if state == "request"]
    difference = Difference(PERMISSION.subject(project, user), {}, dict.fromkeys(asked, "request"))

    def call() -> list[Difference]:
        return [difference] if request_roles(task.client, project, asked) else []

    carry_out(Plan([Step([difference], call)] if asked else []), task.record)
    shown = PERMISSION.shown(user, {**PERMISSION.defaults(), **roles})
    return {"permissions": [shown], "unmanaged": {"permissions": []}, "unverified": []}
