# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the inventory plugin and the lookups share: a client, and errors as Ansible wants them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ansible.errors import AnsibleError
from ansible.module_utils.basic import missing_required_lib
from ansible.utils.display import Display
from ansible_collections.fedora.copr.plugins.module_utils.task import (
    CONNECTION_SPEC,
    failure,
    open_client,
)
from ansible_collections.fedora.copr.plugins.module_utils.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils.wire.libraries import missing_library


def reading_client(option: Callable[[str], Any]) -> Client:
    """Return a client for the connection options that C(option) gives; it sends only GET.

    Raises AnsibleError for a library that is missing, CoprError for options that can't be used.
    """
    missing = missing_library()
    if missing is not None:
        raise AnsibleError(missing_required_lib(missing[0]))
    options = {name: option(name) for name in CONNECTION_SPEC}
    return open_client(options, True, Display().warning)


@contextmanager
def failing_as(exception: type[AnsibleError]) -> Iterator[None]:
    """Raise an exception of Ansible's in place of a CoprError, with what a module would say."""
    try:
        yield
    except CoprError as error:
        # Ansible would tell the cause as well, which is the same sentence again.
        raise exception(failure(error)["msg"]) from None
