# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a response of the server means: the JSON it carries, or a failure."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import FAILED, REFUSED, CoprError, Kind
from .libraries import REQUESTS_TROUBLE

if REQUESTS_TROUBLE is None:
    # What requests stands on.
    from urllib3.exceptions import InvalidHeader
    from urllib3.util.retry import Retry

# Statuses that a proxy in front of the frontend sends, or that ask to wait; worth another try.
TRANSIENT_STATUSES = frozenset({408, 429, 502, 503, 504})
# Of those, the ones that mean the request was rejected before any work was done.
REFUSED_STATUSES = frozenset({408, 429})

LONGEST_SERVER_MESSAGE = 2000
BEHIND_A_BOT_WALL = (
    "A bot wall answered instead of Copr and blocks requests from this address; ask the "
    "administrators of the server to exempt the API."
)

_BOT_WALL = re.compile(r"anubis|not a (?:ro)?bot|captcha|bot protection", re.IGNORECASE)
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_KINDS: dict[int, Kind] = {
    400: "invalid",
    401: "authentication",
    403: "permission",
    404: "not_found",
    405: "invalid",
    409: "conflict",
    413: "invalid",
    415: "invalid",
    504: "timeout",
}


# What a response must look like: a type, or several; a list with one shape, for lists of any
# length; a dict of the required fields, or with the key C(str) alone, for any fields.
Shape = Any


@dataclass(frozen=True)
class Answer:
    """One response as it came over the wire, with the request it belongs to."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def plain_text(text: str, limit: int = LONGEST_SERVER_MESSAGE) -> str:
    """Return a server's text without terminal codes and control characters, cut to a length."""
    cleaned = _CONTROL.sub("", text)
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def read_answer(answer: Answer, shape: Shape = dict) -> Any:
    """Return the decoded JSON of a successful response.

    Copr answers every successful request with 200 and JSON, never with 201, 202 or 204. HTML, JSON
    that can't be parsed or has another shape, and every other status raise CoprError.
    """
    payload = _decode(answer)
    if answer.status != 200:
        raise _refusal(answer, payload)
    if not isinstance(payload, dict):
        raise _not_copr(answer)
    if not fits(payload, shape):
        raise _error(
            answer,
            "server",
            f"The server's answer to {answer.path} lacks fields that Copr always sends.",
            transient=True,
            maybe_done=True,
        )
    return payload


def fits(value: Any, shape: Shape) -> bool:
    """Return whether decoded JSON has a shape; extra fields are allowed. A tuple lists choices."""
    if isinstance(shape, tuple):
        return any(fits(value, each) for each in shape)
    if isinstance(shape, dict) and str in shape:
        return isinstance(value, dict) and all(fits(each, shape[str]) for each in value.values())
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(
            key in value and fits(value[key], part) for key, part in shape.items()
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(each, shape[0]) for each in value)
    return isinstance(value, shape)


def _decode(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def _not_copr(answer: Answer) -> CoprError:
    """Return the error for a response with status 200 that is not a JSON object."""
    text = answer.body[:100_000].decode("utf-8", "replace")
    if _looks_like_html(answer, text):
        if _BOT_WALL.search(text):
            return _error(answer, "bot_wall", BEHIND_A_BOT_WALL)
        what = "an HTML page"
    elif not answer.body.strip():
        what = "an empty answer"
    else:
        what = "something else"
    return _error(
        answer,
        "server",
        f"The server sent {what} instead of a JSON object; check that copr_url is the address of "
        "a Copr frontend, and that no proxy answers in its place.",
        transient=True,
        maybe_done=True,
    )


def _refusal(answer: Answer, payload: Any) -> CoprError:
    said = _server_message(payload)
    kind = _KINDS.get(answer.status, "server" if answer.status >= 500 else "invalid")
    if said is not None:
        sentence = f"{REFUSED if answer.status < 500 else FAILED}: {_readable(said)}"
        if answer.status == 401:
            kind, sentence = "authentication", "Copr does not accept the login or token."
    elif answer.status == 429:
        sentence = "The server receives too many requests and refused this one; try again later."
    elif answer.status >= 500:
        sentence = f"The server answered with the error {answer.status} instead of JSON."
    else:
        # Copr did not send this, so a 404 does not mean that something does not exist.
        walled = _BOT_WALL.search(answer.body[:100_000].decode("utf-8", "replace"))
        kind = "server"
        sentence = (
            f"The server answered with status {answer.status} instead of JSON; check that copr_url "
            "is the address of a Copr frontend."
        )
        if walled:
            kind, sentence = "bot_wall", BEHIND_A_BOT_WALL
    if answer.status == 429:
        kind = "server"
    return _error(
        answer,
        kind,
        sentence,
        server_message=said,
        # A 500 without JSON is a write that lost a race in the database; a retry succeeds.
        transient=answer.status in TRANSIENT_STATUSES or (answer.status == 500 and said is None),
        maybe_done=answer.status >= 500 and answer.status not in REFUSED_STATUSES,
        retry_after=_retry_after(answer.headers.get("Retry-After")),
    )


def _server_message(payload: Any) -> str | None:
    # A field mask that can't be parsed is the only error reported under "message".
    if not isinstance(payload, dict):
        return None
    said = payload.get("error") or payload.get("message")
    return plain_text(said.strip()) if isinstance(said, str) else None


def _readable(said: str) -> str:
    """Return a server's message as a sentence; some contain the text of a Python dictionary.

    build/create and check-before-build report this way which fields are wrong, and why.
    """
    start = "Bad request parameters: "
    if not said.startswith(start):
        return said
    try:
        fields = ast.literal_eval(said[len(start) :])
        return "; ".join(f"{name}: {' '.join(whys)}" for name, whys in fields.items())
    except (ValueError, SyntaxError, TypeError, AttributeError, MemoryError, RecursionError):
        return said


def _looks_like_html(answer: Answer, text: str) -> bool:
    return "html" in answer.headers.get("Content-Type", "") or text.lstrip()[:1] == "<"


def _retry_after(value: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, given as a number or as a date."""
    if value is None:
        return None
    try:
        return float(Retry().parse_retry_after(value))
    except (InvalidHeader, ValueError, OverflowError):
        return None


def _error(answer: Answer, kind: Kind, message: str, **details: Any) -> CoprError:
    return CoprError(
        kind, message, status=answer.status, method=answer.method, path=answer.path, **details
    )
