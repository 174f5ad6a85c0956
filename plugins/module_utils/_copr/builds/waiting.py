# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for builds, with few requests for many builds; an outage does not end the wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable

from ..nouns.build import fetch_build, is_final, list_builds, project_of
from ..nouns.names import ProjectName
from ..progress import Progress
from ..wire.client import Client
from ..wire.errors import CoprError

SHORTEST_INTERVAL = 2.0
LONGEST_INTERVAL = 30.0
LONGEST_WAIT = 1e7
# Seconds that each request of the last look may take; a wait may end that much later.
SHORTEST_LIMIT = 10.0
# Kinds of failures that waiting longer does not fix.
HOPELESS_KINDS = frozenset({"authentication", "permission", "configuration", "invalid", "bot_wall"})


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to look, in seconds.

    Attributes:
        timeout: for all waits of a task together.
        interval: None adapts to the elapsed time.
        spent: the part of the timeout that earlier waits of the task have taken.
    """

    timeout: float
    interval: float | None = None
    spent: float = 0.0

    def __post_init__(self) -> None:
        """Refuse invalid times (CoprError, invalid)."""
        if not 0 <= self.timeout <= LONGEST_WAIT:
            raise CoprError(
                "invalid", f"wait_timeout must be from 0 to {LONGEST_WAIT:g}, not {self.timeout}."
            )
        if self.interval is not None and not 0 < self.interval <= LONGEST_WAIT:
            raise CoprError(
                "invalid",
                f"poll_interval must be above 0 and at most {LONGEST_WAIT:g}, not {self.interval}.",
            )

    @property
    def left(self) -> float:
        """The seconds that a wait may take from its start."""
        return max(0.0, self.timeout - self.spent)

    def pause(self, elapsed: float) -> float:
        """Return the seconds until the next look: a tenth of the elapsed time, within bounds."""
        if self.interval is not None:
            return self.interval
        return min(LONGEST_INTERVAL, max(SHORTEST_INTERVAL, elapsed / 10))


@dataclass
class Watched:
    """The outcome of a wait.

    Attributes:
        builds: each build as last seen, in the order given.
        timeout: the seconds that all waits of the task may take.
        unfinished: ids of those that were not finished when the time was up.
        gone: ids of those that were deleted meanwhile.
        outage: why the last look failed, if it did.
    """

    builds: list[dict[str, Any]]
    timeout: float
    unfinished: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    outage: CoprError | None = None


@dataclass(frozen=True)
class FirstLook:
    """What happens with a project's builds when they are read for the first time during a wait.

    Attributes:
        since: builds newer than this one are read, besides the awaited ones.
        act: takes the builds, newest first; returns replacements for awaited builds, by the ids of
            the replaced ones.
    """

    since: int
    act: Callable[[list[dict[str, Any]]], Mapping[int, dict[str, Any]]]


def wait(
    client: Client,
    builds: Sequence[Mapping[str, Any]],
    patience: Patience,
    say: Callable[[str], None] | None,
    *,
    first_look: FirstLook | None = None,
    until: Callable[[Mapping[str, Any]], bool] = is_final,
) -> Watched:
    """Return when C(until) is true for every build, or when the time is up.

    A look takes one list request for each project. After a failure the wait continues; only
    failures that waiting does not fix are raised. C(say) shows a line of progress; if it is None,
    requests that only progress needs are not sent.
    """
    seen = {int(build["id"]): dict(build) for build in builds}
    progress = Progress(client, say)
    started = client.clock.now()
    watched = Watched([], patience.timeout)
    while True:
        open_ids = [number for number, build in seen.items() if not until(build)]
        open_ids = [number for number in open_ids if number not in watched.gone]
        elapsed = client.clock.now() - started
        if not open_ids or elapsed >= patience.left:
            watched.builds = list(seen.values())
            watched.unfinished = open_ids
            progress.finish(
                "deleted" if number in watched.gone else build["state"]
                for number, build in seen.items()
            )
            return watched
        client.clock.sleep(min(patience.pause(elapsed), max(0.0, patience.left - elapsed)))
        try:
            rows: list[dict[str, Any]] = []
            since = first_look.since if first_look else None
            left = patience.left - (client.clock.now() - started)
            hurried = client.hurried(left, at_least=SHORTEST_LIMIT)
            fresh = _look(hurried, [seen[number] for number in open_ids], rows, since)
            if first_look is not None:
                for number, other in first_look.act(rows).items():
                    del seen[number]
                    seen[other["id"]] = other
                first_look = None
            watched.outage = None
        except CoprError as error:
            if error.kind in HOPELESS_KINDS:
                raise
            if watched.outage is None:
                progress.tell(f"{error.message} The task keeps waiting.")
            watched.outage = error
            continue
        for number in open_ids:
            if number not in seen:
                continue
            build = fresh.get(number)
            if build is None:
                watched.gone.append(number)
                progress.tell(f"build {number} was deleted")
            else:
                if build["state"] != seen[number]["state"]:
                    progress.moved(build)
                seen[number] = build
        progress.still_waiting(build["state"] for build in seen.values())


def _look(
    client: Client,
    builds: Sequence[Mapping[str, Any]],
    rows: list[dict[str, Any]],
    since: int | None,
) -> dict[int, dict[str, Any]]:
    """Return the builds as they are now, by id; those that were deleted are missing.

    The list is newest first, and is read no further than the oldest awaited build, or C(since). All
    rows that were read are added to C(rows).
    """
    by_project: dict[ProjectName, set[int]] = {}
    for build in builds:
        by_project.setdefault(project_of(build), set()).add(int(build["id"]))
    fresh: dict[int, dict[str, Any]] = {}
    for project, wanted in by_project.items():
        missing = set(wanted)
        try:
            for build in list_builds(client, project):
                rows.append(build)
                if build["id"] in missing:
                    fresh[build["id"]] = build
                    missing.discard(build["id"])
                all_seen = not missing or build["id"] < min(missing)
                if all_seen and (since is None or build["id"] <= since):
                    break
        except CoprError as error:
            if error.kind != "not_found":
                raise
            # The project was deleted, and its builds with it.
            continue
        for number in missing:
            found = fetch_build(client, number)
            if found is not None:
                fresh[number] = found
    return fresh
