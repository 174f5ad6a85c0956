# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API token: a new one, and how a result shows one."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any, TypedDict

from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.settings import Credentials, may_be_sent
from ..wire.shapes import shape_of


class NewToken(TypedDict):
    """The fields that are read of a new token."""

    api_login: str
    api_token: str


_SHAPE = shape_of(NewToken)


def make_token(client: Client, credentials: Credentials) -> Credentials:
    """Replace a login and token with new ones; the old ones become invalid immediately.

    POST /api-token. The request is sent only once: each request creates another token, and no other
    request shows it. Afterwards the client uses the new ones, and hides both. Raises CoprError.
    """
    answer = client.submit("api-token", {}, shape=_SHAPE)
    login, token = answer["api_login"], answer["api_token"]
    if not (login and token and may_be_sent(login + token)) or " " in login + token:
        raise CoprError(
            "server",
            "The server's answer contains no usable login and token.",
            method="POST",
            path="api-token",
            maybe_done=True,
        )
    made = replace(credentials, login=login, token=token, expires=_day(answer.get("expiration")))
    client.log_in_with(made)
    return made


def shown_token(credentials: Credentials | None) -> dict[str, Any]:
    """Return a token as results show it: everything except the token and its login."""
    expires = credentials.expires if credentials else None
    return {
        "origin": credentials.origin if credentials else None,
        "expires": expires.isoformat() if expires else None,
        "days_left": days_left(expires) if expires else None,
    }


def days_left(expires: datetime.date) -> int:
    """Return the days until the last day of a token, on which it is still valid."""
    return (expires - datetime.date.today()).days


def _day(text: Any) -> datetime.date | None:
    # The new token must not be lost because of a date that can't be parsed.
    try:
        return datetime.date.fromisoformat(text)
    except (TypeError, ValueError):
        return None
