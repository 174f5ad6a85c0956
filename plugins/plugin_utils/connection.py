# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the inventory plugin and the lookups share: options, a client, and Ansible's errors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.basic import missing_required_lib
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.utils.display import Display
from ansible_collections.fedora.copr.plugins.module_utils.given import without_nulls
from ansible_collections.fedora.copr.plugins.module_utils.task import (
    CONNECTION_SPEC,
    failure,
    open_client,
)
from ansible_collections.fedora.copr.plugins.module_utils.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils.wire.libraries import missing_library
from ansible_collections.fedora.copr.plugins.module_utils.wire.near import unknown_keys
from ansible_collections.fedora.copr.plugins.module_utils.wire.secrets import masked


def variable_of(option: str) -> str:
    """Return the variable that sets a connection option of all plugins."""
    return f"fedora_copr_{option.removeprefix('copr_')}"


def check_keys(given: Collection[str], known: Collection[str], where: str) -> None:
    """Raise CoprError (configuration) for what is given to a plugin and is none of its options.

    Ansible leaves such keys aside, and a misspelt one would change what the plugin gives.
    """
    unknown = unknown_keys(given, known)
    if unknown:
        raise CoprError("configuration", f"{where} has no option {unknown}.")


def reading_client(option: Callable[[str], Any], given: Collection[str]) -> Client:
    """Return a client that sends only GET, for the connection options of a plugin.

    C(option) returns an option's value, and C(given) are the names of options and variables that
    are set. What is not comes from the environment or is a default, as for modules.
    Raises AnsibleError for a library that is missing, CoprError for options that can't be used.
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
        raise CoprError("configuration", f"An option to connect to Copr can't be used: {said}")
    return open_client(validated.validated_parameters, True, Display().warning)


@contextmanager
def failing_as(exception: type[AnsibleError], client: Client | None = None) -> Iterator[None]:
    """Raise an exception of Ansible's in place of a CoprError, with what a module would say."""
    try:
        yield
    except CoprError as error:
        secrets = client.secrets if client else set()
        # Ansible would tell the cause as well, which is the same sentence again.
        raise exception(masked(failure(error)["msg"], secrets)) from None
