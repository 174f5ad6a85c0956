# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which chroots a task wants enabled in a project, by names and patterns over what there is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from ..nouns.chroots import fetch_mock_chroots, is_pattern, unknown_names
from ..nouns.names import ProjectName
from ..nouns.project import fetch_ended_chroots
from ..wire.client import Client
from ..wire.errors import CoprError


@dataclass(frozen=True)
class ChrootNames:
    """Names and shell patterns of chroots, as a task gives them.

    Attributes:
        ended: what to do about chroots that the project had and that the server no longer offers.
    """

    wanted: Collection[str]
    excluded: Collection[str] = ()
    ended: Literal["warn", "fail"] = "warn"

    def check(self) -> None:
        """Refuse an empty list (CoprError, invalid)."""
        if not self.wanted:
            raise CoprError(
                "invalid",
                "chroots is an empty list, which Copr ignores: the last chroot of a project can't "
                "be disabled. Leave the option out to leave the chroots alone.",
            )


def chosen(
    client: Client,
    name: ProjectName,
    names: ChrootNames,
    enabled: Collection[str],
    *,
    exists: bool,
    warn: Callable[[str], None],
) -> list[str] | None:
    """Return the names of the chroots that a task means, or None if all of them have ended.

    Names that are enabled need no look at what the server offers (GET /mock-chroots/list).
    Patterns follow what it offers. A chroot that has ended, but that the project had, is left out
    with a warning: a playbook that was right yesterday goes on. Raises CoprError (invalid) for
    names that nobody knows, for patterns that fit nothing, and if all that is left is excluded.
    """
    patterns = [each for each in names.wanted if is_pattern(each)]
    plain = [each for each in names.wanted if not is_pattern(each)]
    if not patterns and not names.excluded and set(plain) <= set(enabled):
        return sorted(set(plain))
    offered = fetch_mock_chroots(client)
    known = {*offered, *enabled}
    lacking = [each for each in [*plain, *_plain(names.excluded)] if each not in known]
    ended = _ended(client, name, names, lacking, warn) if lacking and exists else set()
    unknown = [each for each in lacking if each not in ended]
    unknown += [each for each in patterns if not _matching(known, [each])]
    if unknown:
        raise unknown_names(unknown, known, f"on {client.settings.url}")
    meant = {each for each in plain if each in known} | _matching(known, patterns)
    left = meant - _matching(known, names.excluded)
    if meant and not left:
        raise CoprError(
            "invalid", f"No chroot of {name} is left: exclude_chroots fits all of them."
        )
    return sorted(left) or None


def _ended(
    client: Client,
    name: ProjectName,
    names: ChrootNames,
    lacking: Collection[str],
    warn: Callable[[str], None],
) -> set[str]:
    """Return which of these chroots the project had before they ended, and say so."""
    days = fetch_ended_chroots(client, name)
    ended = [each for each in dict.fromkeys(lacking) if each in days]
    for chroot in ended:
        notice = (
            f"The chroot {chroot} of {name} has ended: the server no longer offers it, and deletes "
            f"what was built there in {days[chroot]} days."
        )
        if names.ended == "fail":
            raise CoprError("invalid", f"{notice} Take it out of chroots.")
        warn(notice)
    return set(ended)


def _plain(names: Iterable[str]) -> list[str]:
    return [each for each in names if not is_pattern(each)]


def _matching(known: Iterable[str], patterns: Collection[str]) -> set[str]:
    return {each for each in known if any(fnmatchcase(each, pattern) for pattern in patterns)}
