# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of the builds of a set: which of them come after which others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ...wire.errors import CoprError
from ...wire.near import with_nearest

# A name, and the names that it comes after.
After = Mapping[str, Sequence[str]]


def refuse_doubled(names: Sequence[str]) -> None:
    """Raise CoprError (invalid) if a name is used twice, or empty."""
    if "" in names:
        raise CoprError("invalid", "A build of the set has an empty name.")
    doubled = sorted(name for name, number in Counter(names).items() if number > 1)
    if doubled:
        raise CoprError(
            "invalid",
            f"Each build of a set needs a unique name; these are used more than once: "
            f"{', '.join(doubled)}.",
        )


def levels_of(after: After) -> list[list[str]]:
    """Return the names level by level; each comes after names of earlier levels only.

    Those of a level are in the order given. Raises CoprError (invalid) for unknown
    names, and for a cycle, which the message shows.
    """
    _refuse_unknown(after)
    level: dict[str, int] = {}
    # Not recursive, because a chain may be longer than Python's recursion limit.
    open_names = dict.fromkeys(after)
    while open_names:
        ready = [name for name in open_names if all(other in level for other in after[name])]
        if not ready:
            raise CoprError(
                "invalid",
                "The builds of the set wait for each other in a cycle: "
                f"{_told(_circle(after, open_names))}.",
            )
        number = 1 + max((level[other] for name in ready for other in after[name]), default=-1)
        for name in ready:
            level[name] = number
            del open_names[name]
    levels: list[list[str]] = [[] for _number in range(1 + max(level.values(), default=-1))]
    for name in after:
        levels[level[name]].append(name)
    return levels


def dependents_of(after: After, names: Iterable[str]) -> set[str]:
    """Return all names that come after some names, directly or indirectly."""
    directly: dict[str, list[str]] = {}
    for name, others in after.items():
        for other in others:
            directly.setdefault(other, []).append(name)
    found: set[str] = set()
    to_follow = list(names)
    while to_follow:
        for name in directly.get(to_follow.pop(), ()):
            if name not in found:
                found.add(name)
                to_follow.append(name)
    return found


def longest_chain(after: After, names: Iterable[str]) -> int:
    """Return the length of the longest chain of names that come one after the other.

    C(names) are in an order in which each comes after those that it depends on.
    """
    length: dict[str, int] = {}
    for name in names:
        length[name] = 1 + max((length.get(other, 0) for other in after[name]), default=0)
    return max(length.values(), default=0)


def _refuse_unknown(after: After) -> None:
    unknown = [
        f"{name} comes after {with_nearest(other, after)}, which is not in the set"
        for name, others in after.items()
        for other in others
        if other not in after
    ]
    if unknown:
        raise CoprError(
            "invalid",
            f"A build can only come after builds of the same set: {'; '.join(unknown)}.",
        )


def _circle(after: After, names: Iterable[str]) -> list[str]:
    """Return names of which each comes after the next one, and the last after the first.

    Each of C(names) comes after at least one other of them.
    """
    among = set(names)
    path: dict[str, None] = {}
    name = next(iter(names))
    while name not in path:
        path[name] = None
        name = next(other for other in after[name] if other in among)
    walked = list(path)
    return walked[walked.index(name) :]


def _told(circle: Sequence[str]) -> str:
    pairs = zip(circle, [*circle[1:], circle[0]])
    return ", ".join(f"{name} comes after {other}" for name, other in pairs)
