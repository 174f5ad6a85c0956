# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that say how to build; their names are those of the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

BUILD_OPTIONS: dict[str, dict[str, Any]] = {
    "background": {"type": "bool"},
    "timeout": {"type": "int"},
    "enable_net": {"type": "bool"},
    "bootstrap": {"type": "str", "choices": ["unchanged", "default", "on", "off", "image"]},
    "isolation": {"type": "str", "choices": ["unchanged", "default", "nspawn", "simple"]},
}
# Copr's own order of builds.
BATCH_OPTIONS: dict[str, dict[str, Any]] = {
    "after_build_id": {"type": "int"},
    "with_build_id": {"type": "int"},
}


def chosen_options(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return the fields of build/create for those of the options that are given."""
    return {name: given[name] for name in names if given[name] is not None}
