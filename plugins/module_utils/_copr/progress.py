# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Progress of a wait or a transfer, line by line, readable in a terminal and in a CI log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .clock import Clock
from .nouns.build import fetch_chroots, is_final, label
from .wire.answers import plain_text
from .wire.client import Client
from .wire.errors import CoprError

# Seconds without news after which a line says that the wait continues.
SILENCE = 60.0
# The same while files are sent or fetched.
TRANSFER_SILENCE = 5.0
# Seconds that a request may take if only progress needs it.
LONGEST_LOOK = 10.0


class Progress:
    """Reports news of a wait. Each line begins with the time since the wait began."""

    def __init__(self, client: Client, say: Callable[[str], None] | None) -> None:
        """C(say) shows a line to the user; without it nothing is shown, and nothing is read."""
        self._client = client
        self._say = say
        self._now = client.clock.now
        self._started = self._last = self._now()
        self._chroots: dict[tuple[int, str], str] = {}
        self._told = False

    def tell(self, line: str) -> None:
        """Show a line, with the time since the wait began in front.

        Text from the server can neither break the line nor control the terminal.
        """
        if self._say is not None:
            words = " ".join(plain_text(line).split())
            self._say(f"{_clock(self._now() - self._started)} {words}")
        self._last = self._now()
        self._told = True

    def moved(self, build: Mapping[str, Any]) -> None:
        """Show the new state of a build, by chroot once there are any.

        This costs one request, so it is called only for builds whose state has changed.
        """
        if self._say is None:
            return
        try:
            chroots = fetch_chroots(self._client.hurried(LONGEST_LOOK), build["id"])
        except CoprError:
            chroots = []
        news = [each for each in chroots if self._is_news(build["id"], each)]
        for chroot in news:
            self.tell(f"build {label(build)} {chroot['name']}: {chroot['state']}")
        if not news or is_final(build):
            self.tell(f"build {label(build)}: {build['state']}")

    def still_waiting(self, states: Iterable[str]) -> None:
        """Show how many are in which state, if nothing was shown for a while."""
        if self._now() - self._last >= SILENCE:
            self.tell(f"still waiting: {_census(states)}")

    def finish(self, states: Iterable[str]) -> None:
        """Show how many ended in which state, if anything was shown before."""
        if self._told:
            self.tell(f"finished waiting: {_census(states)}")

    def _is_news(self, build_id: int, chroot: Mapping[str, Any]) -> bool:
        key, state = (build_id, str(chroot["name"])), str(chroot["state"])
        known = self._chroots.get(key, "waiting")
        self._chroots[key] = state
        return state != known


class TransferProgress:
    """Reports the progress of file transfers that take a while."""

    def __init__(self, clock: Clock, say: Callable[[str], None] | None, label: str) -> None:
        """C(say) shows a line to the user, beginning with C(label); without it nothing is shown."""
        self._say = say
        self._label = label
        self._now = clock.now
        self._started = self._last = self._now()

    def sent(self, done: int, size: int) -> None:
        """Note the bytes sent so far, and show them now and then."""
        self.now_and_then(f"{100 * done // size} % of {size / 2**20:.0f} MiB sent")

    def now_and_then(self, so_far: str) -> None:
        """Show the progress, if nothing was shown for a while."""
        moment = self._now()
        if self._say is not None and moment - self._last >= TRANSFER_SILENCE:
            self._last = moment
            self._say(f"{_clock(moment - self._started)} {plain_text(self._label)}: {so_far}")


def _census(states: Iterable[str]) -> str:
    counts = sorted(Counter(states).items())
    return ", ".join(f"{number} {state}" for state, number in counts)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"[{hours}:{minutes:02}:{rest:02}]" if hours else f"[{minutes:02}:{rest:02}]"
