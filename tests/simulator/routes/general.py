# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api_3, auth-check, api-token, gssapi_login, mock-chroots, swagger.json and docs."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import flask

from ..auth import SESSION_COOKIE, negotiate, open_session
from ..current import user, world
from ..errors import Forbidden
from ..routing import Endpoints
from ..swagger import description

api = Endpoints("general")

TOKEN_LIFETIME = 180 * 86400


@api.get("/", masked=False)
def home() -> dict[str, int]:
    """Answer the version of the API."""
    return {"version": 3}


@api.get("/auth-check", login=True, masked=False)
def auth_check() -> dict[str, Any]:
    """Who the login belongs to; the only GET that proves a token."""
    return {"id": user().id, "name": user().name}


@api.post("/api-token", masked=False)
def new_token() -> dict[str, Any]:
    """Make a new login and token; the old ones are void at once."""
    renewed = replace(user(), login=secrets.token_hex(15), token=secrets.token_hex(20))
    world().users[renewed.name] = renewed
    expiration = int(world().now()) + TOKEN_LIFETIME
    return {"api_login": renewed.login, "api_token": renewed.token, "expiration": expiration}


@api.get("/gssapi_login", masked=False)
@api.get("/gssapi_login/<_page>", masked=False)
def gssapi_login(_page: str = "") -> flask.Response:
    """Log in by (the simulator's stand-in for) Kerberos; the cookie keeps the session."""
    who = negotiate(world(), flask.request)
    if who is None:
        raise Forbidden("The login by GSSAPI failed: no Kerberos credentials came.")
    response = flask.jsonify({"id": who.id, "name": who.name})
    response.set_cookie(SESSION_COOKIE, open_session(world(), who), httponly=True)
    return response


@api.get("/mock-chroots/list", masked=False)
def mock_chroots() -> dict[str, str]:
    """All active chroots with a comment; no paging."""
    return dict.fromkeys(world().active_chroots(), "")


@api.get("/swagger.json", masked=False)
def swagger() -> dict[str, Any]:
    """Describe the API."""
    return description()


@api.get("/docs", masked=False)
def docs() -> flask.Response:
    """Answer the page for readers, in HTML."""
    return flask.Response("<!DOCTYPE html><title>Copr API</title>", content_type="text/html")
