# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The third-party libraries that the wire needs, and which of them is missing."""

from __future__ import annotations

import importlib
import traceback


def _trouble_importing(module: str) -> str | None:
    try:
        importlib.import_module(module)
    except ImportError:
        return traceback.format_exc()
    return None


# The traceback of importing each, or None for those that are installed.
REQUESTS_TROUBLE = _trouble_importing("requests")
TOOLBELT_TROUBLE = _trouble_importing("requests_toolbelt")
GSSAPI_TROUBLE = _trouble_importing("requests_gssapi")


def missing_library() -> tuple[str, str] | None:
    """Return the package to install and the traceback, if one that is always needed is missing."""
    if REQUESTS_TROUBLE is not None:
        return "requests", REQUESTS_TROUBLE
    if TOOLBELT_TROUBLE is not None:
        return "requests-toolbelt", TOOLBELT_TROUBLE
    return None
