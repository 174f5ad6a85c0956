# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How endpoints are declared: paths, methods, logins, deprecated methods, field masks."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import flask

from .auth import log_in
from .body import load_json_part
from .current import world
from .errors import Crash, LoginNeeded, NotFound
from .lifecycle import settle
from .masks import apply_mask

Handler = Callable[..., Any]


class Endpoints:
    """The endpoints below one path of the API; declared with decorators."""

    def __init__(self, name: str, prefix: str = "") -> None:
        self.blueprint = flask.Blueprint(name, __name__, url_prefix=f"/api_3{prefix}")

    def get(
        self, path: str = "", *, login: bool = False, masked: bool = True
    ) -> Callable[[Handler], Handler]:
        """Declare a GET endpoint, public unless it needs a login."""
        return self._declare("GET", path, login=login, masked=masked)

    def post(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a POST endpoint, with login."""
        return self._declare("POST", path, **options)

    def put(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a PUT endpoint, with login."""
        return self._declare("PUT", path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[Handler], Handler]:
        """Declare a DELETE endpoint, with login."""
        return self._declare("DELETE", path, **options)

    def no_others(self, *methods: str) -> None:
        """Answer other methods of the bare path as an unknown endpoint (404 in place of 405)."""

        def unknown() -> str:
            raise NotFound("There is no such API endpoint.")

        names = ["POST", "PUT", "DELETE", "PATCH", *methods]
        self.blueprint.add_url_rule("", "unknown", unknown, methods=names, strict_slashes=False)

    def _declare(
        self,
        method: str,
        path: str,
        *,
        login: bool = True,
        masked: bool = True,
        json_part: bool = False,
        also: str | None = None,
        deprecated: str | None = None,
        warns_strangers: bool = False,
    ) -> Callable[[Handler], Handler]:
        def declare(handler: Handler) -> Handler:
            for name in filter(None, (method, also, deprecated)):
                warning = None
                if name == deprecated:
                    warning = f"This method is deprecated: Use {method} method instead of {name}"
                view = _view(
                    handler,
                    login=login,
                    masked=masked,
                    json_part=json_part,
                    warning=warning,
                    warns_strangers=warns_strangers,
                )
                self.blueprint.add_url_rule(
                    path,
                    endpoint=f"{name} {path.replace('.', ' ')}",
                    view_func=view,
                    methods=[name],
                    strict_slashes=False,
                )
            return handler

        return declare


def _view(
    handler: Handler,
    *,
    login: bool,
    masked: bool,
    json_part: bool,
    warning: str | None,
    warns_strangers: bool,
) -> Handler:
    """One endpoint as Flask calls it: login first, then the work, then mask and headers."""

    @wraps(handler)
    def view(**path_arguments: Any) -> flask.Response:
        if json_part:
            load_json_part()
        flask.request.form  # noqa: B018 - reads the body before anybody has to wait for the lock
        with world().lock:
            if login:
                _log_in(warning if warns_strangers else None)
            settle(world())
            answer = handler(**path_arguments)
        flask.g.warning = warning
        if isinstance(answer, flask.Response):
            return answer
        if masked:
            answer = apply_mask(flask.request.headers.get("X-Fields"), answer)
        return flask.jsonify(answer)

    return view


def _log_in(warning: str | None) -> None:
    """Find out who sends the request; a refusal carries the warning, if there is one."""
    try:
        flask.g.user = log_in(world(), flask.request)
    except (LoginNeeded, Crash):
        flask.g.warning = warning
        raise


def login_refused(_error: LoginNeeded) -> flask.Response:
    """Answer 401, the only error that says ``output: notok``."""
    text = f"No valid login; a token is to be had at {flask.request.host_url}api."
    response = flask.jsonify({"output": "notok", "error": text})
    response.status_code = 401
    return response
