# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How relative paths are resolved on the controller.

A path in a playbook is relative to the playbook, one from the command line to the current folder. A
module can't distinguish them, and is started in the folder of the playbook, even if that is one of
this collection. So both folders are searched, before the module gets the path.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import ENVIRONMENT

COLLECTION = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))


def search_folders(basedir: str) -> list[str]:
    """Return the folders to search for relative paths: that of the playbook, then the current one.

    C(basedir) is the folder of the playbook. If it belongs to this collection, it is not searched,
    because users have no files there.
    """
    beside, here = os.path.realpath(basedir), os.getcwd()
    if os.path.commonpath([COLLECTION, beside]) == COLLECTION:
        return [here]
    return [os.path.abspath(basedir), here]


def absolute_paths(
    options: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]], folders: Sequence[str]
) -> dict[str, Any]:
    """Return the options that are paths, made absolute; C(spec) is an argument spec.

    A path that does not exist becomes a path in the first folder.
    """
    paths = {}
    for name, option in spec.items():
        value, suboptions = options.get(name), option.get("options")
        if "path" in (option.get("type"), option.get("elements")) and name in options:
            paths[name] = _absolute(value, folders)
        elif suboptions and isinstance(value, Mapping):
            paths[name] = {**value, **absolute_paths(value, suboptions, folders)}
        elif suboptions and isinstance(value, list):
            paths[name] = [
                {**each, **absolute_paths(each, suboptions, folders)}
                if isinstance(each, Mapping)
                else each
                for each in value
            ]
    return paths


def make_variables_absolute(
    environment: MutableMapping[str, str], spec: Mapping[str, Mapping[str, Any]]
) -> None:
    """Make paths in the environment variables for options of C(spec) absolute.

    They are relative to the current folder, but a module is started in another one.
    """
    for option, variable in ENVIRONMENT.items():
        is_path = spec.get(option, {}).get("type") == "path"
        if is_path and os.path.exists(environment.get(variable, "")):
            environment[variable] = os.path.abspath(environment[variable])


def _absolute(value: Any, folders: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_absolute(each, folders) for each in value]
    if not isinstance(value, str) or not value:
        return value
    expanded = os.path.expanduser(os.path.expandvars(value))
    if os.path.isabs(expanded):
        # Unchanged, because with become it may mean the home of another user.
        return value
    paths = [os.path.normpath(os.path.join(folder, expanded)) for folder in folders]
    return next(filter(_fits, paths), paths[0])


def _fits(path: str) -> bool:
    """Return whether a path exists, or matches files as a pattern."""
    return os.path.exists(path) or bool(glob.glob(path))
