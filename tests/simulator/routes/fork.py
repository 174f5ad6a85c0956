# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/project/fork."""

from __future__ import annotations

import copy
import re
from typing import Any

from .. import body, lifecycle, lookup, render, rights
from ..current import user, world
from ..errors import BadRequest, RefusedWrite
from ..fields import boolean
from ..project_form import DEFAULTS
from ..races import let_others_in
from ..routing import Endpoints
from ..world import Build, Package, Project

api = Endpoints("fork", "/project")

NOT_COPIED = ("contact", "auto_prune", "persistent")


@api.post("/fork/<ownername>/<projectname>", deprecated="PUT")
def fork(ownername: str, projectname: str) -> dict[str, Any]:
    """Copy a project with its packages and the last succeeded builds."""
    source = lookup.project(world(), ownername, projectname)
    fields = body.fields()
    owner, name = fields.get("ownername"), fields.get("name") or source.name
    if not isinstance(owner, str) or not rights.belongs_to(world(), user(), owner):
        raise BadRequest("owner: You can fork into your own name and your groups only.")
    if not re.fullmatch(r"[\w.-]+", str(name)):
        raise BadRequest("name: A name consists of letters, digits, underscores, dashes and dots.")
    if _made_one_named(str(name)) and not boolean(fields.get("confirm", False)):
        raise BadRequest(f"There is a project {name} already\nIt takes confirm to fork into it")
    target = world().projects.get(f"{owner}/{name}")
    if target is source:
        raise BadRequest("A project cannot be forked into itself")
    let_others_in()
    if target is None:
        if f"{owner}/{name}" in world().projects:
            raise RefusedWrite
        target = _copy(source, owner, str(name))
    _copy_packages(source, target)
    world().remake_repositories(target)
    return render.project(target)


def _made_one_named(name: str) -> bool:
    """Whether the user has made a project of that name, be it his own or one of a group.

    These are the projects that the server looks at, wherever the fork is to be.
    """
    made = (one for one in world().projects.values() if one.created_by == user().name)
    return any(one.name == name for one in made)


def _copy(source: Project, owner: str, name: str) -> Project:
    """Make a new project with the settings and enabled chroots of another."""
    changed = {setting: DEFAULTS[setting] for setting in NOT_COPIED}
    project = world().add_project(owner, name, {**source.settings, **changed}, by=user().name)
    enabled = source.enabled_chroots()
    project.chroots = {name: copy.deepcopy(source.chroots[name]) for name in enabled}
    return project


def _copy_packages(source: Project, target: Project) -> None:
    for package in source.packages.values():
        if package.name not in target.packages:
            _copy_package(package, world().add_package(target, package.name))
        for build in _last_succeeded(source, package.name):
            _copy_build(build, target)


def _copy_package(package: Package, copied: Package) -> None:
    """Copy all that is stored for a package but webhook_rebuild."""
    copied.source_type = package.source_type
    copied.source_dict = dict(package.source_dict)
    copied.max_builds, copied.timeout = package.max_builds, package.timeout
    copied.chroot_denylist = package.chroot_denylist


def _last_succeeded(source: Project, package_name: str) -> list[Build]:
    """Find the builds that gave the newest good result of a package in any chroot."""
    newest: dict[str, Build] = {}
    for build in source.builds.values():
        if build.package_name != package_name or build.dirname != source.name:
            continue
        for chroot in build.chroots:
            original = build.forked_from or build
            if lifecycle.chroot_progress(world(), original, chroot).state == "succeeded":
                newest[chroot] = build
    return sorted(set(newest.values()), key=lambda build: build.id)


def _copy_build(build: Build, target: Project) -> None:
    copied = copy.copy(build)
    copied.project, copied.dirname, copied.batch = target, target.name, None
    copied.imported, copied.forked_from = True, build.forked_from or build
    copied.chroots = list(build.chroots)
    world().add_build(copied)
