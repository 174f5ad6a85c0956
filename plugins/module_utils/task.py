# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module's run(task) receives, and the options that all modules have."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from ansible.module_utils.common.parameters import env_fallback

from .nouns.names import ProjectName, parse_project
from .wire.answers import plain_text
from .wire.client import Client
from .wire.errors import CoprError
from .wire.settings import settings_from

LONGEST_MESSAGE = 5000

CONNECTION_SPEC: dict[str, dict[str, Any]] = {
    "copr_url": {"type": "str", "fallback": (env_fallback, ["COPR_URL"])},
    "copr_login": {"type": "str", "no_log": True, "fallback": (env_fallback, ["COPR_LOGIN"])},
    "copr_token": {"type": "str", "no_log": True, "fallback": (env_fallback, ["COPR_TOKEN"])},
    "copr_username": {"type": "str", "fallback": (env_fallback, ["COPR_USERNAME"])},
    "config_file": {"type": "path", "fallback": (env_fallback, ["COPR_CONFIG"])},
    "gssapi": {"type": "bool", "fallback": (env_fallback, ["COPR_GSSAPI"])},
    "validate_certs": {
        "type": "bool",
        "default": True,
        "fallback": (env_fallback, ["COPR_VALIDATE_CERTS"]),
    },
    "ca_path": {"type": "path", "fallback": (env_fallback, ["COPR_CA_PATH"])},
    "request_timeout": {
        "type": "float",
        "default": 60.0,
        "fallback": (env_fallback, ["COPR_REQUEST_TIMEOUT"]),
    },
    "retries": {"type": "int", "default": 4, "fallback": (env_fallback, ["COPR_RETRIES"])},
}

# For modules that wait, beside how long they do.
WAIT_SPEC: dict[str, dict[str, Any]] = {
    "poll_interval": {"type": "float"},
    "progress": {"type": "bool", "default": True},
}


@dataclass
class Task:
    """One task of a playbook, as a module's run(task) sees it.

    Attributes:
        params: the options after validation; one left out and one that is null are both None.
        given: the names of the options that the task gives, also those it sets to null.
        check_mode: predict, and send nothing but GET.
        client: talks to the server that the connection options name.
        warn: shows a warning to the user.
        progress: shows a line to the user meanwhile; None where nobody could see it.
    """

    params: Mapping[str, Any]
    given: frozenset[str]
    check_mode: bool
    client: Client
    warn: Callable[[str], None]
    progress: Callable[[str], None] | None = None

    @property
    def say(self) -> Callable[[str], None] | None:
        """What tells how far a wait has come; None if nobody wants to know, or could."""
        return self.progress if self.params["progress"] else None

    def project(self, option: str = "project") -> ProjectName:
        """Return the project that an option names."""
        return named_project(self.client, self.params[option])


def named_project(client: Client, text: str) -> ProjectName:
    """Return the project that a user's text names; without an owner it is one of their own."""
    username = client.settings.username
    return parse_project(text, (lambda: username) if username else client.whoami)


def checked_limit(limit: int | None) -> int | None:
    """Return the option C(limit), or raise CoprError (invalid)."""
    if limit is not None and not 1 <= limit <= sys.maxsize:
        raise CoprError("invalid", f"limit must be 1 or more, and no absurd number; not {limit}.")
    return limit


Run = Callable[[Task], "dict[str, Any]"]


def open_task(
    params: Mapping[str, Any],
    given: frozenset[str],
    check_mode: bool,
    warn: Callable[[str], None],
) -> Task:
    """Return a task with a client for its connection options, as open_client makes it."""
    return Task(params, given, check_mode, open_client(params, check_mode, warn), warn)


def open_client(options: Mapping[str, Any], read_only: bool, warn: Callable[[str], None]) -> Client:
    """Return a client for connection options.

    Warns of a token that has expired or soon will. Raises CoprError (configuration).
    """
    settings = settings_from(options)
    if settings.credentials and not settings.gssapi:
        notice = settings.credentials.expiry_notice(datetime.date.today())
        if notice:
            warn(notice)
    return Client(settings, read_only=read_only)


def failure(error: CoprError) -> dict[str, Any]:
    """Return the result of a task that failed; parts of its message are the server's."""
    message = plain_text(error.message, LONGEST_MESSAGE)
    return {"failed": True, "msg": message, "error": error.details(), **error.result}


def presented(result: dict[str, Any], diff_mode: bool) -> dict[str, Any]:
    """Return a result as the user is to see it: with a diff in diff mode, if there is one."""
    if diff_mode and result.get("diff"):
        return result
    return {key: value for key, value in result.items() if key != "diff"}


def given_options(spec: Mapping[str, Mapping[str, Any]], raw: Mapping[str, Any]) -> frozenset[str]:
    """Return which options a task gives, by their own names also where it uses an alias."""
    names = {name: name for name in spec}
    for name, option in spec.items():
        names.update(dict.fromkeys(option.get("aliases", []), name))
    return frozenset(names[key] for key in raw if key in names)


def without_nulls(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments to validate: Ansible refuses null where an option has choices."""
    return {key: value for key, value in raw.items() if value is not None}
