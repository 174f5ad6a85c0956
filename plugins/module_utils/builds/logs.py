# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the end of a log, where it says why a build failed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from http.client import REQUESTED_RANGE_NOT_SATISFIABLE as RANGE_NOT_SATISFIABLE

from ..wire.answers import plain_text
from ..wire.client import Client
from ..wire.errors import CoprError

LARGEST_LOG = 64 * 1024 * 1024
# The longest part of a log's end that is kept while it is read, or asked for, in bytes.
LONGEST_TAIL = 512 * 1024


def read_log(client: Client, urls: Iterable[str]) -> tuple[str | None, list[str]]:
    """Return the first of these logs that has lines, with the last of those, none of them blank.

    A log that can't be read has none: it is only here to help.
    """
    for url in urls:
        lines = _last_lines(client, url)
        if lines:
            return url, lines
    return None, []


def _last_lines(client: Client, url: str) -> list[str]:
    """Return the end of a log, packed or not: some hosts unpack logs on the way.

    Of a log that is not packed only the end is asked for. One that is packed can be unpacked from
    its beginning only, and is read whole, up to LARGEST_LOG.
    """
    # 47 lets zlib find the form by itself; raw text does not begin like either.
    unpacker = zlib.decompressobj(47)
    packed: bool | None = None
    kept, size = b"", 0
    try:
        for piece in _pieces(client, url):
            size += len(piece)
            if packed is None:
                packed = piece[:2] == b"\x1f\x8b"
            kept = (kept + (unpacker.decompress(piece) if packed else piece))[-LONGEST_TAIL:]
            if size > LARGEST_LOG:
                break
    except (CoprError, zlib.error):
        pass
    text = plain_text(kept.decode("utf-8", "replace").replace("\r\n", "\n"), LONGEST_TAIL)
    return [line for line in text.split("\n") if line.strip()]


def _pieces(client: Client, url: str) -> Iterator[bytes]:
    if url.endswith(".gz"):
        yield from client.download(url)
        return
    try:
        yield from client.download(url, last=LONGEST_TAIL)
    except CoprError as error:
        # Some hosts refuse to send more of the end than there is.
        if error.status != RANGE_NOT_SATISFIABLE:
            raise
        yield from client.download(url)
