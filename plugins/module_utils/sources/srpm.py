# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The name, version and release of a source RPM, read from its header or its file name."""

from __future__ import annotations

import io
import os
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import IO

from ..wire.files import open_local, unusable_file

SUFFIXES = (".src.rpm", ".nosrc.rpm", ".spec")

# Sizes and tags of the RPM v4 file format.
_LEAD_SIZE = 96
_LEAD_MAGIC = b"\xed\xab\xee\xdb"
_HEADER_MAGIC = b"\x8e\xad\xe8\x01"
_LARGEST_HEADER = 256 * 1024 * 1024
_LARGEST_BEGIN = 8 * 1024 * 1024
_NAME, _VERSION, _RELEASE, _EPOCH, _SOURCE_RPM = 1000, 1001, 1002, 1003, 1044
_STRING, _INT32, _I18N_STRING = 6, 4, 9
_DAMAGED = (struct.error, KeyError, ValueError)
_FILE_NAME = re.compile(r"(?P<name>.+)-(?P<version>[^-]+)-(?P<release>[^-]+)\.(?:no)?src\.rpm\Z")


@dataclass(frozen=True)
class Nevr:
    """Name, epoch, version and release of a source package."""

    name: str
    version: str
    release: str
    epoch: int | None = None

    @property
    def evr(self) -> str:
        """C(version-release), with the epoch in front if there is one, as Copr writes it."""
        return f"{self.epoch}:{self.version}-{self.release}" if self.epoch else self.vr

    @property
    def vr(self) -> str:
        """C(version-release)."""
        return f"{self.version}-{self.release}"

    @property
    def without_epoch(self) -> Nevr:
        """The same with its epoch unknown, as a file name has it."""
        return replace(self, epoch=None)

    def is_version(self, shown: str | None) -> bool:
        """Compare with C([epoch:]version-release) as builds show it; an unknown epoch is any.

        An epoch of 0 and none are the same.
        """
        epoch, _colon, vr = (shown or "").rpartition(":")
        if vr != self.vr:
            return False
        return self.epoch is None or (epoch or "0") == str(self.epoch)

    def is_same(self, other: Nevr) -> bool:
        """Compare with another one; an unknown epoch is any."""
        return self.name == other.name and self.is_version(other.evr)

    def __str__(self) -> str:
        return f"{self.name}-{self.evr}"


def nevr_of_file_name(name: str) -> Nevr | None:
    """Return what the usual file name of a source RPM tells; it never tells the epoch."""
    found = _FILE_NAME.match(name)
    return Nevr(found["name"], found["version"], found["release"]) if found else None


def read_nevr(path: str) -> Nevr:
    """Return name, epoch, version and release from the header of a source RPM on disk.

    Raises CoprError (local_file) for what is missing, unreadable, or no source RPM.
    """
    with open_local(path) as stream:
        if stream.read(len(_LEAD_MAGIC)) != _LEAD_MAGIC:
            raise unusable_file(path, "it is not an RPM")
        stream.seek(0)
        try:
            tags = _read_tags(stream)
            nevr = _nevr_of(tags)
        except _DAMAGED as error:
            raise unusable_file(path, "it is a damaged RPM") from error
    if _SOURCE_RPM in tags:
        raise unusable_file(path, "it is a binary RPM, not a source RPM")
    return nevr


def nevr_of_pieces(pieces: Iterable[bytes]) -> Nevr | None:
    """Return the same from the beginning of an RPM that comes piece by piece.

    Takes no more pieces than it needs. None if they hold no RPM, or one whose header is larger
    than any that was seen.
    """
    begin = bytearray()
    for piece in pieces:
        begin += piece
        if begin[:4] != _LEAD_MAGIC[: len(begin)] or len(begin) > _LARGEST_BEGIN:
            return None
        try:
            return _nevr_of(_read_tags(io.BytesIO(begin)))
        except _DAMAGED:
            # Cut off, most likely: the next piece may complete it.
            continue
    return None


def _read_tags(stream: IO[bytes]) -> dict[int, str | int]:
    stream.seek(_LEAD_SIZE)
    _signature, length = _read_header(stream)
    stream.seek(-length % 8, os.SEEK_CUR)
    tags, _length = _read_header(stream)
    return tags


def _nevr_of(tags: Mapping[int, str | int]) -> Nevr:
    name, version, release = (str(tags[tag]) for tag in (_NAME, _VERSION, _RELEASE))
    epoch = tags.get(_EPOCH)
    return Nevr(name, version, release, epoch if isinstance(epoch, int) else 0)


def _read_header(stream: IO[bytes]) -> tuple[dict[int, str | int], int]:
    """Return the tags of one header that are single strings or numbers, and its data's size."""
    magic, count, size = struct.unpack(">8s2I", stream.read(16))
    if magic[:4] != _HEADER_MAGIC or count * 16 + size > _LARGEST_HEADER:
        raise ValueError("no RPM header")
    index, data = stream.read(count * 16), stream.read(size)
    if len(index) + len(data) < count * 16 + size:
        raise ValueError("cut off")
    tags: dict[int, str | int] = {}
    for tag, kind, offset, _number in struct.iter_unpack(">4I", index):
        if kind in (_STRING, _I18N_STRING):
            tags[tag] = data[offset : data.index(b"\0", offset)].decode("utf-8", "replace")
        elif kind == _INT32:
            tags[tag] = struct.unpack_from(">I", data, offset)[0]
    return tags, size
