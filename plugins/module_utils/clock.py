# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time: what tells and spends it, and the one loop that waits."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Callable, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Clock:
    """What tells the time and lets it pass, in seconds; tests bring their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


REAL_TIME = Clock()


def poll(clock: Clock, pauses: Iterable[float], look: Callable[[], T | None]) -> T | None:
    """Return what C(look) finds, or None if it found nothing by the last look.

    C(pauses) are the seconds to wait before each look.
    """
    for pause in pauses:
        clock.sleep(pause)
        found = look()
        if found is not None:
            return found
    return None
