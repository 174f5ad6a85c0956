# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metadata of repositories with the default builder: when they were made, and what they have.

The server makes them when a chroot is enabled, a build ends well, is deleted or copied with a fork,
and on request. A build counts as succeeded once that is done, except where Pulp makes them. With
``devel_mode``, only the builds themselves see what was just built, in a repository of its own.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator

from . import lifecycle, packages
from .world import Build, Project, World

INDEX = """\
<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo">
  <revision>{revision}</revision>
  <data type="primary">
    <checksum type="sha256">{digest}</checksum>
    <location href="repodata/{digest}-primary.xml.gz"/>
    <size>{size}</size>
  </data>
</repomd>
"""
LIST = """\
<?xml version="1.0" encoding="UTF-8"?>
<metadata xmlns="http://linux.duke.edu/metadata/common" \
xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="{number}">
{packages}</metadata>
"""


def files(
    world: World, project: Project, dirname: str, chroot: str, *, devel: bool
) -> dict[str, bytes]:
    """Return the files of the repository of a chroot; nothing before it is made."""
    made = _made_on(world, project, dirname, chroot, devel)
    if made is None:
        return {}
    listed = sorted(_packages(world, project, dirname, chroot, made))
    text = LIST.format(number=len(listed), packages="".join(listed))
    primary = gzip.compress(text.encode(), mtime=0)
    digest = hashlib.sha256(primary).hexdigest()
    # The revision is the time, here in milliseconds.
    index = INDEX.format(revision=int(made * 1000), digest=digest, size=len(primary))
    return {"repomd.xml": index.encode(), f"{digest}-primary.xml.gz": primary}


def _made_on(
    world: World, project: Project, dirname: str, chroot: str, devel: bool
) -> float | None:
    """Return when the repository of a chroot was made last, or None if it was not yet."""
    made = [] if devel else [moment + world.step for moment in project.repositories_asked_on]
    if devel == project.settings["devel_mode"]:
        builds = (build for build in project.builds.values() if build.dirname == dirname)
        made += [moment for build in builds for moment in _published_on(world, build, chroot)]
    return max((moment for moment in made if moment <= world.now()), default=None)


def _published_on(world: World, build: Build, chroot: str) -> list[float]:
    """Return when what was built in a chroot came into the repository, if it did."""
    if build.forked_from or chroot not in build.chroots:
        return []
    progress = lifecycle.chroot_progress(world, build, chroot)
    ended_on = progress.ended_on if progress.state == "succeeded" else None
    if ended_on is None:
        return []
    delay = world.step if build.project.settings["storage"] == "pulp" else 0
    return [ended_on + delay]


def _packages(
    world: World, project: Project, dirname: str, chroot: str, made: float
) -> Iterator[str]:
    """Yield what the metadata say of each package that was there when they were made."""
    for build in project.builds.values():
        origin = build.forked_from or build
        there = any(moment <= made for moment in _published_on(world, origin, chroot))
        if build.dirname != dirname or not there:
            continue
        plan = origin.plan
        for arch in ("src", chroot.rpartition("-")[2]):
            name = f"{plan.name}-{plan.version}-{plan.release}.{arch}.rpm"
            folder = f"{build.id:08d}-{build.package_name}"
            if project.settings["storage"] == "pulp":
                folder = f"Packages/{plan.name[0]}"
            yield packages.metadata(
                plan.name, plan.version, plan.release, arch, plan.epoch, f"{folder}/{name}"
            )
