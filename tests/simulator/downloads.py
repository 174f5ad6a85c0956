# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What hosts may install from a project: its repositories, and those that these depend on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .current import server_url, world
from .world import Project, ProjectChroot

MULTILIB = {"x86_64": "i386"}
MULTILIB_COST = 1100


def kept_chroots(project: Project) -> list[ProjectChroot]:
    """Chroots whose repositories are there.

    Those that are enabled, and for a while those that the project has disabled or that have ended;
    but not those that an administrator has switched off only.
    """
    now = world().now()
    return [
        chroot
        for chroot in project.chroots.values()
        if (chroot.enabled and chroot.active)
        or (chroot.delete_on is not None and chroot.delete_on > now)
    ]


@dataclass
class Dependencies:
    """Runtime dependencies of a project, with those of its dependencies."""

    projects: list[Project] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    """``owner/name`` of projects that do not exist any more."""


def dependencies_of(project: Project) -> Dependencies:
    """Collect the runtime dependencies of a project."""
    found = Dependencies()
    waiting = [project]
    while waiting:
        for address in waiting.pop().settings["runtime_dependencies"].split():
            needed = _needed_project(found, address)
            if needed is not None and needed is not project and needed not in found.projects:
                found.projects.append(needed)
                waiting.append(needed)
    return found


def _needed_project(found: Dependencies, address: str) -> Project | None:
    """Find the project that an address means; note one that means none."""
    name = address.removeprefix("copr://").strip("/")
    project = world().projects.get(name) if address.startswith("copr://") else None
    if project is None:
        others = found.gone if address.startswith("copr://") else found.addresses
        other = name if address.startswith("copr://") else address
        if other not in others:
            others.append(other)
    return project


def host() -> str:
    """Return the public name of the server, as it stands in the ids of repositories."""
    return urlsplit(server_url()).hostname or ""


def repository_id(kind: str, owner: str, dirname: str) -> str:
    """Return the id of the repository of a project; ``kind`` is ``copr`` or ``coprdep``."""
    return f"{kind}:{host()}:{owner.replace('@', 'group_')}:{dirname}"


def external_id(address: str) -> str:
    """Return the id of a repository that is none of this server's."""
    return "coprdep:" + re.sub(r"[^a-zA-Z0-9]+", "_", address).strip("_")
