# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calling functions at once: most of the time of a request is spent on its way."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, TypeVar

from .errors import CoprError

T = TypeVar("T")


def at_once(most: int, calls: Sequence[Callable[[], T]]) -> list[T]:
    """Call functions, at most so many at the same time, and return what they return, in order.

    After one has raised an exception no other is begun, those that are running come to their end,
    and the exception is raised; of several the one whose function comes first. If a request of any
    of them may have been carried out, a CoprError says so (maybe_done).
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
    errors = [error for error in (future.exception() for future in futures) if error is not None]
    if errors and isinstance(errors[0], CoprError):
        errors[0].maybe_done = any(getattr(error, "maybe_done", False) for error in errors)
    # Without a failure, every function was called.
    return [future.result() for future in futures]  # type: ignore[misc]
