# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A package: a name in a project, and the source stored for it."""

from __future__ import annotations

from typing import Any, Literal

from ..wire.client import Client
from ..wire.errors import CoprError
from .build import BUILD
from .names import ProjectName

Newest = Literal["latest", "latest_succeeded"]


def fetch_package(
    client: Client, project: ProjectName, name: str, *, build: Newest | None = None
) -> dict[str, Any]:
    """Return a package of a project (GET /package), with one of its builds if asked for.

    Raises CoprError (not_found) if the project has none of that name.
    """
    query = {**project.query, "packagename": name}
    shape: dict[str, Any] = {"name": str}
    if build is not None:
        query[f"with_{build}_build"] = "True"
        shape["builds"] = {build: (BUILD, type(None))}
    try:
        return dict(client.get("package", query, shape=shape))
    except CoprError as error:
        if error.kind == "not_found":
            error.message = f"{project} has no package {name!r}. Copr says: {error.server_message}"
        raise


def fetch_latest_build(
    client: Client, project: ProjectName, name: str, *, succeeded: bool
) -> dict[str, Any] | None:
    """Return the newest build of a package, or its newest success; None if it has none.

    Raises CoprError (not_found) if there is no such package.
    """
    which: Newest = "latest_succeeded" if succeeded else "latest"
    build = fetch_package(client, project, name, build=which)["builds"][which]
    return None if build is None else dict(build)
