# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The chroots of a server, and what a project has set for one."""

from __future__ import annotations

from typing import Any

from ..wire.client import Client
from ..wire.errors import CoprError
from .names import ProjectName


def fetch_mock_chroots(client: Client) -> dict[str, str]:
    """Return the chroots that can be enabled, with comments (GET /mock-chroots/list)."""
    path = "mock-chroots/list"
    chroots = dict(client.get(path, shape={str: (str, type(None))}))
    if not chroots:
        raise CoprError("server", "The server says that it has no chroots.", path=path)
    return chroots


def fetch_settings(client: Client, project: ProjectName, chroot: str) -> dict[str, Any]:
    """Return what a project has set for a chroot (GET /project-chroot)."""
    query = {**project.query, "chrootname": chroot}
    return dict(client.get("project-chroot", query, shape={"mock_chroot": str}))


def fetch_build_config(client: Client, project: ProjectName, chroot: str) -> dict[str, Any]:
    """Return how builds in a chroot are set up (GET /project-chroot/build-config)."""
    query = {**project.query, "chrootname": chroot}
    shape = {"chroot": str, "repos": list}
    return dict(client.get("project-chroot/build-config", query, shape=shape))
