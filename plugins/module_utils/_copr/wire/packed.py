# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Decompressing a file while it arrives piece by piece, in any of several formats."""

from __future__ import annotations

import bz2
import importlib
import itertools
import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from .errors import CoprError

# The bytes at the beginning of a file of each format.
_GZIP, _BZIP2, _XZ, _ZSTD = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"
# How many bytes are needed to detect the format.
_ENOUGH = 6
# Bytes that are decompressed at a time, because few bytes may decompress to many.
_BITE = 4096
_DAMAGES = (zlib.error, lzma.LZMAError, OSError, EOFError)

# Creates a decompressor of one stream: C(decompress), C(eof), C(unused_data), as in Python's own.
_Make = Callable[[], Any]


def unpacked(pieces: Iterable[bytes], url: str, most: int) -> Iterator[bytes]:
    """Yield the content of a file in pieces, unpacked if it is packed: gzip, zstd, xz or bzip2.

    The first bytes decide, not the name, because some hosts decompress files when sending them.

    Raises CoprError (server) for a damaged file and for one of more than C(most) bytes, and
    (configuration) for zstd without a library for it.
    """
    bites = _bites(pieces)
    start = next(bites, b"")
    make = _maker_for(start, url)
    whole = itertools.chain([start], bites)
    size = 0
    try:
        for content in whole if make is None else _streams(whole, make):
            size += len(content)
            if size > most:
                raise CoprError("server", f"{url} is too large to read.")
            yield content
    except _DAMAGES as error:
        raise CoprError("server", f"{url} is damaged: {error}.", transient=True) from error


def _bites(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same in short pieces, of which the first is long enough to detect the format."""
    kept = b""
    for piece in pieces:
        kept += piece
        if len(kept) >= _ENOUGH:
            for start in range(0, len(kept), _BITE):
                yield kept[start : start + _BITE]
            kept = b""
    if kept:
        yield kept


def _streams(bites: Iterable[bytes], make: _Make) -> Iterator[bytes]:
    """Yield the content of the streams; a file may have several, one after the other."""
    stream = make()
    for bite in bites:
        left = bite
        while left:
            if stream.eof:
                stream = make()
            yield bytes(stream.decompress(left))
            left = stream.unused_data if stream.eof else b""
    if not stream.eof:
        raise EOFError("it is cut off")


def _maker_for(start: bytes, url: str) -> _Make | None:
    """Return the decompressor for a file that begins with C(start), None if it is not packed."""
    if start.startswith(_GZIP):
        return partial(zlib.decompressobj, 31)
    if start.startswith(_XZ):
        return lzma.LZMADecompressor
    if start.startswith(_BZIP2):
        return bz2.BZ2Decompressor
    if start.startswith(_ZSTD):
        return _zstd(url)
    return None


def _zstd(url: str) -> _Make:
    """Return the decompressor for zstd: Python's own since 3.14, that of a library before."""
    library: Any
    for name in ("compression.zstd", "zstandard"):
        try:
            library = importlib.import_module(name)
        except ImportError:
            continue
        return partial(_Zstd, library)
    raise CoprError(
        "configuration",
        f"{url} is packed with zstd. To read it, install the Python library zstandard on the host "
        "that runs the task, or use Python 3.14 or newer.",
    )


class _Zstd:
    """Decompresses zstd with either library; both have exceptions of their own."""

    def __init__(self, library: Any) -> None:
        unpacker = library.ZstdDecompressor()
        self._damage = library.ZstdError
        self._stream = getattr(unpacker, "decompressobj", lambda: unpacker)()

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return bool(self._stream.eof)

    @property
    def unused_data(self) -> bytes:
        """The bytes after its end."""
        return bytes(self._stream.unused_data)

    def decompress(self, packed: bytes) -> bytes:
        """Return the content of the next part of the stream. Raises OSError if it is damaged."""
        try:
            return bytes(self._stream.decompress(packed))
        except self._damage as error:
            raise OSError(str(error)) from error
