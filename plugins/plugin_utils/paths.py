# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What relative paths of the controller mean.

A path in a playbook is meant beside the playbook, one from the command line where the user stands.
A module can't tell them apart, and is started in the folder of the playbook, also if that is one of
this collection. So both places are looked at, before the module sees the path.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils.wire.settings import ENVIRONMENT

COLLECTION = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))


def search_folders(basedir: str) -> list[str]:
    """Return where relative paths are looked up: beside the playbook, then in the current folder.

    C(basedir) is the folder of the playbook. If it belongs to this collection, no user's files are
    meant to be there.
    """
    beside, here = os.path.realpath(basedir), os.getcwd()
    if os.path.commonpath([COLLECTION, beside]) == COLLECTION:
        return [here]
    return [os.path.abspath(basedir), here]


def absolute_paths(
    options: Mapping[str, Any], spec: Mapping[str, Mapping[str, Any]], folders: Sequence[str]
) -> dict[str, Any]:
    """Return those of some options that are paths, made absolute; C(spec) is an argument spec.

    What exists nowhere is taken for a path in the first folder.
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
    """Make the paths in those variables absolute that options of C(spec) fall back to.

    They are relative to the current folder, and a module is started in another one.
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
        # As it is: with become, the home of another user may be meant.
        return value
    paths = [os.path.normpath(os.path.join(folder, expanded)) for folder in folders]
    return next(filter(_fits, paths), paths[0])


def _fits(path: str) -> bool:
    """Return whether there is a file at a path, or one that it fits as a pattern."""
    return os.path.exists(path) or bool(glob.glob(path))
