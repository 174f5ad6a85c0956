# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files a build leaves, found by the parts of their addresses."""

from __future__ import annotations

from . import lifecycle
from .building import Content
from .world import Build, Project, World


def source_files(world: World, owner: str, dirname: str, number: str) -> dict[str, Content]:
    """Return the files of a source build."""
    build = _build(world, owner, dirname, number)
    if build is None or not lifecycle.source_progress(world, build).has_results:
        return {}
    return world.builder.source_files(build)


def chroot_files(
    world: World, owner: str, dirname: str, chroot: str, directory: str
) -> dict[str, Content]:
    """Return the files of one chroot of a build."""
    number, _dash, package_name = directory.partition("-")
    build = _build(world, owner, dirname, number)
    if build is None or chroot not in build.chroots or build.package_name != package_name:
        return {}
    if not lifecycle.chroot_progress(world, build, chroot).has_results:
        return {}
    return world.builder.chroot_files(build, chroot)


def repository_files(
    world: World, owner: str, dirname: str, chroot: str, *, devel: bool
) -> dict[str, Content]:
    """Return the metadata of a repository; that of ``devel`` is for builds only."""
    project = project_of(world, owner, dirname)
    if project is None or chroot not in project.chroots:
        return {}
    return world.builder.repository_files(project, dirname, chroot, devel=devel)


def project_of(world: World, owner: str, dirname: str) -> Project | None:
    """Return the project that has a directory."""
    project = world.projects.get(f"{owner}/{dirname.partition(':')[0]}")
    return project if project is not None and dirname in project.directories else None


def pulp_suffix(world: World, owner: str, dirname: str, number: str) -> str | None:
    """Return what a chroot's folder ends in for the packages of a build that are in Pulp.

    No page lists these. None for a build whose packages are on the backend.
    """
    build = _build(world, owner, dirname, number)
    if build is None or build.project.settings["storage"] != "pulp":
        return None
    return "-devel" if build.project.settings["devel_mode"] else ""


def _build(world: World, owner: str, dirname: str, number: str) -> Build | None:
    """Return the build with a number as it stands in a path: eight digits."""
    build = world.builds.get(int(number)) if number.isdecimal() and len(number) >= 8 else None
    if build is None or (build.project.owner, build.dirname) != (owner, dirname):
        return None
    return build
