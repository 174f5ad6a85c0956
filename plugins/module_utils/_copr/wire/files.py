# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of the host that runs the task."""

from __future__ import annotations

import os
from typing import IO

from .errors import CoprError


def open_local(path: str) -> IO[bytes]:
    """Open a file of this host, or raise CoprError (local_file) with the reason."""
    expanded = os.path.expanduser(path)
    if os.path.isdir(expanded):
        raise unusable_file(path, "it is a directory")
    try:
        return open(expanded, "rb")
    except FileNotFoundError as error:
        raise unusable_file(path, "it does not exist") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its path is not valid"
        raise unusable_file(path, (reason or "it can't be opened").lower()) from error


def unusable_file(path: str, why: str) -> CoprError:
    """Return the error for a file that can't be sent, and why."""
    shown = os.path.abspath(os.path.expanduser(path))
    return CoprError("local_file", f"{shown} can't be submitted: {why}.")
