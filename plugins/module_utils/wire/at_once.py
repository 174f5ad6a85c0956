# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calling functions at once: most of the time of a request is spent on its way."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, TypeVar

T = TypeVar("T")


def at_once(most: int, calls: Sequence[Callable[[], T]]) -> list[T]:
    """Call functions, at most so many at the same time, and return what they return, in order.

    After one has raised an exception no other is begun, those that are running come to their end,
    and the exception is raised; of several the one whose function comes first.
    """
    if min(most, len(calls)) <= 1:
        return [call() for call in calls]
    failed = threading.Event()

    def guarded(call: Callable[[], T]) -> T | None:
        if failed.is_set():
            return None
        try:
            return call()
        except BaseException:
            failed.set()
            raise

    with ThreadPoolExecutor(min(most, len(calls))) as pool:
        futures = [pool.submit(guarded, call) for call in calls]
    # Without a failure, every function was called.
    return [future.result() for future in futures]  # type: ignore[misc]
