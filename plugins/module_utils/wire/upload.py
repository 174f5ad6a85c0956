# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The form that carries a file to the server, streamed from disk."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any

from .libraries import TOOLBELT_TROUBLE

if TOOLBELT_TROUBLE is None:
    from requests_toolbelt.multipart.encoder import MultipartEncoder

if TYPE_CHECKING:
    from requests_toolbelt.multipart.encoder import MultipartEncoder


def multipart(body: dict[str, Any], stream: IO[bytes], name: str) -> MultipartEncoder:
    """Return a multipart form with a JSON object and a file, read only as it is sent.

    The server reads the part C(json) only when it bears a file name
    (POST /build/create/upload).
    """
    return MultipartEncoder(
        {
            "json": ("json", json.dumps(body), "application/json"),
            "pkgs": (name, stream, "application/octet-stream"),
        }
    )
