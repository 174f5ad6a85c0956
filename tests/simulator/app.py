# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Flask application: endpoints, errors, headers."""

from __future__ import annotations

import threading

import flask
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException

from .body import Request
from .errors import ApiError, BadMask, LoginNeeded, RefusedWrite
from .routes import ENDPOINTS, control, repo_files, results
from .routing import login_refused
from .world import World

HTTP_TEXTS = {
    400: "The body of the request cannot be understood.",
    404: "There is no such API endpoint.",
    405: "This method is not allowed here.",
    413: "A field of the form is too large.",
    415: "This endpoint reads a body with Content-Type application/json only.",
}
CRASHED = "The request could not be served; this is probably a bug of the server."
HTML_500 = "<html><head><title>Internal Server Error</title></head><body></body></html>"


# werkzeug parses code for each route, and CPython 3.11 confuses what two threads parse at once
# (SystemError: AST constructor recursion depth mismatch).
_CREATING = threading.Lock()


def create_app(world: World) -> flask.Flask:
    """Make an application that serves one world."""
    with _CREATING:
        return _create_app(world)


def _create_app(world: World) -> flask.Flask:
    app = flask.Flask("simulator", static_folder=None)
    app.request_class = Request
    app.extensions["simulator"] = world
    app.json = json = DefaultJSONProvider(app)
    json.sort_keys = False
    for endpoints in ENDPOINTS:
        app.register_blueprint(endpoints.blueprint)
    app.register_blueprint(results.pages)
    app.register_blueprint(repo_files.pages)
    app.register_blueprint(control.pages)
    app.register_error_handler(ApiError, _api_error)
    app.register_error_handler(LoginNeeded, login_refused)
    app.register_error_handler(BadMask, _bad_mask)
    app.register_error_handler(RefusedWrite, _refused_write)
    app.register_error_handler(HTTPException, _http_error)
    app.after_request(_finish)
    return app


def _error(message: str, status: int) -> flask.Response:
    response = flask.jsonify({"error": message})
    response.status_code = status
    return response


def _api_error(error: ApiError) -> flask.Response:
    return _error(error.message, error.status)


def _bad_mask(error: BadMask) -> flask.Response:
    response = flask.jsonify({"message": f"Mask parse error: {error}"})
    response.status_code = 400
    return response


def _refused_write(_error: RefusedWrite) -> flask.Response:
    return flask.Response(HTML_500, 500, content_type="text/html")


def _http_error(error: HTTPException) -> flask.Response | HTTPException:
    """Answer what Flask itself refuses: in JSON below /api_3 but for redirects, else in HTML."""
    status = error.code or 500
    if not flask.request.path.startswith("/api_3") or status < 400:
        return error
    return _error(HTTP_TEXTS.get(status, CRASHED), status)


def _finish(response: flask.Response) -> flask.Response:
    """Add the Warning of deprecated methods; drop Allow but in answers to OPTIONS."""
    warning = flask.g.get("warning")
    if warning:
        response.headers["Warning"] = warning
    if flask.request.method != "OPTIONS":
        response.headers.pop("Allow", None)
    return response
