# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a module's run(task) receives, and the options that all modules have."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Callable

from ansible.module_utils.errors import AnsibleFallbackNotFound

from .given import given_options
from .nouns.names import ProjectName, parse_project
from .plan import Record
from .sources.commits import RunCommand
from .wire.addresses import credentials_in, refuse_credentials, without_credentials
from .wire.answers import plain_text
from .wire.client import Client
from .wire.errors import CoprError
from .wire.settings import from_environment, is_config_text, settings_from

LONGEST_MESSAGE = 5000


def _fallback(option: str) -> str:
    """Return the value that Ansible uses for an option that a task does not set."""
    value = from_environment(option)
    if value is None:
        raise AnsibleFallbackNotFound
    return value


_CONNECTION: dict[str, dict[str, Any]] = {
    "copr_url": {"type": "str"},
    "copr_login": {"type": "str", "no_log": True},
    "copr_token": {"type": "str", "no_log": True},
    "copr_username": {"type": "str"},
    "config_file": {"type": "path"},
    "config_content": {"type": "str", "no_log": True},
    "gssapi": {"type": "bool"},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "request_timeout": {"type": "float", "default": 60.0},
    "retries": {"type": "int", "default": 4},
}
CONNECTION_SPEC = {
    name: {**option, "fallback": (_fallback, [name])} for name, option in _CONNECTION.items()
}

# For modules that wait, besides the time limit.
WAIT_SPEC: dict[str, dict[str, Any]] = {
    "poll_interval": {"type": "float"},
    "progress": {"type": "bool", "default": True},
}


@dataclass
class Task:
    """One task of a playbook, as a module's run(task) sees it.

    Attributes:
        params: the options after validation; one left out and one that is null are both None.
        given: the options that the task gives, at every depth; None is null (given_options).
        record: what the task changed so far.
        client: talks to the server that the connection options name.
        warn: shows a warning to the user.
        run_command: runs a command on the host of the task.
        progress: shows a line to the user while the task runs; None if nobody could see it.
    """

    params: Mapping[str, Any]
    given: Mapping[str, Any]
    record: Record
    client: Client
    warn: Callable[[str], None]
    run_command: RunCommand
    progress: Callable[[str], None] | None = None

    @property
    def say(self) -> Callable[[str], None] | None:
        """Shows a line of progress; None if the user does not want it, or could not see it."""
        return self.progress if self.params.get("progress") else None

    def project(self, option: str = "project") -> ProjectName:
        """Return the project that an option names."""
        return named_project(self.client, self.params[option])


def named_project(client: Client, text: str) -> ProjectName:
    """Return the project that a text names; without an owner it is one of the user's own."""
    username = client.settings.username
    return parse_project(text, (lambda: username) if username else client.whoami)


def checked_limit(limit: int | None) -> int | None:
    """Return the option C(limit), or raise CoprError (invalid)."""
    if limit is not None and not 1 <= limit <= sys.maxsize:
        rule = "1 or more" if limit < 1 else f"at most {sys.maxsize}"
        raise CoprError("invalid", f"limit must be {rule}, not {limit}.")
    return limit


@dataclass(frozen=True)
class Module:
    """What a module declares.

    Attributes:
        options: its own options.
        run: its function.
        checks: further rules for options, as AnsibleModule takes them.
        warns_of_expiry: a token that has expired or soon will triggers a warning.
    """

    options: dict[str, Any]
    run: Callable[[Task], dict[str, Any]]
    checks: Mapping[str, Any] = field(default_factory=dict)
    warns_of_expiry: bool = True

    @property
    def argument_spec(self) -> dict[str, Any]:
        """All options, also those of the connection."""
        return {**CONNECTION_SPEC, **self.options}


def open_task(
    module: Module,
    raw: Mapping[str, Any],
    params: Mapping[str, Any],
    check_mode: bool,
    warn: Callable[[str], None],
    run_command: RunCommand,
) -> Task:
    """Return a task with a client for its connection options, as open_client makes it.

    C(raw) are the original arguments, C(params) those after validation.
    """
    client = open_client(params, check_mode, warn if module.warns_of_expiry else _unheard)
    given = given_options(module.options, raw, params)
    return Task(params, given, Record(check_mode, warn), client, warn, run_command)


def _unheard(_warning: str) -> None:
    pass


def perform(module: Module, task: Task) -> dict[str, Any]:
    """Run a module and return its result, with C(changed) and C(diff).

    Raises CoprError, whose result contains what was done before the failure. An option with
    credentials in an address is an error before anything is sent.
    """
    for option in module.options:
        refuse_credentials(option, task.params.get(option))
    try:
        result = module.run(task)
    except CoprError as error:
        error.result = {**task.record.told(), **error.result}
        raise
    return {**task.record.told(), **result}


def open_client(options: Mapping[str, Any], read_only: bool, warn: Callable[[str], None]) -> Client:
    """Return a client for connection options.

    Warns about a token that has expired or soon will. Raises CoprError (configuration).
    """
    settings = settings_from(options)
    if settings.credentials and not settings.gssapi:
        notice = settings.credentials.expiry_notice(datetime.date.today())
        if notice:
            warn(notice)
    return Client(settings, read_only=read_only)


def secrets_of(
    secret_options: Iterable[str], arguments: Mapping[str, Any], client: Client | None
) -> set[str]:
    """Return all secrets of a task.

    Args:
        secret_options: values of options that Ansible knows to be secret.
        arguments: the original options, which may be invalid.
        client: the client, if the options were valid enough to create one.
    """
    secrets = {*secret_options} | credentials_in(arguments)
    path = arguments.get("config_file")
    if isinstance(path, str) and is_config_text(path):
        # The original value, and the form in which Ansible shows a path.
        secrets |= {path, os.path.expanduser(os.path.expandvars(path))}
    return secrets | client.secrets if client else secrets


def failure(error: CoprError) -> dict[str, Any]:
    """Return the result of a task that failed; parts of its message come from the server."""
    message = without_credentials(plain_text(error.message, LONGEST_MESSAGE))
    return {"failed": True, "msg": message, "error": error.details(), **error.result}


def presented(result: dict[str, Any], diff_mode: bool) -> dict[str, Any]:
    """Return a result as the user sees it: with a diff only in diff mode, if there is one."""
    if diff_mode and result.get("diff"):
        return result
    return {key: value for key, value in result.items() if key != "diff"}
