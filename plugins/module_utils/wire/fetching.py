# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fetching a file into a folder of this host: written aside, and renamed once it is whole.

What was fetched before a failure stays in a file beside it, C(.NAME.part), from which the next try
or the next task goes on.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from http.client import REQUESTED_RANGE_NOT_SATISFIABLE as RANGE_NOT_SATISFIABLE
from typing import Callable

from .client import Client
from .errors import CoprError

# Is told how many bytes of a file are here.
Arrived = Callable[[int], object]
# Tells of a file, by its path, whether its content is what it should be.
IsGood = Callable[[str], bool]


def size_at(client: Client, url: str) -> int | None:
    """Return the size of a file, or None if its host does not tell.

    Asks with GET, and hangs up after the headers: hosts that send on to a storage by signed
    addresses do not answer HEAD. Raises CoprError as Client.download does.
    """
    sizes: list[int | None] = []

    def look() -> int | None:
        next(client.download_raw(url, lambda _first, size: sizes.append(size)))
        return sizes[-1]

    return client.patiently(look)


def size_here(path: str) -> int | None:
    """Return the size of a file of this host, None if there is none; a link is none."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unwritable(path, error) from error
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def folder_in(root: str, *names: str) -> str:
    """Return the path of a folder below another one, which need not be there yet.

    Raises CoprError (local_file) where a link leads elsewhere.
    """
    folder = os.path.join(os.path.realpath(root), *names)
    if os.path.realpath(folder) != folder:
        raise CoprError("local_file", f"{folder} is not used, because a link leads elsewhere.")
    return folder


def part_of(path: str) -> str:
    """Return the path at which a file is until it is whole."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}.part")


def fetch(
    client: Client, url: str, path: str, size: int | None, is_good: IsGood, arrived: Arrived
) -> None:
    """Fetch a file to a path, in place of what is there.

    Args:
        size: how large it must be, if that is known.
        is_good: looks at the content before the file gets its name.
        arrived: is told how much of it is here.

    A transfer that is cut off, or brings what it should not, is tried again. Raises CoprError as
    Client.download does, and (local_file).
    """
    folder, part = os.path.dirname(path), part_of(path)
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error

    known = size

    def once() -> None:
        nonlocal known
        with _opened(part) as descriptor:
            transfer = _Transfer(url, descriptor, known, arrived)
            try:
                _complete(client, transfer)
            finally:
                # With it, the next try goes on from here.
                known = transfer.size
            if not is_good(part):
                raise transfer.wrong("What came is damaged: its digests do not fit")
            try:
                os.replace(part, path)
            except OSError as error:
                raise unwritable(path, error) from error

    client.patiently(once)


def unwritable(path: str, error: OSError) -> CoprError:
    """Return the error for a file that can't be written."""
    reason = (error.strerror or "writing failed").lower()
    return CoprError("local_file", f"{path} can't be written: {reason}.")


@contextlib.contextmanager
def _opened(part: str) -> Iterator[int]:
    """Open the file into which a transfer goes; a link in its place is refused."""
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise unwritable(part, error) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


class _Transfer:
    """Takes the pieces of a file, after those that an earlier transfer has left."""

    def __init__(self, url: str, descriptor: int, size: int | None, arrived: Arrived) -> None:
        self.url, self._descriptor, self.size, self._arrived = url, descriptor, size, arrived
        self.done = os.fstat(descriptor).st_size
        if size is None or self.done > size:
            # Nobody can tell whether this belongs to the same file.
            self.done = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return self.done == self.size and self.done > 0

    def began(self, first: int, size: int | None) -> None:
        """Take note of where the pieces begin, as Transport.download_raw tells it."""
        if first not in (0, self.done) or (size is not None and self.size not in (None, size)):
            raise self.wrong("The host sends another part of it than was asked for")
        if self.size is None:
            self.size = size
        self.done = first
        self._cut(first)

    def add(self, piece: bytes) -> None:
        """Write a piece."""
        try:
            view = memoryview(piece)
            while view:
                written = os.pwrite(self._descriptor, view, self.done)
                self.done += written
                view = view[written:]
        except OSError as error:
            raise unwritable(f"What {self.url} sends", error) from error
        if self.size is not None and self.done > self.size:
            raise self.wrong("The host sends more than it announced")
        self._arrived(self.done)

    def wrong(self, why: str) -> CoprError:
        """Empty the file, and return the error which says why it can't be gone on with."""
        self._cut(0)
        message = f"{self.url} could not be fetched. {why}."
        return CoprError("server", message, method="GET", path=self.url, transient=True)

    def _cut(self, size: int) -> None:
        os.ftruncate(self._descriptor, size)


def _complete(client: Client, transfer: _Transfer) -> None:
    """Fetch what a file lacks."""
    if transfer.is_whole:
        return
    try:
        for piece in client.download_raw(transfer.url, transfer.began, first=transfer.done):
            transfer.add(piece)
    except CoprError as error:
        if error.status == RANGE_NOT_SATISFIABLE:
            raise transfer.wrong("It has become shorter") from error
        raise
    if transfer.size not in (None, transfer.done):
        raise transfer.wrong(f"It has {transfer.done} bytes in place of {transfer.size}")
