# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creating a project as a fork of another."""

from __future__ import annotations

from typing import Any

from ..nouns.build import newest_build
from ..nouns.names import ProjectName
from ..nouns.project import SHAPE, fetch_project, group_hint
from ..wire.client import Client
from ..wire.errors import CoprError, error_context

# Seconds before each look for a project that was just forked.
PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0)
# The same if the response was lost: the server may still be working on the fork, or never started.
LOST_PAUSES = PAUSES[:6]


def fetch_fork_source(client: Client, source: ProjectName, target: ProjectName) -> dict[str, Any]:
    """Return the project to fork, or raise CoprError (not_found)."""
    project = fetch_project(client, source)
    if project is None:
        raise CoprError(
            "not_found",
            f"fork_of: {source} does not exist.{group_hint(client, source)}",
            status=404,
            path="project",
        )
    return project


def looks_forked(client: Client, source: ProjectName, target: ProjectName) -> bool:
    """Return whether an existing project may be a fork of the source.

    Copr does not show what a project was forked from. But forked builds stay in the state C(forked)
    for ever, and a project without builds may be the fork of one that had none to copy.
    """
    if newest_build(client, target, state="forked"):
        return True
    return not (newest_build(client, target) or newest_build(client, source, state="succeeded"))


def fork(client: Client, source: ProjectName, target: ProjectName, *, confirm: bool) -> bool:
    """Fork a project (POST /project/fork), and return once the fork exists.

    Without C(confirm) the target must be new. Returns False if somebody else has created it
    meanwhile; it is then not changed. Forking twice into one project adds its builds twice, so the
    request is not repeated if its response is lost; instead, the target is checked.
    """
    newest_id = _newest_id(client, target) if confirm else 0
    confirmed = confirm
    while True:
        try:
            _send(client, source, target, confirm=confirmed)
            break
        except CoprError as error:
            if error.status == 400 and not confirmed:
                if fetch_project(client, target) is not None:
                    return False
                # For a fork into a group, the server also looks at the user's own projects.
                if target.owner.startswith("@"):
                    confirmed = True
                    continue
            if error.maybe_done and _arrived(client, target, newest_id, confirm=confirm):
                break
            raise
    try:
        _wait_for(client, source, target)
    except CoprError as error:
        error.done = True
        raise
    return True


def _wait_for(client: Client, source: ProjectName, target: ProjectName) -> None:
    for pause in PAUSES:
        client.clock.sleep(pause)
        if fetch_project(client, target) is not None:
            return
    raise CoprError(
        "timeout",
        f"Copr accepted the request to fork {source}, but {target} has not appeared yet.",
    )


def _send(client: Client, source: ProjectName, target: ProjectName, *, confirm: bool) -> None:
    body = {"ownername": target.owner, "name": target.name, "confirm": confirm}
    with error_context(f"fork {source} into {target}"):
        path = f"project/fork/{source.owner}/{source.name}"
        client.change("POST", path, body, repeatable=False, shape=SHAPE)


def _newest_id(client: Client, project: ProjectName) -> int:
    newest = newest_build(client, project)
    return int(newest["id"]) if newest else 0


def _arrived(client: Client, target: ProjectName, newest_id: int, *, confirm: bool) -> bool:
    for pause in LOST_PAUSES:
        client.clock.sleep(pause)
        there = fetch_project(client, target) is not None
        if there and (not confirm or _newest_id(client, target) > newest_id):
            return True
    return False
