# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the user who is logged in may do in a project, as far as read requests show.

Only check mode needs this: otherwise the server refuses the change itself. Without a login, and for
a project that does not exist yet, nothing can be checked.
"""

from __future__ import annotations

from ..wire.client import Client
from ..wire.errors import CoprError
from .names import ProjectName
from .permission import may_build


def refuse_unless_editable(client: Client, project: ProjectName) -> None:
    """Raise CoprError (permission) if the user may not change a project, or what belongs to it.

    GET /project/permissions/get succeeds only for users who may; 404 means that nobody has a role.
    """
    if not client.settings.has_login:
        return
    try:
        client.get(f"project/permissions/get/{project.owner}/{project.name}", login=True)
    except CoprError as error:
        if error.kind == "permission":
            error.message = (
                f"You may not change {project}: only its owner, members of its group, and users "
                f"with the role admin may. Copr says: {error.server_message}"
            )
        if error.kind != "not_found":
            raise


def refuse_unless_buildable(client: Client, project: ProjectName) -> None:
    """Raise CoprError (permission) if the user may not build in a project (may_build)."""
    if not client.settings.has_login:
        return
    user = client.whoami()
    try:
        allowed = may_build(client, project, user)
    except CoprError as error:
        if error.kind == "not_found":
            return
        raise
    if not allowed:
        raise CoprError(
            "permission",
            f"{user} may not build in {project}: only its owner, members of its group, and users "
            "with the role admin or builder may.",
        )
