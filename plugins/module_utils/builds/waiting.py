# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting for builds: few requests however many builds, and no outage ends a wait early."""

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
# Seconds that each request of the last look may take: so much later may a wait end.
SHORTEST_LIMIT = 10.0
# Failures of one poll that say something about the builds, not about the way to the server.
HOPELESS_KINDS = frozenset({"authentication", "permission", "configuration", "invalid", "bot_wall"})


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to look, in seconds; interval None adapts to the time gone."""

    timeout: float
    interval: float | None = None

    def __post_init__(self) -> None:
        """Refuse times that no wait can have (CoprError, invalid)."""
        if not 0 <= self.timeout <= LONGEST_WAIT:
            raise CoprError(
                "invalid", f"wait_timeout must be 0 to {LONGEST_WAIT:g}, not {self.timeout}."
            )
        if self.interval is not None and not 0 < self.interval <= LONGEST_WAIT:
            raise CoprError(
                "invalid",
                f"poll_interval must be above 0 and at most {LONGEST_WAIT:g}, not {self.interval}.",
            )

    def pause(self, elapsed: float) -> float:
        """Return the seconds until the next look: a tenth of the time gone, within bounds."""
        if self.interval is not None:
            return self.interval
        return min(LONGEST_INTERVAL, max(SHORTEST_INTERVAL, elapsed / 10))


@dataclass
class Watched:
    """What a wait came to.

    Attributes:
        builds: each build as last seen, in the order given.
        unfinished: ids of those that were still at work when the time was up.
        gone: ids of those that were deleted meanwhile.
        outage: why the last look failed, if it did.
    """

    builds: list[dict[str, Any]]
    unfinished: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    outage: CoprError | None = None


@dataclass(frozen=True)
class FirstLook:
    """What is done with a project's builds when they are seen again for the first time.

    Attributes:
        since: builds newer than this one are read, besides those waited for.
        act: takes the builds, newest first; returns those to wait for instead, by the ids of the
            ones that are not waited for any more.
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
    """Return when every build has come to its end, or as far as C(until) says, or time is up.

    A look costs one list request for each project. One that fails is made again at the next
    turn; only failures that no patience can mend are raised. C(say) shows a line of progress;
    where nobody could see it, it is None, and what only progress needs is not asked for.
    """
    seen = {int(build["id"]): dict(build) for build in builds}
    progress = Progress(client, say)
    started = client.clock.now()
    watched = Watched([])
    while True:
        open_ids = [number for number, build in seen.items() if not until(build)]
        open_ids = [number for number in open_ids if number not in watched.gone]
        elapsed = client.clock.now() - started
        if not open_ids or elapsed >= patience.timeout:
            watched.builds = list(seen.values())
            watched.unfinished = open_ids
            progress.finish(
                "deleted" if number in watched.gone else build["state"]
                for number, build in seen.items()
            )
            return watched
        client.clock.sleep(min(patience.pause(elapsed), max(0.0, patience.timeout - elapsed)))
        try:
            rows: list[dict[str, Any]] = []
            since = first_look.since if first_look else None
            left = patience.timeout - (client.clock.now() - started)
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
                progress.tell(f"{error.message} Waiting goes on.")
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

    The list is newest first, and is read no further than the oldest build that is waited for, or
    to C(since). All that was read of it is added to C(rows).
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
