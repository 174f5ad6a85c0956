# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who sends a request: HTTP Basic with login and token, or a session from gssapi_login."""

from __future__ import annotations

import base64
import binascii
import secrets

from werkzeug.wrappers import Request

from .errors import Crash, LoginNeeded
from .world import User, World

SESSION_COOKIE = "session"


def log_in(world: World, request: Request) -> User:
    """Find the user of a request. Malformed headers crash the server, wrong ones are 401."""
    header = request.headers.get("Authorization")
    if header is None:
        name = world.sessions.get(request.cookies.get(SESSION_COOKIE, ""))
        if name is None:
            raise LoginNeeded
        return world.users[name]
    login, token = _basic_credentials(header)
    for user in world.users.values():
        expired = user.expires is not None and user.expires < world.today()
        if login == user.login and token == user.token and not expired:
            return user
    raise LoginNeeded


def _basic_credentials(header: str) -> tuple[str, str]:
    scheme, _blank, value = header.strip().partition(" ")
    try:
        text = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise Crash from None
    if scheme.lower() != "basic" or text.count(":") != 1:
        raise Crash
    login, _colon, token = text.partition(":")
    return login, token


def negotiate(world: World, request: Request) -> User | None:
    """Find the user named by the stand-in for Kerberos, ``Negotiate base64(name)``."""
    scheme, _blank, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "negotiate":
        return None
    try:
        name = base64.b64decode(value.strip(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return world.users.get(name)


def open_session(world: World, user: User) -> str:
    """Make a cookie value that logs a user in from now on."""
    session = secrets.token_urlsafe()
    world.sessions[session] = user.name
    return session
