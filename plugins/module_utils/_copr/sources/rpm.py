# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The headers of an RPM, and whether its digests match its content.

A file has a lead, a header with digests and signatures, the main header, and the payload. The
digests show whether a file is damaged. Signatures are not checked.
"""

from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import dataclass
from typing import IO, Any, Union

from ..wire.errors import CoprError

Value = Union[str, int, bytes]

# Sizes and tags of the RPM file format.
LEAD_MAGIC = b"\xed\xab\xee\xdb"
_LEAD_SIZE = 96
_HEADER_MAGIC = b"\x8e\xad\xe8\x01"
_LARGEST_HEADER = 256 * 1024 * 1024
_INT32, _STRING, _BINARY, _STRINGS, _I18N_STRING = 4, 6, 7, 8, 9
_SHA1_OF_HEADER, _SHA256_OF_HEADER, _MD5_OF_BOTH = 269, 273, 1004
_PAYLOAD_DIGEST, _PAYLOAD_ALGORITHM = 5092, 5093
# Numbers of OpenPGP. Without one it is SHA-256, as in all packages of RPM 6.
_ALGORITHMS = {1: "md5", 2: "sha1", 8: "sha256", 9: "sha384", 10: "sha512"}
_SHA256 = 8
_PIECE = 256 * 1024
# What reading a file raises that is cut off, or has other content.
DAMAGED = (struct.error, KeyError, ValueError)


@dataclass(frozen=True)
class Header:
    """One header: its bytes, and its tags with texts, bytes or numbers, of lists the first item."""

    raw: bytes
    tags: dict[int, Value]


@dataclass(frozen=True)
class Headers:
    """The two headers of a file."""

    signature: Header
    main: Header


def read_headers(stream: IO[bytes]) -> Headers:
    """Return the headers of a file, and leave the stream at its payload.

    Raises one of DAMAGED if the file is not an RPM.
    """
    stream.seek(_LEAD_SIZE)
    signature = _read_header(stream)
    stream.seek(-len(signature.raw) % 8, os.SEEK_CUR)
    return Headers(signature, _read_header(stream))


def is_whole(path: str) -> bool:
    """Return whether a file is an RPM whose digests match its header and payload.

    Packages from before RPM 4.14 have no digest of the payload alone, so the one for both is used.
    Raises CoprError (local_file) if the file can't be read.
    """
    try:
        with open(path, "rb") as stream:
            return stream.read(len(LEAD_MAGIC)) == LEAD_MAGIC and _fits(stream)
    except DAMAGED:
        return False
    except OSError as error:
        reason = (error.strerror or "reading failed").lower()
        raise CoprError("local_file", f"{path} can't be read: {reason}.") from error


def _fits(stream: IO[bytes]) -> bool:
    headers = read_headers(stream)
    told, main = headers.signature.tags, headers.main
    if _SHA256_OF_HEADER in told:
        header_fits = told[_SHA256_OF_HEADER] == hashlib.sha256(main.raw).hexdigest()
    else:
        header_fits = told[_SHA1_OF_HEADER] == _weak("sha1", main.raw).hexdigest()
    if not header_fits:
        return False
    if _PAYLOAD_DIGEST in main.tags:
        number = main.tags.get(_PAYLOAD_ALGORITHM, _SHA256)
        payload = _weak(_ALGORITHMS[int(number)], b"")
        return bool(main.tags[_PAYLOAD_DIGEST] == _rest(stream, payload).hexdigest())
    return bool(told[_MD5_OF_BOTH] == _rest(stream, _weak("md5", main.raw)).digest())


def _weak(algorithm: str, begin: bytes) -> Any:
    """Return a digest that need not be secure: it detects damage, not attacks."""
    return hashlib.new(algorithm, begin, usedforsecurity=False)


def _rest(stream: IO[bytes], digest: Any) -> Any:
    for piece in iter(lambda: stream.read(_PIECE), b""):
        digest.update(piece)
    return digest


def _read_header(stream: IO[bytes]) -> Header:
    intro = stream.read(16)
    magic, count, size = struct.unpack(">8s2I", intro)
    if magic[:4] != _HEADER_MAGIC or count * 16 + size > _LARGEST_HEADER:
        raise ValueError("no RPM header")
    index, data = stream.read(count * 16), stream.read(size)
    if len(index) + len(data) < count * 16 + size:
        raise ValueError("cut off")
    tags: dict[int, Value] = {}
    for tag, kind, offset, number in struct.iter_unpack(">4I", index):
        if kind in (_STRING, _STRINGS, _I18N_STRING):
            tags[tag] = data[offset : data.index(b"\0", offset)].decode("utf-8", "replace")
        elif kind == _INT32:
            tags[tag] = struct.unpack_from(">I", data, offset)[0]
        elif kind == _BINARY:
            tags[tag] = data[offset : offset + number]
    return Header(intro + index + data, tags)
