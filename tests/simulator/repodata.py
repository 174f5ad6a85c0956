# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The indexes of repositories: when they were made, and what they look like.

The server makes them when a chroot is enabled, a build ends well, is deleted or copied with a fork,
and on request; each time it takes a step.
"""

from __future__ import annotations

from . import lifecycle
from .world import Build, World

INDEX = """\
<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo">
  <revision>{}</revision>
</repomd>
"""


def made_on(world: World, owner: str, dirname: str, chroot: str) -> float | None:
    """Return when the repository of a chroot was made last, or None if it was not yet."""
    project = world.projects.get(f"{owner}/{dirname.partition(':')[0]}")
    if project is None or dirname not in project.directories or chroot not in project.chroots:
        return None
    moments = list(project.repositories_asked_on)
    if not project.settings["devel_mode"]:
        builds = (build for build in project.builds.values() if build.dirname == dirname)
        moments += [moment for build in builds for moment in _good_end(world, build, chroot)]
    made = [moment + world.step for moment in moments]
    return max((moment for moment in made if moment <= world.now()), default=None)


def _good_end(world: World, build: Build, chroot: str) -> list[float]:
    if build.forked_from or chroot not in build.chroots:
        return []
    progress = lifecycle.chroot_progress(world, build, chroot)
    ended_on = progress.ended_on if progress.state == "succeeded" else None
    return [] if ended_on is None else [ended_on]


def index(made: float) -> bytes:
    """Return a repomd.xml without data; its revision is the time, here in milliseconds."""
    return INDEX.format(int(made * 1000)).encode()
