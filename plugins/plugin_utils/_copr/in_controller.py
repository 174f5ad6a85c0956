# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calling a module's run(task) in the controller's process, with the same result as the module.

Of what this uses, ansible-core does not guarantee the attributes of ValidationResult with an
underscore.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator, ValidationResult
from ansible.module_utils.errors import UnsupportedError
from ansible_collections.fedora.copr.plugins.module_utils._copr.given import (
    given_options,
    misspelled,
    without_nulls,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.plan import Record
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import (
    CONNECTION_SPEC,
    Module,
    Task,
    failure,
    open_client,
    perform,
    presented,
    secrets_of,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import (
    CoprError,
    MissingLibrary,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.libraries import (
    kerberos_library,
    missing_library,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.secrets import (
    masked,
    without_secrets,
)

from .commands import run_command

MODULES = "ansible_collections.fedora.copr.plugins.modules"

# The items of a loop run one after the other in one process, which ends with the task. They share
# open connections, the login, and warnings.
_clients: dict[tuple[Any, ...], tuple[Client, list[str]]] = {}


@dataclass(frozen=True)
class Call:
    """One task as the controller sees it.

    Attributes:
        module: name of the module, without the collection's.
        arguments: as the module would get them: templated, with its module_defaults, from JSON.
        invocation: include the options in the result.
        show: shows a line to the user; None if nothing of the task may be shown.
    """

    module: str
    arguments: Mapping[str, Any]
    check_mode: bool
    diff: bool
    invocation: bool
    show: Callable[[str], None] | None


def module_named(name: str) -> Module:
    """Return the declaration of a module of this collection."""
    declared: Module = importlib.import_module(f"{MODULES}.{name}").MODULE
    return declared


def run_here(call: Call, only_here: Module | None = None) -> dict[str, Any] | None:
    """Return the result of the module, or None if it must run as an ordinary module.

    That is the case if this process lacks a library that the module needs, or if ansible-core has
    warnings about the options: one is deprecated, or set twice by two names. The warnings do not
    matter for C(only_here), a module that runs nowhere else.
    """
    if missing_library() is not None:
        return None
    module = only_here or module_named(call.module)
    validator = ArgumentSpecValidator(module.argument_spec, **module.checks)
    validated = validator.validate(without_nulls(module.argument_spec, call.arguments))
    # How a module reports this in its result differs between versions of ansible-core.
    if only_here is None and (validated._deprecations or validated._warnings):
        return None
    if validated.error_messages:
        wrong = misspelled(module.argument_spec, call.arguments)
        complaint = {"failed": True, "msg": wrong or _complaint(call, validated)}
        return _returned(call, complaint, [], validated, None)
    params = validated.validated_parameters
    warnings: list[str] = []
    client = None
    try:
        client = _client(params, call.check_mode, warnings if module.warns_of_expiry else [])
        if client.settings.gssapi:
            kerberos_library()
        record = Record(call.check_mode, warnings.append)
        given = given_options(module.options, call.arguments, params)
        task = Task(
            params,
            given,
            record,
            client,
            warn=warnings.append,
            run_command=run_command,
            progress=_progress(call, validated, client),
        )
        result = perform(module, task)
    except MissingLibrary:
        # The interpreter of modules may have it.
        return None
    except CoprError as error:
        result = failure(error)
    return _returned(call, presented(result, call.diff), warnings, validated, client)


def _client(params: Mapping[str, Any], check_mode: bool, warnings: list[str]) -> Client:
    """Return the client for these connection options, the same for each item of a loop."""
    key = (check_mode, *(params[name] for name in CONNECTION_SPEC))
    if key not in _clients:
        notices: list[str] = []
        _clients[key] = open_client(params, check_mode, notices.append), notices
    client, notices = _clients[key]
    warnings.extend(notices)
    return client


def _progress(
    call: Call, validated: ValidationResult, client: Client
) -> Callable[[str], None] | None:
    show = call.show
    return show and (lambda line: show(masked(line, _secrets(call, validated, client))))


def _complaint(call: Call, validated: ValidationResult) -> str:
    """Return a module's message for invalid options."""
    said = str(validated.errors.msg)
    if isinstance(validated.errors[0], UnsupportedError):
        return f"Unsupported parameters for (fedora.copr.{call.module}) module: {said}"
    return said


def _returned(
    call: Call,
    result: dict[str, Any],
    warnings: list[str],
    validated: ValidationResult,
    client: Client | None,
) -> dict[str, Any]:
    """Return a result as exit_json and fail_json would: with Ansible's additions, no secrets."""
    returned = {**result}
    if call.invocation:
        returned["invocation"] = {"module_args": validated.validated_parameters}
    if warnings:
        returned["warnings"] = warnings
    return without_secrets(returned, _secrets(call, validated, client))


def _secrets(call: Call, validated: ValidationResult, client: Client | None) -> set[str]:
    return secrets_of(validated._no_log_values, call.arguments, client)
