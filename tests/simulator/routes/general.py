# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/api_3, auth-check, api-token, gssapi_login, mock-chroots, swagger.json and docs."""

from __future__ import annotations

import datetime
import secrets
import string
from dataclasses import replace
from typing import Any

import flask

from ..auth import SESSION_COOKIE, negotiate, open_session
from ..current import user, world
from ..errors import Forbidden
from ..routing import Endpoints
from ..swagger import description

api = Endpoints("general")

TOKEN_LIFETIME = datetime.timedelta(days=180)


@api.get("/", masked=False)
def home() -> dict[str, int]:
    """Answer the version of the API."""
    return {"version": 3}


@api.get("/auth-check", login=True, masked=False)
def auth_check() -> dict[str, Any]:
    """Who the login belongs to; the only GET that proves a token."""
    return {"id": user().id, "name": user().name}


@api.post("/api-token", masked=False)
def new_token() -> dict[str, str]:
    """Make a new login and token, and answer them; the old ones are void at once."""
    expires = world().today() + TOKEN_LIFETIME
    made = replace(user(), login=_letters(20), token=_letters(30), expires=expires)
    world().users[made.name] = made
    return {"api_login": made.login, "api_token": made.token, "expiration": str(expires)}


def _letters(number: int) -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _each in range(number))


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
