# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which chroots a task means: names and shell patterns against those there are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Any, Callable

from ..wire.client import Client
from ..wire.errors import CoprError
from .names import ProjectName


def fetch_mock_chroots(client: Client) -> dict[str, str]:
    """Return the chroots that can be enabled, with comments (GET /mock-chroots/list)."""
    path = "mock-chroots/list"
    chroots = dict(client.get(path, shape={str: (str, type(None))}))
    if not chroots:
        raise CoprError("server", "The server says that it has no chroots.", path=path)
    return chroots


def fetch_settings(client: Client, project: ProjectName, chroot: str) -> dict[str, Any]:
    """Return what a project has set for a chroot (GET /project-chroot)."""
    query = {**project.query, "chrootname": chroot}
    return dict(client.get("project-chroot", query, shape={"mock_chroot": str}))


def fetch_build_config(client: Client, project: ProjectName, chroot: str) -> dict[str, Any]:
    """Return how builds in a chroot are set up (GET /project-chroot/build-config)."""
    query = {**project.query, "chrootname": chroot}
    shape = {"chroot": str, "repos": list}
    return dict(client.get("project-chroot/build-config", query, shape=shape))


def unknown_names(names: Iterable[str], known: Iterable[str], where: str) -> CoprError:
    """Return the error for chroots that do not exist, with the nearest names that do."""
    choices = sorted(known)
    parts = []
    for name in names:
        near = difflib.get_close_matches(name, choices, n=3, cutoff=0.6)
        parts.append(f"{name} (did you mean {' or '.join(near)}?)" if near else name)
    return CoprError("invalid", f"No such chroot {where}: {', '.join(parts)}.")


def select(
    enabled: Sequence[str],
    wanted: Sequence[str] | None,
    excluded: Sequence[str] | None,
    where: str,
) -> list[str]:
    """Return the enabled chroots that are wanted and not excluded, in a stable order.

    The server takes a selection that comes out empty for all chroots, so the choice is made
    here and an empty one raises CoprError (invalid), as does a name that is not enabled. A
    pattern must match when it is wanted, and need not when it is excluded. Without C(wanted),
    all enabled chroots are meant.
    """
    if wanted is not None and not wanted:
        raise CoprError(
            "invalid",
            "chroots is an empty list, which Copr would take for all chroots; "
            "leave it out if you mean all, or name some.",
        )
    chosen = _matching(enabled, wanted, where, _is_any) if wanted else set(enabled)
    chosen -= _matching(enabled, excluded or [], where, _is_plain)
    if not chosen:
        raise CoprError(
            "invalid",
            f"No chroot is left to build in {where}: "
            + ("all are excluded." if enabled else "the project has none enabled."),
        )
    return sorted(chosen)


def is_pattern(name: str) -> bool:
    """Return whether a name has a character that stands for others."""
    return bool(set(name) & set("*?["))


def _is_any(_pattern: str) -> bool:
    return True


def _is_plain(pattern: str) -> bool:
    return not set(pattern) & set("*?[")


def _matching(
    enabled: Sequence[str],
    patterns: Sequence[str],
    where: str,
    must_match: Callable[[str], bool],
) -> set[str]:
    found: set[str] = set()
    unmatched = []
    for pattern in patterns:
        matches = {name for name in enabled if fnmatchcase(name, pattern)}
        found |= matches
        if not matches and must_match(pattern):
            unmatched.append(pattern)
    if unmatched:
        raise unknown_names(unmatched, enabled, f"enabled in {where}")
    return found
