# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which chroots a task means: names and shell patterns against those there are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.near import with_nearest
from .mock_chroots import fetch_mock_chroots
from .names import ProjectName
from .project import days_left, fetch_repositories


@dataclass(frozen=True)
class ChrootNames:
    """Names and shell patterns of chroots, as a task gives them.

    Attributes:
        wanted: None means all of them, where a task may leave them out.
        ended: what to do about chroots that the project had and that the server no longer offers.
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
            "disabled. Leave the option out to leave the chroots alone.",
        )


def needs_offer(names: ChrootNames, enabled: Collection[str]) -> bool:
    """Return whether to say what is meant takes the chroots of the server."""
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

    Names that are enabled need no look at what the server offers (GET /mock-chroots/list), and
    C(offered) saves it.
    Patterns follow what it offers. A chroot that has ended, but that the project had, is left out
    with a warning: a playbook that was right yesterday goes on. Raises CoprError (invalid) for
    names that nobody knows, for patterns that fit nothing, and if all that is left is excluded.
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
    left = meant - matching(known, names.excluded)
    if meant and not left:
        raise CoprError(
            "invalid", f"No chroot of {project} is left: exclude_chroots fits all of chroots."
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

    Chroots that the server offers, and that the project has not enabled, are in both: an earlier
    task of the play may be going to enable them. One that has ended, but that the project had, is
    left out with a warning. Raises CoprError (invalid) as C(select) does.
    """
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
        raise CoprError("invalid", f"No chroot is left to build in {project}: all have ended.")
    excluded = [each for each in names.excluded if each not in ended]
    chroots = select(sorted({*enabled, *offered}), wanted, excluded, str(project))
    not_enabled = [each for each in unknown if each not in ended and each in (wanted or ())]
    missing = [unknown_names(not_enabled, enabled, where, disabled)] if not_enabled else []
    return chroots, missing


def planned_to_build(client: Client, project: ProjectName, names: ChrootNames) -> list[str]:
    """Return the chroots that a task means in a project that is not there yet.

    Nobody knows which ones it will have; those named are looked for in what the server offers.
    """
    if names.wanted is None:
        return []
    return select(sorted(fetch_mock_chroots(client)), names.wanted, names.excluded, str(project))


class EndedNotice(str):
    """What a user is told of a chroot that has ended."""

    chroot: str
    days: int
    projects: list[str]

    @classmethod
    def of(cls, chroot: str, days: int, projects: list[str]) -> EndedNotice:
        """Return the notice for projects that had the chroot, and whose results stay so long."""
        notice = cls(
            f"The chroot {chroot} of {', '.join(projects)} has ended: the server no longer offers "
            f"it, and deletes what was built there in {days} days."
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
    """Return which of these names and patterns fit chroots that the project had until they ended.

    Warns of each such chroot, or raises CoprError (invalid), as C(then) says.
    """
    days = days_left(fetch_repositories(client, project))
    fitting = {each for each in lacking if matching(days, [each])}
    for chroot in sorted(matching(days, fitting)):
        notice = EndedNotice.of(chroot, days[chroot], [str(project)])
        if then == "fail":
            raise CoprError("invalid", f"{notice} Take it out of chroots.")
        warn(notice)
    return fitting


def _plain(names: Iterable[str]) -> list[str]:
    return [each for each in names if not is_pattern(each)]


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
        elif is_pattern(name) and matching(disabled, [name]):
            parts.append(f"{name} (the chroots it matches are not enabled in the project)")
        elif name not in choices and is_pattern(name) and matching(choices, [name]):
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
    unknown = [name for name in wanted or [] if not matching(enabled, [name])]
    unknown += [name for name in excluded or [] if not is_pattern(name) and name not in enabled]
    if unknown:
        raise UnknownChroots(unknown, enabled, where)
    chosen = matching(enabled, wanted) if wanted else set(enabled)
    chosen -= matching(enabled, excluded or [])
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


def matching(names: Iterable[str], patterns: Iterable[str]) -> set[str]:
    """Return the names that fit any of some shell patterns."""
    return {name for name in names for pattern in patterns if fnmatchcase(name, pattern)}
