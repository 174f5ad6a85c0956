# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calling functions concurrently: most of the time of a request is spent on the network."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Callable, TypeVar

from .errors import CoprError

T = TypeVar("T")


def at_once(most: int, calls: Sequence[Callable[[], T]]) -> list[T]:
    """Call functions, at most C(most) at the same time; return what they return, in order.

    Once one has raised an exception, no other is started, running ones are completed, and the
    exception is raised; of several, that of the function that comes first. If a request of any of
    them may have been carried out, a CoprError says so (maybe_done).
    """
    if min(most, len(calls)) <= 1:
        return [call() for call in calls]
    results: dict[int, T] = {}
    errors: dict[int, BaseException] = {}

    def run(number: int) -> None:
        if not errors:
            try:
                results[number] = calls[number]()
            except BaseException as error:  # raised below, also a KeyboardInterrupt
                errors[number] = error

    numbers = range(len(calls))
    with ThreadPoolExecutor(min(most, len(calls))) as pool:
        for number in numbers:
            pool.submit(run, number)
    if errors:
        first = errors[min(errors)]
        if isinstance(first, CoprError):
            others = errors.values()
            first.maybe_done = any(getattr(error, "maybe_done", False) for error in others)
        raise first
    return [results[number] for number in numbers]
