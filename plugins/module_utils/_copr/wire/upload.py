# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The form that carries a file to the server, streamed from disk."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any, Callable

from .libraries import upload_library

if TYPE_CHECKING:
    from requests_toolbelt import MultipartEncoder

PIECE = 256 * 1024

# Called with the number of bytes sent, and the number of all bytes.
Sent = Callable[[int, int], None]


class Form:
    """A multipart form, read in larger pieces than an HTTP library asks for, which is faster."""

    def __init__(self, encoder: MultipartEncoder, sent: Sent | None) -> None:
        self._encoder = encoder
        self._sent = sent
        self._position = 0
        self.len: int = encoder.len
        self.content_type: str = encoder.content_type

    def read(self, _size: int) -> bytes:
        """Return the next piece, or nothing at the end."""
        piece = bytes(self._encoder.read(PIECE))
        self._position += len(piece)
        if self._sent is not None:
            self._sent(self._position, self.len)
        return piece


def multipart(body: dict[str, Any], stream: IO[bytes], name: str, sent: Sent | None = None) -> Form:
    """Return a multipart form with a JSON object and a file, read only as it is sent.

    The server reads the part C(json) only if it has a file name (POST /build/create/upload).
    """
    encoder = upload_library().MultipartEncoder(
        {
            "json": ("json", json.dumps(body), "application/json"),
            "pkgs": (name, stream, "application/octet-stream"),
        }
    )
    return Form(encoder, sent)


def form_with(
    body: dict[str, Any], part: str, name: str, content: bytes
) -> dict[str, tuple[str, bytes, str]]:
    """Return such a form for a small file, as the argument C(files) of requests."""
    return {
        "json": ("json", json.dumps(body).encode(), "application/json"),
        part: (name, content, "application/octet-stream"),
    }
