# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults on request: answers that get lost, proxies that fail, bodies that are cut."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any, Literal

from werkzeug.wrappers import Request, Response

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

DELIVERY = "simulator.delivery"
"""Key of the Delivery in the WSGI environment."""

PAGE = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
FILLER = b"x" * 2**18
STATUSES = (429, 500, 502, 503, 504)


@dataclass
class Delivery:
    """What the server does with an answer.

    It sends the whole, half of the body, half of it and then a reset, or none of it; or the whole
    in so many pieces with a pause before each.
    """

    how: Literal["whole", "half", "reset", "none", "drip"] = "whole"
    pause: float = 0.0


@dataclass
class Fault:
    """One fault: which requests it strikes, how often, and what it does."""

    fault: str
    method: str | None = None
    path: str | None = None
    times: int = 1
    skip: int = 0
    status: int = 503
    after: bool = False
    """For ``status``, ``wrong_json``, ``huge``: do the work before the answer is replaced."""
    retry_after: str | int | None = None
    delay: float = 1.0
    answer: Any = field(default_factory=lambda: ["unexpected"])
    size: int = 100 * 2**20

    def __post_init__(self) -> None:
        if self.fault not in KINDS:
            raise ValueError(f"a fault is one of {', '.join(KINDS)}")
        if self.status not in STATUSES:
            raise ValueError(f"a status is one of {', '.join(map(str, STATUSES))}")
        re.compile(self.path or "")

    def strikes(self, method: str, path: str) -> bool:
        """Whether a request is one of those meant."""
        of_method = self.method is None or self.method.upper() == method
        return of_method and (self.path is None or re.search(self.path, path) is not None)


@dataclass
class Faults:
    """The faults waiting for requests; the oldest that fits strikes."""

    waiting: list[Fault] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        """Let a fault wait for requests."""
        with self._lock:
            self.waiting.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self.waiting.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Find the fault that strikes a request, and count it down."""
        with self._lock:
            for fault in self.waiting:
                if not fault.strikes(method, path):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None


def answer(fault: Fault, app: WsgiApp, request: Request) -> Response:
    """Serve a request in the way a fault has it."""
    return KINDS[fault.fault](fault, app, request)


def _lose_answer(_fault: Fault, app: WsgiApp, request: Request) -> Response:
    response = Response.from_app(app, request.environ)
    request.environ[DELIVERY].how = "none"
    return response


def _reset_before(_fault: Fault, _app: WsgiApp, request: Request) -> Response:
    request.environ[DELIVERY].how = "none"
    return Response()


def _status(fault: Fault, app: WsgiApp, request: Request) -> Response:
    if fault.after:
        Response.from_app(app, request.environ)
    response = Response(status=fault.status, mimetype="text/html")
    response.set_data(PAGE.format(response.status))
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


def _html(_fault: Fault, _app: WsgiApp, _request: Request) -> Response:
    return Response(PAGE.format("Are you human?"), mimetype="text/html")


def _wrong_json(fault: Fault, app: WsgiApp, request: Request) -> Response:
    if fault.after:
        Response.from_app(app, request.environ)
    return Response(json.dumps(fault.answer), mimetype="application/json")


def _huge(fault: Fault, app: WsgiApp, request: Request) -> Response:
    if fault.after:
        Response.from_app(app, request.environ)
    pieces, rest = divmod(fault.size, len(FILLER))
    body = chain([b'{"filler": ["'], repeat(FILLER, pieces), [FILLER[:rest], b'"]}'])
    response = Response(body, mimetype="application/json")
    response.content_length = fault.size + len('{"filler": [""]}')
    return response


def _cut(_fault: Fault, app: WsgiApp, request: Request) -> Response:
    response = Response.from_app(app, request.environ)
    request.environ[DELIVERY].how = "half"
    return response


def _reset_after(_fault: Fault, app: WsgiApp, request: Request) -> Response:
    response = Response.from_app(app, request.environ)
    request.environ[DELIVERY].how = "reset"
    return response


def _drip(fault: Fault, app: WsgiApp, request: Request) -> Response:
    response = Response.from_app(app, request.environ)
    request.environ[DELIVERY].how, request.environ[DELIVERY].pause = "drip", fault.delay
    return response


def _slow(fault: Fault, app: WsgiApp, request: Request) -> Response:
    time.sleep(fault.delay)
    return Response.from_app(app, request.environ)


KINDS: dict[str, Callable[[Fault, WsgiApp, Request], Response]] = {
    "lose_answer": _lose_answer,
    "reset_before": _reset_before,
    "status": _status,
    "html": _html,
    "wrong_json": _wrong_json,
    "huge": _huge,
    "cut": _cut,
    "reset_after": _reset_after,
    "drip": _drip,
    "slow": _slow,
}
