# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands before the application: it notes requests, and lets faults strike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from werkzeug.wrappers import Request

from . import faults
from .auth import log_in
from .errors import Crash, LoginNeeded
from .faults import Faults, WsgiApp
from .world import World


@dataclass
class Received:
    """One request to the API; without a status as long as it is not answered."""

    method: str
    path: str
    query: dict[str, str]
    user: str | None
    status: int | None = None


class Doorkeeper:
    """Notes each request to the API, and lets faults strike it, before the application sees it."""

    def __init__(self, app: WsgiApp, world: World) -> None:
        self.app = app
        self.world = world
        self.faults = Faults()
        self.requests: list[Received] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Serve one request, as WSGI has it."""
        request = Request(environ)
        if request.path.startswith("/simulator/"):
            return self.app(environ, start_response)
        fault = self.faults.take(request.method, request.path)
        received = Received(request.method, request.path, request.args.to_dict(), None)
        if request.path.startswith("/api_3"):
            received.user = self._user_name(request)
            self.requests.append(received)

        def start(status: str, headers: Any, *rest: Any) -> Any:
            if fault is None or fault.fault != "reset_before":
                received.status = int(status.split(maxsplit=1)[0])
            return start_response(status, headers, *rest)

        served = self.app if fault is None else faults.answer(fault, self.app, request)
        return served(environ, start)

    def _user_name(self, request: Request) -> str | None:
        try:
            return log_in(self.world, request).name
        except (LoginNeeded, Crash):
            return None
