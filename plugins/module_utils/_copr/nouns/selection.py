# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which chroots a task selects: names and shell patterns against the existing ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.near import with_nearest
from .build import SOURCE
from .mock_chroots import fetch_mock_chroots
from .names import ProjectName
from .project import days_left, fetch_repositories


@dataclass(frozen=True)
class ChrootNames:
    """Names and shell patterns of chroots, as a task gives them.

    Attributes:
        wanted: None means all of them, where a task may leave them out.
        ended: what to do about chroots of the project that the server no longer offers.
    """

    wanted: Sequence[str] | None = None
    excluded: Sequence[str] = ()
    ended: Literal["warn", "fail"] = "warn"


def refuse_empty(names: ChrootNames) -> None:
    """Refuse to enable an empty list of chroots (CoprError, invalid)."""
    if not names.wanted:
        raise CoprError(
            "invalid",
            "chroots is an empty list, which Copr ignores: the last chroot of a project can't be "
            "disabled. Leave the option out to keep the chroots as they are.",
        )


def needs_offer(names: ChrootNames, enabled: Collection[str]) -> bool:
    """Return whether the chroots of the server are needed to resolve the names."""
    return bool(names.excluded) or not set(names.wanted or ()) <= set(enabled)


def to_enable(
    client: Client,
    project: ProjectName,
    names: ChrootNames,
    enabled: Collection[str],
    *,
    exists: bool,
    warn: Callable[[str], None],
    offered: Sequence[str] | None = None,
) -> list[str] | None:
    """Return the chroots that a task wants enabled, or None if all of them have ended.

    Enabled names need no request for the chroots of the server (GET /mock-chroots/list), and
    C(offered) saves it. Patterns match those chroots. A chroot of the project that has ended is
    left out with a warning, so that a playbook that was right yesterday still works. Raises
    CoprError (invalid) for unknown names, for patterns that match nothing, and if everything is
    excluded.
    """
    wanted = names.wanted or ()
    patterns = [each for each in wanted if is_pattern(each)]
    plain = _plain(wanted)
    if not needs_offer(names, enabled):
        return sorted(set(plain))
    if offered is None:
        offered = list(fetch_mock_chroots(client))
    known = {*offered, *enabled}
    lacking = [each for each in [*plain, *_plain(names.excluded)] if each not in known]
    lacking += [each for each in patterns if not matching(known, [each])]
    ended = (
        ended_among(client, project, lacking, warn, names.ended) if lacking and exists else set()
    )
    unknown = [each for each in lacking if each not in ended]
    if unknown:
        raise unknown_names(unknown, known, f"on {client.settings.url}")
    meant = {each for each in plain if each in known} | matching(known, patterns)
    warn_if_useless(names.excluded, known, f"on {client.settings.url}", warn)
    left = meant - matching(known, names.excluded)
    if meant and not left:
        raise CoprError(
            "invalid",
            f"No chroot of {project} is left: exclude_chroots excludes everything in chroots.",
        )
    return sorted(left) or None


def to_build(
    client: Client,
    project: ProjectName,
    names: ChrootNames,
    enabled: Sequence[str],
    warn: Callable[[str], None],
) -> tuple[list[str], list[CoprError]]:
    """Return the chroots that a task wants builds in, and errors for those that are not enabled.

    Chroots that the server offers but the project has not enabled are in both: an earlier task of
    the play may enable them. A chroot of the project that has ended is left out with a warning.
    Raises CoprError (invalid) as C(select) does.
    """
    warn_if_useless(names.excluded, enabled, f"enabled in {project}", warn)
    try:
        return select(enabled, names.wanted, names.excluded, str(project)), []
    except UnknownChroots as error:
        unknown = error.names
    offered = fetch_mock_chroots(client)
    where, disabled = f"enabled in {project}", set(offered) - set(enabled)
    lacking = [each for each in unknown if not matching(offered, [each])]
    ended = ended_among(client, project, lacking, warn, names.ended) if lacking else set()
    if set(lacking) - ended:
        raise unknown_names(
            [each for each in unknown if each not in ended], enabled, where, disabled
        )
    wanted = names.wanted and [each for each in names.wanted if each not in ended]
    if wanted == []:
        raise CoprError("invalid", f"No chroot of {project} is left to build in: all have ended.")
    excluded = [each for each in names.excluded if each not in ended]
    chroots = select(sorted({*enabled, *offered}), wanted, excluded, str(project))
    not_enabled = [each for each in unknown if each not in ended and each in (wanted or ())]
    missing = [unknown_names(not_enabled, enabled, where, disabled)] if not_enabled else []
    return chroots, missing


