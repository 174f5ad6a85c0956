# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Progress of a set of builds: each start and end of a build, and summaries in between."""

from __future__ import annotations

from collections.abc import Callable

from ...nouns.build import label
from ...progress import Progress
from ...wire.client import Client
from .graph import longest_chain
from .members import STATES, Member, Members, after_of

# Seconds between two lines that summarize the progress.
CENSUS = 60.0


class SetProgress:
    """Reports news of a set. Each line begins with the time since the start."""

    def __init__(self, client: Client, say: Callable[[str], None] | None) -> None:
        """C(say) shows a line to the user; without it nothing is shown."""
        self._progress = Progress(client, say)
        self._now = client.clock.now
        self._counted = self._now()

    def tell(self, line: str) -> None:
        """Show a line."""
        self._progress.tell(line)

    def moved(self, member: Member) -> None:
        """Show the new state of a build of the set."""
        numbers = ", ".join(label(build) for build in member.outcome.builds)
        state = "submitted" if member.state == "building" else member.state
        about = f" as build {numbers}" if member.state == "building" else f", build {numbers}"
        why = f": {member.error.message}" if member.error else ""
        self.tell(f"{member.name}: {state}{about if numbers else ''}{why}")

    def now_and_then(self, members: Members, max_in_flight: int | None) -> None:
        """Show a summary, if none was shown for a while."""
        if self._now() - self._counted >= CENSUS:
            self._counted = self._now()
            self.tell(census(members, max_in_flight))


def census(members: Members, max_in_flight: int | None) -> str:
    """Return how many builds are in which state, and how long the rest will take, if known."""
    states = [member.state for member in members.values()]
    names = {"succeeded": "done", "building": "running"}
    counts = [
        f"{states.count(state)} {names.get(state, state)}" for state in STATES if state in states
    ]
    left = seconds_left(members, max_in_flight)
    if left is not None:
        counts.append(f"about {max(1, round(left / 60))} min left")
    return ", ".join(counts)


def seconds_left(members: Members, max_in_flight: int | None) -> float | None:
    """Return an estimate of the time for the remaining builds, None without finished ones.

    It assumes that each takes as long as the finished ones on average, and considers chains of
    builds and C(max_in_flight).
    """
    times = [
        member.ended - member.began
        for member in members.values()
        if member.state == "succeeded" and member.began is not None and member.ended is not None
    ]
    rest = [member for member in members.values() if member.state in ("waiting", "building")]
    if not times or not rest:
        return None
    rounds = float(longest_chain(after_of(members), [member.name for member in rest]))
    if max_in_flight is not None:
        rounds = max(rounds, len(rest) / max_in_flight)
    return rounds * sum(times) / len(times)
