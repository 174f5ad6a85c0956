# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which chroots a task means: names and shell patterns against those there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fnmatch import fnmatchcase
from typing import Any

from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.near import with_nearest
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


def unknown_names(
    names: Iterable[str], known: Iterable[str], where: str, disabled: Collection[str] = ()
) -> CoprError:
    """Return the error for chroots that are not among those known.

    It says of each what the user most likely means: one of the nearest names; one of those that
    exist and are only not enabled, C(disabled); or a pattern, where only names are taken.
    """
    choices = sorted(known)
    parts = []
    for name in names:
        if name in disabled:
            parts.append(f"{name} (it exists, but is not enabled in the project)")
        elif is_pattern(name) and _matching(disabled, [name]):
            parts.append(f"{name} (the chroots it matches are not enabled in the project)")
        elif name not in choices and is_pattern(name) and _matching(choices, [name]):
            parts.append(f"{name} (patterns are not taken here; name each chroot)")
        else:
            parts.append(with_nearest(name, choices))
    return CoprError("invalid", f"No such chroot {where}: {', '.join(parts)}.")


def select_enabled(
    client: Client,
    project: ProjectName,
    enabled: Sequence[str],
    wanted: Sequence[str] | None,
    excluded: Sequence[str] | None,
) -> list[str]:
    """Return what C(select) does for a project; its error tells what the server has besides."""
    try:
        return select(enabled, wanted, excluded, str(project))
    except UnknownChroots as error:
        offered = fetch_mock_chroots(client)
        raise unknown_names(
            error.names, enabled, f"enabled in {project}", set(offered) - set(enabled)
        ) from error


class UnknownChroots(CoprError):
    """Some chroots are not enabled in a project."""

    def __init__(self, names: list[str], enabled: Iterable[str], where: str) -> None:
        super().__init__("invalid", unknown_names(names, enabled, f"enabled in {where}").message)
        self.names = names


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
    unknown = [name for name in wanted or [] if not _matching(enabled, [name])]
    unknown += [name for name in excluded or [] if not is_pattern(name) and name not in enabled]
    if unknown:
        raise UnknownChroots(unknown, enabled, where)
    chosen = _matching(enabled, wanted) if wanted else set(enabled)
    chosen -= _matching(enabled, excluded or [])
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


def _matching(names: Iterable[str], patterns: Iterable[str]) -> set[str]:
    return {name for name in names for pattern in patterns if fnmatchcase(name, pattern)}
