# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the lookups of the collection read their options and process their terms."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.template import Templar
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import CONNECTION_SPEC
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.secrets import masked

from .connection import check_keys, failing_as, reading_client, variable_of
from .paths import absolute_paths, search_folders

# With with_<lookup> instead of lookup(), Ansible passes this to the plugin.
_ANSIBLES_OWN = {"wantlist"}


def take_options(
    plugin: LookupBase, variables: dict[str, Any], given: dict[str, Any]
) -> Collection[str]:
    """Set a lookup's options from its arguments, and from variables of the play.

    Returns the names of both. Raises AnsibleLookupError for an unknown option.
    """
    with failing_as(AnsibleLookupError):
        known = {*plugin.option_definitions, *_ANSIBLES_OWN}
        check_keys(given, known, f"The lookup {plugin._load_name}")
    # Ansible renders the arguments of a lookup, but not the variables that it finds by itself.
    templar = Templar(loader=plugin._loader, variables=variables)
    ours = {
        name: templar.template(variables[name])
        for name in map(variable_of, CONNECTION_SPEC)
        if name in variables
    }
    folders = search_folders(plugin._loader.get_basedir() if plugin._loader else os.getcwd())
    named = {variable_of(name): option for name, option in CONNECTION_SPEC.items()}
    plugin.set_options(
        var_options={**ours, **absolute_paths(ours, named, folders)},
        direct={**given, **absolute_paths(given, CONNECTION_SPEC, folders)},
    )
    return {*given, *ours}


def look_up(
    plugin: LookupBase,
    given: Collection[str],
    terms: Sequence[Any],
    find: Callable[[Client, str], Any],
) -> list[Any]:
    """Return what C(find) returns for each term, without secrets.

    C(given) is what take_options returned. O(on_missing) decides what happens if C(find) raises
    CoprError (not_found); skipped terms are null, so that the results match the terms. Raises
    AnsibleLookupError.
    """

    def found(term: Any) -> Any:
        if not isinstance(term, str):
            raise CoprError("invalid", f"A term must be a string, not {type(term).__name__}.")
        try:
            return find(client, term)
        except CoprError as error:
            if error.kind == "not_found" and plugin.get_option("on_missing") == "skip":
                return None
            raise

    with failing_as(AnsibleLookupError):
        client = reading_client(plugin.get_option, given)
    with failing_as(AnsibleLookupError, client):
        results = [found(term) for term in terms]
    return list(masked(results, client.secrets))
