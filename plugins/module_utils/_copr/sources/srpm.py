# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The name, version and release of a source RPM, read from its header or its file name."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..wire.files import open_local, unusable_file
from .rpm import DAMAGED, LEAD_MAGIC, Value, read_headers

SUFFIXES = (".src.rpm", ".nosrc.rpm", ".spec")

_LARGEST_BEGIN = 8 * 1024 * 1024
_NAME, _VERSION, _RELEASE, _EPOCH, _SOURCE_RPM = 1000, 1001, 1002, 1003, 1044
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
        """The same with an unknown epoch, as in a file name."""
        return replace(self, epoch=None)

    def is_version(self, shown: str | None) -> bool:
        """Compare with C([epoch:]version-release) as builds show it; an unknown epoch matches any.

        An epoch of 0 equals none.
        """
        epoch, _colon, vr = (shown or "").rpartition(":")
        if vr != self.vr:
            return False
        return self.epoch is None or (epoch or "0") == str(self.epoch)

    def is_same(self, other: Nevr) -> bool:
        """Compare with another one; an unknown epoch matches any."""
        return self.name == other.name and self.is_version(other.evr)

    def __str__(self) -> str:
        return f"{self.name}-{self.evr}"


def nevr_of_file_name(name: str) -> Nevr | None:
    """Return what the usual file name of a source RPM contains, which is all but the epoch."""
    found = _FILE_NAME.match(name)
    return Nevr(found["name"], found["version"], found["release"]) if found else None


def read_nevr(path: str) -> Nevr:
    """Return name, epoch, version and release from the header of a source RPM on disk.

    Raises CoprError (local_file) if it is missing, unreadable, or not a source RPM.
    """
    with open_local(path) as stream:
        if stream.read(len(LEAD_MAGIC)) != LEAD_MAGIC:
            raise unusable_file(path, "it is not an RPM")
        stream.seek(0)
        try:
            tags = read_headers(stream).main.tags
            nevr = _nevr_of(tags)
        except DAMAGED as error:
            raise unusable_file(path, "it is a damaged RPM") from error
    if _SOURCE_RPM in tags:
        raise unusable_file(path, "it is a binary RPM, not a source RPM")
    return nevr


def nevr_of_pieces(pieces: Iterable[bytes]) -> Nevr | None:
    """Return the same from the beginning of an RPM that arrives piece by piece.

    Takes no more pieces than needed. Returns None if they are not an RPM, or if its header is
    larger than any known one.
    """
    begin = bytearray()
    for piece in pieces:
        begin += piece
        if begin[:4] != LEAD_MAGIC[: len(begin)] or len(begin) > _LARGEST_BEGIN:
            return None
        try:
            return _nevr_of(read_headers(io.BytesIO(begin)).main.tags)
        except DAMAGED:
            # Most likely incomplete: the next piece may complete it.
            continue
    return None


def _nevr_of(tags: Mapping[int, Value]) -> Nevr:
    name, version, release = (str(tags[tag]) for tag in (_NAME, _VERSION, _RELEASE))
    epoch = tags.get(_EPOCH)
    return Nevr(name, version, release, epoch if isinstance(epoch, int) else 0)
