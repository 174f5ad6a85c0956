# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module with what no module of the collection has yet: aliases, and an option of the past."""

from __future__ import annotations

from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task

THE_FUTURE: dict[str, Any] = {"version": "99.0.0", "collection_name": "fedora.copr"}

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "text": {
        "type": "str",
        "aliases": ["words", "phrase"],
        "deprecated_aliases": [{"name": "phrase", **THE_FUTURE}],
    },
    "password": {"type": "str", "no_log": True, "aliases": ["passphrase"]},
    "bygone": {
        "type": "int",
        "removed_in_version": "99.0.0",
        "removed_from_collection": "fedora.copr",
    },
}


def run(task: Task) -> dict[str, Any]:
    """Return the options as the module sees them."""
    seen = {name: task.params[name] for name in ARGUMENT_SPEC}
    return {"changed": False, "seen": seen, "given": sorted(task.given)}


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an ordinary module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
