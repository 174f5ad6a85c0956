# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When to send a request again, and how long to wait before that."""

from __future__ import annotations

import random
from typing import Callable, TypeVar

from .errors import CoprError

FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
LONGEST_RETRY_AFTER = 300.0

T = TypeVar("T")


def delay_before(attempt: int, retry_after: float | None = None) -> float:
    """Return the seconds to wait before try number C(attempt) + 1.

    The time doubles with each try, with jitter so that many clients do not come back at once.
    What the server asks for with Retry-After is a minimum.
    """
    longest = min(LONGEST_DELAY, FIRST_DELAY * 2 ** min(attempt - 1, 10))
    delay = random.uniform(longest / 2, longest)
    return delay if retry_after is None else max(delay, retry_after)


def worth_another_try(error: CoprError, *, repeatable: bool) -> bool:
    """Return whether sending the request again is both safe and likely to help."""
    if not error.transient or (error.retry_after or 0) > LONGEST_RETRY_AFTER:
        return False
    return repeatable or not error.maybe_done


def with_retries(
    send: Callable[[], T],
    *,
    repeatable: bool,
    retries: int,
    sleep: Callable[[float], None],
) -> T:
    """Return what C(send) returns, calling it up to 1 + C(retries) times.

    A request that is not repeatable is sent again only if the server has certainly not seen it.
    The error that is finally raised has the number of attempts, and whether any of them may have
    been carried out.
    """
    attempt, maybe_done = 0, False
    while True:
        attempt += 1
        try:
            return send()
        except CoprError as error:
            error.attempts = attempt
            maybe_done = error.maybe_done = maybe_done or error.maybe_done
            if attempt > retries or not worth_another_try(error, repeatable=repeatable):
                raise
            sleep(delay_before(attempt, error.retry_after))
