# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time: a clock that tests can replace, and a loop that waits for something."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Callable, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Clock:
    """Functions that return the time and sleep, in seconds; tests provide their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


REAL_TIME = Clock()


def poll(clock: Clock, pauses: Iterable[float], look: Callable[[], T | None]) -> T | None:
    """Return what C(look) finds, or None if the last look has found nothing.

    C(pauses) are the seconds to wait before each look.
    """
    for pause in pauses:
        clock.sleep(pause)
        found = look()
        if found is not None:
            return found
    return None
