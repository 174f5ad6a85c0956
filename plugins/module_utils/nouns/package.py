# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A package: a name in a project, and the source stored for it."""

from __future__ import annotations

from typing import Any

from ..wire.client import Client
from ..wire.errors import CoprError
from .names import ProjectName


def fetch_package(client: Client, project: ProjectName, name: str) -> dict[str, Any]:
    """Return a package of a project (GET /package).

    Raises CoprError (not_found) if the project has none of that name.
    """
    try:
        return dict(client.get("package", {**project.query, "packagename": name}))
    except CoprError as error:
        if error.kind == "not_found":
            error.message = f"{project} has no package {name!r}. Copr says: {error.server_message}"
        raise
