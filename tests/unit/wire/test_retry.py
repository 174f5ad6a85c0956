# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.retry import (
    LONGEST_DELAY,
    delay_before,
    with_retries,
    worth_another_try,
)
from hypothesis import given
from hypothesis import strategies as st

from unit.lab import Lab, answering


class Sender:
    """Fails as often as it is told to."""

    def __init__(self, failures: int, **error: Any) -> None:
        self.calls, self.failures, self.error = 0, failures, error
        self.slept: list[float] = []

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.failures:
            raise CoprError("server", "no", **self.error)
        return "done"

    def run(self, *, retries: int = 3, repeatable: bool = True) -> str:
        return with_retries(self, repeatable=repeatable, retries=retries, sleep=self.slept.append)


@given(failures=st.integers(0, 6), retries=st.integers(0, 5))
def test_what_passes_is_tried_again_as_often_as_allowed(failures: int, retries: int) -> None:
    sender = Sender(failures, transient=True)
    if failures <= retries:
        assert sender.run(retries=retries) == "done"
        assert sender.calls == failures + 1
    else:
        with pytest.raises(CoprError) as caught:
            sender.run(retries=retries)
        assert caught.value.attempts == sender.calls == retries + 1
    assert len(sender.slept) == sender.calls - 1


def test_what_does_not_pass_is_tried_once() -> None:
    sender = Sender(1, transient=False)
    with pytest.raises(CoprError):
        sender.run()
    assert (sender.calls, sender.slept) == (1, [])


@pytest.mark.parametrize(("maybe_done", "calls"), [(True, 1), (False, 2)])
def test_what_is_not_repeatable_is_sent_again_only_if_it_was_not_seen(
    maybe_done: bool, calls: int
) -> None:
    sender = Sender(1, transient=True, maybe_done=maybe_done)
    if maybe_done:
        with pytest.raises(CoprError):
            sender.run(repeatable=False)
    else:
        sender.run(repeatable=False)
    assert sender.calls == calls


@given(attempt=st.integers(1, 5000), asked=st.none() | st.floats(0, 1000))
def test_the_delay_is_bounded_and_no_shorter_than_asked(attempt: int, asked: float | None) -> None:
    delay = delay_before(attempt, asked)
    assert 0.25 <= delay <= max(LONGEST_DELAY, asked or 0)
    assert delay >= (asked or 0)


def test_the_delay_grows_and_has_jitter() -> None:
    first = {delay_before(1) for _try in range(20)}
    assert len(first) > 1
    assert max(first) <= min(delay_before(4) for _try in range(20))


def test_a_server_that_asks_for_too_much_patience_is_not_waited_for() -> None:
    error = CoprError("server", "no", transient=True, retry_after=3600)
    assert worth_another_try(error, repeatable=True) is False


def test_a_get_honours_retry_after(demo: Lab) -> None:
    demo.sim.fault("status", status=429, retry_after=42)
    demo.do("copr_project", project="alice/demo")
    assert 42 <= demo.slept[0] < 73


@pytest.mark.parametrize("path", ["build/create/url", "project/fork/alice/demo"])
def test_a_submission_is_sent_once_whatever_comes_back(demo: Lab, path: str) -> None:
    for fault in ("lose_answer", "reset_before", "cut", "html"):
        demo.forget()
        demo.sim.fault(fault, path=path)
        with pytest.raises(CoprError) as caught:
            demo.client().submit(path, {})
        assert caught.value.maybe_done is True
        assert len(demo.changes) == 1
    assert demo.slept == []


def test_a_timeout_of_a_proxy_for_a_get_is_tried_again(demo: Lab) -> None:
    demo.before("GET", "project", answering(b"<html>", "504 Slow"))
    demo.do("copr_project", project="alice/demo")
    assert demo.calls == ["GET project"] * 2


@given(st.lists(st.booleans(), min_size=1, max_size=4))
def test_what_an_earlier_attempt_may_have_done_is_not_forgotten(attempts: list[bool]) -> None:
    left = iter(attempts)

    def send() -> None:
        maybe_done = next(left)
        raise CoprError("server", "no", transient=True, maybe_done=maybe_done)

    with pytest.raises(CoprError) as caught:
        with_retries(send, repeatable=True, retries=len(attempts) - 1, sleep=lambda _seconds: None)
    assert caught.value.maybe_done is any(attempts)
