# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that go wrong: in which way, and by a plan that a seed decides."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Callable, Literal
from unittest import mock
from urllib.parse import urlsplit, urlunsplit

from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.answers import Answer
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import Settings
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.transport import Transport

from simulator.server import Simulator
from unit.rawserver import unused_port

if TYPE_CHECKING:
    import requests
    from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.transport import Signer

Detour = Literal["refused", "unresolved", "no TLS"]
NOWHERE = "copr.invalid"

# Ways in which the simulator breaks a request, as it takes them.
BY_THE_SERVER: dict[str, dict[str, Any]] = {
    "answer lost": {"fault": "lose_answer"},
    "reset while sending": {"fault": "reset_before"},
    "reset while receiving": {"fault": "reset_after"},
    "cut body": {"fault": "cut"},
    **{
        f"{status} {when}": {"fault": "status", "status": status, "after": when == "after"}
        for status in (500, 502, 503, 504)
        for when in ("before", "after")
    },
    "429": {"fault": "status", "status": 429, "retry_after": 17},
    "429 for an hour": {"fault": "status", "status": 429, "retry_after": 3600},
    "HTML": {"fault": "html"},
    "a list": {"fault": "wrong_json"},
    "a list after": {"fault": "wrong_json", "after": True},
    "an empty object": {"fault": "wrong_json", "answer": {}},
    "an empty object after": {"fault": "wrong_json", "answer": {}, "after": True},
    "wrong types": {"fault": "wrong_json", "answer": {"items": 7, "id": "x", "name": None}},
    "wrong rows": {"fault": "wrong_json", "answer": {"items": [{"id": None}]}, "after": True},
}
# These take long, or much memory, and strike once in a run.
DEAR: dict[str, dict[str, Any]] = {
    "100 MB": {"fault": "huge"},
    "100 MB after": {"fault": "huge", "after": True},
    "slow drip": {"fault": "drip", "delay": 0.002},
    "endless drip": {"fault": "drip", "delay": 0.05},
}
# Ways in which a request never gets to the simulator.
ON_THE_WAY: tuple[Detour, ...] = ("refused", "unresolved", "no TLS")
CHEAP = (*BY_THE_SERVER, *ON_THE_WAY)


@dataclass
class Struck:
    """One request that went wrong."""

    number: int
    request: str
    strike: str

    def __str__(self) -> str:
        return f"request {self.number}, {self.request}: {self.strike}"


class Plan:
    """Decides which requests of a task go wrong, and how; a seed decides the plan."""

    def __init__(self, rng: random.Random, *, reads: bool = False) -> None:
        """Draw a plan; for a task that only C(reads) it strikes no changes."""
        self._rng = rng
        self.struck: list[Struck] = []
        self._count = {"all": 0, "changes": 0}
        self._odds = 0.0
        self._counted: Literal["all", "changes"] = "all"
        self._first, self._length = 0, 0
        self._strike = rng.choice(CHEAP)
        changes = () if reads else ("change", "change", "change")
        mode = rng.choice((*changes, "one", "outage", "rain"))
        if mode == "rain":
            self._odds = rng.choice((0.1, 0.3, 0.6))
            return
        if mode == "change":
            self._counted, self._first = "changes", rng.choice((0, 0, 0, 0, 0, 1))
        else:
            self._first = rng.choice((0, 1, 1, 2, 2, 3, 3, 4, 5, 7))
        self._length = rng.randint(2, 12) if mode == "outage" else 1
        if self._length == 1 and rng.random() < 0.08:
            self._strike = rng.choice(list(DEAR))

    @property
    def request_timeout(self) -> float:
        """How patient the task is to be; three times this is how long an answer may drip."""
        return 0.15 if self._strike == "endless drip" else 20.0

    def next(self, method: str, path: str) -> str | None:
        """Return how the next request goes wrong, or None."""
        number = self._count["all"]
        nth = self._count[self._counted]
        self._count["all"] += 1
        is_change = method != "GET" and not path.endswith("check-before-build")
        self._count["changes"] += is_change
        if self._odds:
            strike = self._rng.choice(CHEAP) if self._rng.random() < self._odds else None
        else:
            meant = is_change or self._counted == "all"
            hit = meant and self._first <= nth < self._first + self._length
            strike = self._strike if hit else None
        if strike:
            self.struck.append(Struck(number, f"{method} {path}", strike))
        return strike


class BreakingTransport(Transport):
    """A transport whose requests go wrong by a plan, on real sockets."""

    def __init__(self, settings: Settings, sim: Simulator, plan: Plan) -> None:
        super().__init__(settings)
        self._sim = sim
        self._plan = plan

    def send(self, method: str, path: str, sign: Signer | None, **arguments: Any) -> Answer:
        """Send a request, or have it go wrong."""
        strike = self._plan.next(method, path)
        if strike not in ON_THE_WAY:
            self._arm(strike)
            return super().send(method, path, sign, **arguments)
        with detour(strike, self._settings.url) as url:
            elsewhere = Transport(replace(self._settings, url=url))
            return elsewhere.send(method, path, sign, **arguments)

    def _file(
        self,
        url: str,
        headers: dict[str, str],
        limit: float,
        pieces: Callable[[requests.Response], Iterator[bytes]],
    ) -> Iterator[bytes]:
        """Yield the pieces of a file, or have that go wrong."""
        strike = self._plan.next("GET", urlsplit(url).path)
        if strike not in ON_THE_WAY:
            self._arm(strike)
            yield from super()._file(url, headers, limit, pieces)
            return
        with detour(strike, url) as elsewhere:
            yield from super()._file(elsewhere, headers, limit, pieces)

    def _arm(self, strike: str | None) -> None:
        self._sim.clear_faults()
        if strike is not None:
            self._sim.fault(**{**BY_THE_SERVER, **DEAR}[strike])


@contextmanager
def detour(strike: str | None, url: str) -> Iterator[str]:
    """Give an address in place of C(url) to which no connection comes about."""
    parts = urlsplit(url)
    with ExitStack() as stack:
        if strike == "refused":
            parts = parts._replace(netloc=f"127.0.0.1:{unused_port()}")
        elif strike == "no TLS":
            # The simulator speaks no TLS.
            parts = parts._replace(scheme="https")
        else:
            stack.enter_context(mock.patch("socket.getaddrinfo", side_effect=_no_such_name))
            parts = parts._replace(netloc=NOWHERE)
        yield urlunsplit(parts)


def _no_such_name(*_arguments: Any, **_named: Any) -> Any:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
