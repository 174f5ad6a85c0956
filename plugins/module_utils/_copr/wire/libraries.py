# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The third-party libraries that the wire needs.

Every task needs requests. The others are imported only by tasks that need them, because importing
takes time.
"""

from __future__ import annotations

import importlib
import traceback
from typing import Any

from .errors import MissingLibrary


def _trouble_importing(module: str) -> str | None:
    try:
        importlib.import_module(module)
    except ImportError:
        return traceback.format_exc()
    return None


# The traceback of importing it, or None if it is installed.
REQUESTS_TROUBLE = _trouble_importing("requests")


def missing_library() -> tuple[str, str] | None:
    """Return the package to install and the traceback, if one that is always needed is missing."""
    return None if REQUESTS_TROUBLE is None else ("requests", REQUESTS_TROUBLE)


def upload_library() -> Any:
    """Return requests-toolbelt, or raise MissingLibrary."""
    return _imported("requests_toolbelt", "requests-toolbelt", "to upload files")


def kerberos_library() -> Any:
    """Return requests-gssapi, or raise MissingLibrary."""
    return _imported("requests_gssapi", "requests-gssapi", "to log in with Kerberos")


def _imported(module: str, package: str, reason: str) -> Any:
    trouble = _trouble_importing(module)
    if trouble is not None:
        raise MissingLibrary(package, reason, trouble)
    return importlib.import_module(module)
