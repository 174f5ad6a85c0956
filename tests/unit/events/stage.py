# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The event source against the simulator, in turns that a test decides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.events.watch import watch

from unit.lab import STEP, Lab

Act = Callable[[], Any]
Event = dict[str, Any]
URL = "https://example.org/hello-1.0-1.src.rpm"
SLOW = "https://example.org/slow-2.0-1.src.rpm"
FAILS = "https://example.org/fails-3.0-1.src.rpm"


class Narrow(asyncio.Queue[Event]):
    """A queue that knows whether an event waits for room."""

    waiting = 0

    async def put(self, item: Event) -> None:
        """Wait for room, and count who does."""
        self.waiting += 1
        try:
            await super().put(item)
        finally:
            self.waiting -= 1


class Stage:
    """Runs the source. What happens between two polls, a test says with acts."""

    def __init__(self, lab: Lab, **args: Any) -> None:
        self.lab = lab
        self.args = {"project": "alice/demo", "copr_url": lab.sim.url, "retries": 0, **args}
        self.pauses: list[float] = []

    def run(self, *acts: Act, seconds: float = STEP, most: int | None = None) -> list[Event]:
        """Poll, and once more after each act and so many seconds; return the builds of the events.

        With C(most), the source is canceled while its next event waits for room.
        """
        left = list(acts)

        async def pause(length: float) -> None:
            self.pauses.append(length)
            if not left:
                raise asyncio.CancelledError
            left.pop(0)()
            self.lab.clock.advance(seconds)

        async def play() -> list[Event]:
            queue = Narrow(most or 0)
            watching = asyncio.create_task(watch(queue, self.args, pause))
            while most and not watching.done() and not (queue.full() and queue.waiting):
                await asyncio.sleep(0)
            if most:
                watching.cancel()
            (ended,) = await asyncio.gather(watching, return_exceptions=True)
            if not isinstance(ended, asyncio.CancelledError):
                raise ended or AssertionError("The source has ended by itself.")
            events = []
            while not queue.empty():
                events.append(queue.get_nowait()["copr_build"])
            return events

        return asyncio.run(play())

    def submit(self, *urls: str, **options: Any) -> Act:
        """Return an act that submits builds."""
        return lambda: self.lab.build(url=list(urls or [URL]), wait=False, force=True, **options)


def nothing() -> None:
    """Let only time pass."""


def told(events: list[Event]) -> list[tuple[int, str]]:
    """Return builds and states of events."""
    return [(event["id"], event["state"]) for event in events]
