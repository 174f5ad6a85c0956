# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding what a request names, with the server's 404s."""

from __future__ import annotations

from .errors import NotFound, ServerError
from .world import Build, Package, Project, ProjectChroot, World


def project(world: World, owner: str, name: str) -> Project:
    """Find a project by owner and name; both are case-sensitive."""
    if owner.startswith("@") and owner[1:] not in world.groups:
        raise NotFound(f"There is no group {owner[1:]}.")
    found = world.projects.get(f"{owner}/{name}")
    if found is None:
        raise NotFound(f"There is no project {owner}/{name}.")
    return found


def build(world: World, build_id: int | str) -> Build:
    """Find a build by its id."""
    text = str(build_id)
    found = world.builds.get(int(text)) if text.isdecimal() else None
    if found is None:
        raise NotFound(f"There is no build {build_id}.")
    return found


def package(of_project: Project, name: str | None) -> Package:
    """Find a package of a project."""
    found = of_project.packages.get(name) if name is not None else None
    if found is None:
        raise NotFound(f"Project {of_project.name} has no package {name}.")
    return found


def project_chroot(of_project: Project, name: str) -> ProjectChroot:
    """Find a chroot that is or once was enabled in a project, and that the server still has."""
    if name.count("-") < 2:
        raise NotFound("A chroot is named like name-release-architecture.")
    found = of_project.chroots.get(name)
    if found is None or not found.active:
        raise NotFound(f"Chroot {name} is unknown, or was never enabled in {of_project.full_name}.")
    return found


def chroot_of_build(world: World, of_build: Build, name: str) -> str:
    """Find the name of a chroot a build was submitted to; a name of bad form is a 500 here."""
    if name.count("-") < 2:
        raise ServerError("A chroot is named like name-release-architecture.")
    if name not in world.chroots:
        raise NotFound(f"There is no chroot {name}.")
    if name not in of_build.chroots:
        raise NotFound(f"Build {of_build.id} has no chroot {name}.")
    return name