def planned_to_build(client: Client, project: ProjectName, names: ChrootNames) -> list[str]:
    """Return the chroots that a task selects in a project that does not exist yet.

    Its chroots are unknown, so the names are looked up among those that the server offers.
    """
    if names.wanted is None:
        return []
    return select(sorted(fetch_mock_chroots(client)), names.wanted, names.excluded, str(project))


def warn_if_useless(
    excluded: Iterable[str], known: Collection[str], where: str, warn: Callable[[str], None]
) -> None:
    """Warn about each excluded pattern that matches no chroot, which may be a mistake.

    It is no error, because a list of patterns may be shared by many projects.
    """
    for pattern in excluded:
        if is_pattern(pattern) and not matching(known, [pattern]):
            warn(f"exclude_chroots: {pattern} matches no chroot {where}.")


class EndedNotice(str):
    """The warning about a chroot that has ended."""

    chroot: str
    days: int
    projects: list[str]

    @classmethod
    def of(cls, chroot: str, days: int, projects: list[str]) -> EndedNotice:
        """Return the notice for projects with the chroot, whose results are kept this many days."""
        notice = cls(
            f"The chroot {chroot} of {', '.join(projects)} has ended: the server no longer offers "
            f"it and will delete its results in {days} days."
        )
        notice.chroot, notice.days, notice.projects = chroot, days, projects
        return notice


def ended_among(
    client: Client,
    project: ProjectName,
    lacking: Collection[str],
    warn: Callable[[str], None],
    then: Literal["warn", "fail"] = "warn",
) -> set[str]:
    """Return which of these names and patterns match chroots of the project that have ended.

    Warns about each such chroot, or raises CoprError (invalid), as C(then) says.
    """
    days = days_left(fetch_repositories(client, project))
    fitting = {each for each in lacking if matching(days, [each])}
    for chroot in sorted(matching(days, fitting)):
        notice = EndedNotice.of(chroot, days[chroot], [str(project)])
        if then == "fail":
            raise CoprError("invalid", f"{notice} Remove it from chroots.")
        warn(notice)
    return fitting


def _plain(names: Iterable[str]) -> list[str]:
    return [each for each in names if not is_pattern(each)]


def unknown_names(
    names: Iterable[str], known: Iterable[str], where: str, disabled: Collection[str] = ()
) -> CoprError:
    """Return the error for chroots that are not known.

    For each it explains the most likely mistake: a name similar to a known one; a chroot that
    exists but is not enabled (C(disabled)); or a pattern where only names are accepted.
    """
    choices = sorted(known)
    parts = []
    for name in names:
        if name in disabled:
            parts.append(f"{name} (it exists, but is not enabled in the project)")
        elif is_pattern(name) and matching(disabled, [name]):
            parts.append(f"{name} (the chroots it matches are not enabled in the project)")
        elif name not in choices and is_pattern(name) and matching(choices, [name]):
            parts.append(f"{name} (patterns are not accepted here; name each chroot)")
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
    """Return what C(select) returns; its error also considers chroots that are not enabled."""
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

    The server treats an empty selection as all chroots, so the choice is made here, and an empty
    one raises CoprError (invalid), as does a name that is not enabled. A wanted pattern must match;
    an excluded one need not. Without C(wanted), all enabled chroots are selected.
    """
    if wanted is not None and not wanted:
        raise CoprError(
            "invalid",
            "chroots is an empty list, which Copr would treat as all chroots; "
            "leave it out to select all, or name some.",
        )
    unknown = [name for name in wanted or [] if not matching(enabled, [name])]
    unknown += [name for name in excluded or [] if not is_pattern(name) and name not in enabled]
    if unknown:
        raise UnknownChroots(unknown, enabled, where)
    chosen = matching(enabled, wanted) if wanted else set(enabled)
    chosen -= matching(enabled, excluded or [])
    if not chosen:
        raise CoprError(
            "invalid",
            f"No chroot of {where} is left to build in: "
            + ("all are excluded." if enabled else "the project has none enabled."),
        )
    return sorted(chosen)


def is_pattern(name: str) -> bool:
    """Return whether a name has a wildcard character."""
    return bool(set(name) & set("*?["))


def matching(names: Iterable[str], patterns: Iterable[str]) -> set[str]:
    """Return the names that match any of the shell patterns."""
    return {name for name in names for pattern in patterns if fnmatchcase(name, pattern)}


def is_allowed(chroot: str, needed: Collection[str], may_fail: Sequence[str]) -> bool:
    """Return whether a build may fail in a chroot; for the source, whether it may in all chroots.

    C(needed) are the chroots of the build that matter.
    """
    where = set(needed if chroot == SOURCE else [chroot])
    return bool(where) and where <= matching(where, may_fail)
