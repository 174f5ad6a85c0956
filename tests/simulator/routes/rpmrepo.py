# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/rpmrepo: what dnf 5's copr plugin reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .. import downloads
from ..current import results_url, world
from ..downloads import MULTILIB, MULTILIB_COST, dependencies_of
from ..errors import NotFound
from ..routing import Endpoints
from ..world import DAY, Project

api = Endpoints("rpmrepo")

PULL_REQUESTS_KEPT = 40
"""Days after its last build for which the directory of a pull request is kept."""


@api.get("/rpmrepo/<ownername>/<dirname>/<_release>", masked=False)
def rpmrepo(ownername: str, dirname: str, _release: str) -> dict[str, Any]:
    """Answer what the package manager's plugin asks; the directory need not exist."""
    project = world().projects.get(f"{ownername}/{dirname.partition(':')[0]}")
    if project is None:
        raise NotFound(f"There is no project {ownername}/{dirname}")
    days = project.settings["delete_after_days"]
    return {
        "results_url": results_url(),
        "repos": _repositories(project),
        "directories": {name: _days_left(project, name) for name in project.directories},
        **({"delete_after_days": days} if days is not None else {}),
        "dependencies": list(_dependencies(project)),
    }


def _repositories(project: Project) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if project.settings["module_hotfixes"]:
        options["module_hotfixes"] = "1"
    if project.settings["repo_priority"]:
        options["priority"] = project.settings["repo_priority"]
    found: dict[str, Any] = {}
    for chroot in downloads.kept_chroots(project):
        release, _dash, arch = chroot.name.rpartition("-")
        entry: dict[str, Any] = {"opts": dict(options)}
        found.setdefault(release, {"arch": {}})["arch"][arch] = entry
        days = chroot.days_left(world().now())
        if days is not None:
            entry["delete_after_days"] = days
    if project.settings["multilib"]:
        for repository in found.values():
            _add_multilib(repository["arch"], options)
    return found


def _add_multilib(arches: dict[str, Any], options: dict[str, Any]) -> None:
    for arch, other in MULTILIB.items():
        if {arch, other} <= arches.keys():
            arches[arch]["multilib"] = {other: {"opts": {"cost": str(MULTILIB_COST), **options}}}


def _days_left(project: Project, dirname: str) -> dict[str, int]:
    """Directories of pull requests are removed some time after their last build."""
    if not re.search(r":pr:", dirname):
        return {}
    submitted = [b.submitted_on for b in project.builds.values() if b.dirname == dirname]
    passed = (world().now() - max(submitted, default=0.0)) / DAY
    return {"delete_after_days": max(0, int(PULL_REQUESTS_KEPT - 0.001 - passed))}


def _dependencies(project: Project) -> Iterator[dict[str, Any]]:
    """List runtime dependencies, projects of this server first, without those that are gone."""
    needed = dependencies_of(project)
    for one in needed.projects:
        identity = downloads.repository_id("coprdep", one.owner, one.name)
        yield {
            "opts": {"id": identity, "name": f"Needed at run time: {one.full_name}"},
            "type": "copr",
            "data": {"owner": one.owner, "projectname": one.name},
        }
    for address in needed.addresses:
        identity = downloads.external_id(address)
        yield {
            "opts": {"id": identity, "name": f"Needed at run time: {address}"},
            "type": "external_baseurl",
            "data": {"pattern": address},
        }
