# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds that go on only while somebody waits for them, however busy the machine is.

A play in another process takes the time that it takes. If builds went on by the system's clock, it
would depend on the machine what the play finds them at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from simulator.clock import ManualClock
from simulator.server import Simulator, running


def pass_time_with_polls(sim: Simulator, seconds: float) -> None:
    """Let so many seconds pass on the server with each poll of a wait, and not otherwise.

    Each task asks for its project, and then for the list of its builds; what asks for the list
    again is a poll. The simulator must have a ManualClock.
    """
    app, listed = sim.doorkeeper.app, False

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        nonlocal listed
        path = environ["PATH_INFO"]
        if path == "/api_3/project":
            listed = False
        elif path == "/api_3/build/list":
            if listed:
                sim.clock.advance(seconds)
            listed = True
        return app(environ, start_response)

    sim.doorkeeper.app = serve


@contextmanager
def running_with_polls(step: float, steps: float = 1.0) -> Iterator[Simulator]:
    """Run a simulator whose builds go on by so many steps with each poll of a wait."""
    with running(clock=ManualClock(), step=step) as sim:
        pass_time_with_polls(sim, steps * step)
        yield sim
