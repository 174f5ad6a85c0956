# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what."""

from __future__ import annotations

from .world import Project, User, World


def belongs_to(world: World, user: User, owner: str) -> bool:
    """Whether an owner name is the user's own or that of a group he is a member of."""
    if owner.startswith("@"):
        return user.name in world.groups.get(owner[1:], frozenset())
    return owner == user.name


def may_delete(world: World, user: User, project: Project) -> bool:
    """Owner or server admin; an approved project admin may not."""
    return user.is_admin or belongs_to(world, user, project.owner)


def may_edit(world: World, user: User, project: Project) -> bool:
    """Owner, server admin, approved project admin."""
    return may_delete(world, user, project) or _has_role(user, project, "admin")


def may_build(world: World, user: User, project: Project) -> bool:
    """Everybody who may edit, and approved builders."""
    return may_edit(world, user, project) or _has_role(user, project, "builder")


def _has_role(user: User, project: Project, role: str) -> bool:
    return project.permissions.get(user.name, {}).get(role) == "approved"
