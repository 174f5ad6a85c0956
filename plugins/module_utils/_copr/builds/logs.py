# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the end of a log, which shows why a build failed."""

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
    """Return the address of the first log that has lines, and its last lines without blank ones.

    A log that can't be read counts as empty, because logs are only additional help.
    """
    for url in urls:
        lines = _last_lines(client, url)
        if lines:
            return url, lines
    return None, []


def _last_lines(client: Client, url: str) -> list[str]:
    """Return the end of a log, compressed or not: some hosts decompress logs when sending them.

    For an uncompressed log, only the end is requested. A compressed one can be decompressed only
    from its beginning, so it is read completely, up to LARGEST_LOG.
    """
    # 47 lets zlib detect the format; plain text does not begin like either.
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
