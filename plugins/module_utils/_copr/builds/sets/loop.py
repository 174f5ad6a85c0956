# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Building a set: submitting each build once those that it comes after are done.

Copr has batches for that, but starts the next one even if a build has failed. So the order is kept
here.
"""

from __future__ import annotations

from ...lock import one_at_a_time
from ...wire.errors import CoprError
from ..waiting import SHORTEST_LIMIT, Patience
from .ending import judge
from .looking import look
from .run import Run
from .starting import ready_to_start, start


def build_set(run: Run, patience: Patience) -> None:
    """Build a set until all builds are finished, no more can be submitted, or the time is up.

    A look takes the newest page or pages of one list, and one request for each build that was
    submitted long before the others; see C(starting.py) for the requests to repositories.

    Raises CoprError for failures that waiting does not fix.
    """
    clock = run.client.clock
    started = last_news = clock.now()
    is_first = True
    while True:
        before = [member.state for member in run.members.values()]
        left = patience.timeout - (clock.now() - started)
        # The lock prevents other tasks of this machine from submitting the same builds.
        with one_at_a_time(run.client, run.project, run.say or run.record.warn):
            try:
                if not is_first:
                    look(run, run.client.hurried(left, at_least=SHORTEST_LIMIT))
                _go_on(run)
                run.outage = None
            except CoprError as error:
                run.out_of_reach(error)
        is_first = False
        if before != [member.state for member in run.members.values()]:
            last_news = clock.now()
        elapsed = clock.now() - started
        if not run.in_state("building") and not _may_start(run):
            return
        if elapsed >= patience.timeout:
            run.timed_out = True
            return
        run.progress.now_and_then(run.members, run.rules.max_in_flight)
        # What has just started may end soon; what takes long is looked at less often.
        pause = patience.pause(clock.now() - last_news)
        clock.sleep(min(pause, max(0.0, patience.timeout - elapsed)))


def _may_start(run: Run) -> bool:
    """Return whether any build may still be submitted."""
    return not run.stopped and bool(run.in_state("waiting"))


def _go_on(run: Run) -> None:
    """Judge the finished builds, and submit those that may start now."""
    while True:
        for member in run.in_state("building"):
            # The failure of an earlier one may have stopped it.
            is_open = member.state == "building"
            if is_open and not member.unfinished and not member.outcome.likely:
                judge(run, member)
        ready = ready_to_start(run)
        if not ready:
            return
        start(run, ready)
