# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The third-party libraries that the wire needs, and which of them is missing."""

from __future__ import annotations

import importlib
import traceback

from .errors import MissingLibrary


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
    return None if REQUESTS_TROUBLE is None else ("requests", REQUESTS_TROUBLE)


def require_uploads() -> None:
    """Raise MissingLibrary if files can't be uploaded."""
    if TOOLBELT_TROUBLE is not None:
        raise MissingLibrary("requests-toolbelt", "to upload files", TOOLBELT_TROUBLE)


def require_kerberos() -> None:
    """Raise MissingLibrary if nobody can log in with Kerberos."""
    if GSSAPI_TROUBLE is not None:
        raise MissingLibrary("requests-gssapi", "to log in with Kerberos", GSSAPI_TROUBLE)
