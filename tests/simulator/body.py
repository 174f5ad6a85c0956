# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what a client sent: query arguments, JSON, forms and the multipart part ``json``."""

from __future__ import annotations

import json
from typing import IO, Any

import flask

from . import lookup
from .current import world
from .errors import BadRequest, Crash
from .world import Project


class Request(flask.Request):
    """Closes the files of a form also when the form breaks off."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._begun: list[IO[bytes]] = []

    def _get_file_stream(self, *arguments: Any, **more: Any) -> IO[bytes]:
        self._begun.append(super()._get_file_stream(*arguments, **more))
        return self._begun[-1]

    def close(self) -> None:
        """Close what the request has opened."""
        super().close()
        for file in self._begun:
            file.close()


def required_arguments(*names: str) -> list[str]:
    """Query arguments that must be there; of repeated ones the first counts."""
    for name in names:
        if name not in flask.request.args:
            raise BadRequest(f"Missing argument {name}")
    return [flask.request.args[name] for name in names]


def argument_is_true(name: str) -> bool:
    """Whether a query argument is one of the words that lists take for true."""
    return flask.request.args.get(name) in ("True", "true", "1")


def load_json_part() -> None:
    """Read the multipart part ``json`` (one with a file name) in place of all other fields."""
    part = flask.request.files.get("json")
    if part is None:
        return
    try:
        loaded = json.loads(part.read()) or {}
    except ValueError:
        raise Crash from None
    if not isinstance(loaded, dict):
        raise Crash
    flask.g.json_part = loaded


def form_fields() -> dict[str, Any]:
    """Fields of a form or of the part ``json``; of a repeated field the first value only."""
    part: dict[str, Any] | None = flask.g.get("json_part")
    return dict(flask.request.form) if part is None else part


def required_json() -> Any:
    """Read a JSON body: 415 without the content type, 400 if it cannot be read."""
    return flask.request.get_json()


def fields() -> dict[str, Any]:
    """Read the fields of a body; an unreadable one counts as empty, null is left out."""
    body = flask.request.get_json(silent=True) or form_fields()
    if not isinstance(body, dict):
        raise Crash
    return {name: value for name, value in body.items() if value is not None}


def named_in_body(name: str) -> str:
    """Read a name the body must give, in a form or in JSON. Missing ones crash the server."""
    value = form_fields().get(name)
    if not value:
        body = required_json()
        value = body.get(name) if isinstance(body, dict) else None
    if not value or not isinstance(value, str):
        raise Crash
    return value


def project_in_body() -> Project:
    """Find the project named by ``ownername`` and ``projectname`` of the body."""
    return lookup.project(world(), named_in_body("ownername"), named_in_body("projectname"))


def project_in_query() -> Project:
    """Find the project named by the query; an empty name there is looked for in the body."""
    owner, name = required_arguments("ownername", "projectname")
    owner = owner or named_in_body("ownername")
    return lookup.project(world(), owner, name or named_in_body("projectname"))
