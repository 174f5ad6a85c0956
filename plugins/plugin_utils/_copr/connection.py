# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shared by the inventory plugin and the lookups: options, a client, and Ansible's errors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.utils.display import Display
from ansible_collections.fedora.copr.plugins.module_utils._copr.given import without_nulls
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import (
    CONNECTION_SPEC,
    failure,
    open_client,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.libraries import (
    missing_library,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.near import unknown_keys
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.secrets import masked


def variable_of(option: str) -> str:
    """Return the variable that sets a connection option of all plugins."""
    return f"fedora_copr_{option.removeprefix('copr_')}"


def check_keys(given: Collection[str], known: Collection[str], where: str) -> None:
    """Raise CoprError (configuration) for unknown options of a plugin.

    Ansible ignores them, so a misspelt one would change the result of the plugin.
    """
    unknown = unknown_keys(given, known)
    if unknown:
        raise CoprError("configuration", f"{where} has no option {unknown}.")


def reading_client(option: Callable[[str], Any], given: Collection[str]) -> Client:
    """Return a client that sends only GET, for the connection options of a plugin.

    C(option) returns an option's value, and C(given) are the names of options and variables that
    are set. Others come from the environment or have defaults, as for modules.
    Raises AnsibleError for a missing library, CoprError for invalid options.
    """
    missing = missing_library()
    if missing is not None:
        raise AnsibleError(missing_required_lib(missing[0]))
    options = {
        name: option(name)
        for name in CONNECTION_SPEC
        if name in given or variable_of(name) in given
    }
    validated = ArgumentSpecValidator(CONNECTION_SPEC).validate(
        without_nulls(CONNECTION_SPEC, options)
    )
    if validated.error_messages:
        said = masked(str(validated.errors.msg), validated._no_log_values)
        raise CoprError("configuration", f"A connection option is invalid: {said}")
    return open_client(validated.validated_parameters, True, Display().warning)


@contextmanager
def failing_as(exception: type[AnsibleError], client: Client | None = None) -> Iterator[None]:
    """Raise an exception of Ansible's instead of a CoprError, with the message of a module."""
    try:
        yield
    except CoprError as error:
        secrets = client.secrets if client else set()
        # Ansible would also show the cause, which is the same sentence again.
        raise exception(masked(failure(error)["msg"], secrets)) from None
