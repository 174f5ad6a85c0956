# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calling functions at once: most of the time of a request is spent on its way."""

from __future__ import annotations

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
    results: dict[int, T] = {}
    errors: dict[int, BaseException] = {}

    def run(number: int) -> None:
        if not errors:
            try:
                results[number] = calls[number]()
            except BaseException as error:  # it is raised below, also an interruption
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
