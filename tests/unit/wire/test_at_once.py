# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Functions that are called at once: how many, in which order, and what a failure does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.at_once import at_once
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

from unit.lab import Lab

MOST = 3

Calls = list[Callable[[], None]]


def test_results_are_in_the_order_of_the_functions() -> None:
    second_is_done = threading.Event()

    def first() -> str:
        assert second_is_done.wait(60)
        return "first"

    def second() -> str:
        second_is_done.set()
        return "second"

    assert at_once(MOST, [first, second]) == ["first", "second"]


def test_so_many_are_called_at_once_and_no_more() -> None:
    meeting, running, most = threading.Barrier(MOST), [], []

    def work() -> None:
        running.append(1)
        meeting.wait(60)
        most.append(len(running))
        meeting.wait(60)
        running.pop()

    at_once(MOST, [work] * (2 * MOST))
    assert set(most) == {MOST}


def failing(error: Exception, begun: threading.Event) -> None:
    assert begun.wait(60)
    raise error


def test_after_a_failure_no_other_is_begun() -> None:
    done: list[int] = []
    begun = threading.Event()

    def running() -> None:
        begun.set()
        time.sleep(0.5)
        done.append(1)

    never = [partial(done.append, 2)] * 10
    calls: Calls = [partial(failing, ValueError("x"), begun), running, *never]
    with pytest.raises(ValueError, match="x"):
        at_once(2, calls)
    assert done == [1]


def test_of_two_failures_the_first_is_raised() -> None:
    begun = threading.Event()

    def second() -> None:
        begun.set()
        raise KeyError("second")

    calls: Calls = [partial(failing, ValueError("first"), begun), second]
    with pytest.raises(ValueError, match="first"):
        at_once(2, calls)


def test_what_any_of_them_may_have_done_is_not_forgotten() -> None:
    begun = threading.Event()

    def second() -> None:
        begun.set()
        raise CoprError("timeout", "second", maybe_done=True)

    calls: Calls = [partial(failing, CoprError("invalid", "first"), begun), second]
    with pytest.raises(CoprError) as caught:
        at_once(2, calls)
    assert (caught.value.message, caught.value.maybe_done) == ("first", True)


def test_one_connection_needs_no_thread() -> None:
    names = at_once(1, [threading.get_ident] * 3)
    assert names == [threading.get_ident()] * 3


def test_a_client_keeps_to_its_connections_however_many_threads_there_are(lab: Lab) -> None:
    lab.project()
    client = lab.client().with_connections(2)
    serving, most, lock = [0], [0], threading.Lock()
    app = lab.sim.doorkeeper.app

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with lock:
            serving[0] += 1
            most[0] = max(most[0], serving[0])
        threading.Event().wait(0.02)
        try:
            return app(environ, start_response)
        finally:
            with lock:
                serving[0] -= 1

    lab.sim.doorkeeper.app = serve
    read = partial(client.get, "mock-chroots/list")
    client.at_once([partial(client.at_once, [read] * 6)] * 2)
    assert most[0] == 2
