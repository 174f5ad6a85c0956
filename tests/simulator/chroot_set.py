# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The set of enabled chroots of a project: what an edit of it reads, and what it writes."""

from __future__ import annotations

from dataclasses import dataclass

from . import lifecycle
from .current import world
from .errors import Conflict, RefusedWrite
from .world import DISABLED_KEPT, Project, ProjectChroot


@dataclass(frozen=True)
class ChrootChanges:
    """The rows that an edit changes; all others stay as they are, or as others make them."""

    new: list[str]
    """Chroots that the project never had."""
    enabled: list[str]
    """Chroots that it had before, and that are disabled."""
    disabled: list[str]


def changes_to(project: Project, names: list[str]) -> ChrootChanges:
    """Work out how exactly these chroots become the enabled ones.

    One that is building cannot be disabled (409).
    """
    before = project.enabled_chroots()
    disabled = [name for name in before if name not in names]
    _check_idle(project, disabled)
    return ChrootChanges(
        new=[name for name in names if name not in project.chroots],
        enabled=[name for name in names if name in project.chroots and name not in before],
        disabled=disabled,
    )


def _check_idle(project: Project, chroots: list[str]) -> None:
    for build in project.builds.values():
        for name in set(build.chroots).intersection(chroots):
            progress = lifecycle.chroot_progress(world(), build, name)
            if progress.state not in lifecycle.FINAL:
                raise Conflict(f"Chroot {name} is in use by build {build.id}.")


def check_insertable(project: Project, changes: ChrootChanges) -> None:
    """Refuse to insert a chroot that another request has inserted meanwhile."""
    if project.chroots.keys() & set(changes.new):
        raise RefusedWrite


def write(project: Project, changes: ChrootChanges) -> None:
    """Change the chroots of a project."""
    for name in changes.disabled:
        project.chroots[name].enabled = False
        project.chroots[name].delete_on = world().now() + DISABLED_KEPT
    for name in changes.new:
        project.chroots[name] = ProjectChroot(name)
    for name in changes.enabled:
        project.chroots[name].enabled, project.chroots[name].delete_on = True, None
    world().remake_repositories(project)
