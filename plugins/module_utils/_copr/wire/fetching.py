# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fetching a file into a folder of this host: written beside it, and renamed once it is complete.

After a failure, what was fetched stays in a file beside it, C(.NAME.part); the next try or the next
task continues from there.
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

# Called with the number of bytes of a file that have arrived.
Arrived = Callable[[int], object]
# Takes the path of a file; returns whether its content is as it should be.
IsGood = Callable[[str], bool]


def size_at(client: Client, url: str) -> int | None:
    """Return the size of a file, or None if its host does not report it.

    Sends GET and closes the connection after the headers: hosts that redirect to signed addresses
    of a storage do not answer HEAD. Raises CoprError as Client.download does.
    """
    sizes: list[int | None] = []

    def look() -> int | None:
        next(client.download_raw(url, lambda _first, size: sizes.append(size)))
        return sizes[-1]

    return client.patiently(look)


def size_here(path: str) -> int | None:
    """Return the size of a file of this host, None if it does not exist or is a link."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unwritable(path, error) from error
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def folder_in(root: str, *names: str) -> str:
    """Return the path of a folder below C(root); neither has to exist yet.

    Raises CoprError (local_file) if a symbolic link leads elsewhere.
    """
    folder = os.path.join(os.path.realpath(root), *names)
    if os.path.realpath(folder) != folder:
        raise CoprError(
            "local_file", f"{folder} can't be used, because a symbolic link in it leads elsewhere."
        )
    return folder


def part_of(path: str) -> str:
    """Return the path at which a file is stored until it is complete."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}.part")


def fetch(
    client: Client, url: str, path: str, size: int | None, is_good: IsGood, arrived: Arrived
) -> None:
    """Fetch a file to a path, replacing any existing file.

    Args:
        size: how large it must be, if that is known.
        is_good: checks the content before the file gets its name.
        arrived: called with the number of bytes that have arrived.

    A transfer that is cut off, or brings wrong content, is retried. Raises CoprError as
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
                # With it, the next try continues from here.
                known = transfer.size
            if not is_good(part):
                raise transfer.wrong("the file is damaged: its digests do not match")
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
    """Open the file that a transfer writes to; a link in its place is refused."""
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise unwritable(part, error) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


class _Transfer:
    """Appends the pieces of a file to those that an earlier transfer has left."""

    def __init__(self, url: str, descriptor: int, size: int | None, arrived: Arrived) -> None:
        self.url, self._descriptor, self.size, self._arrived = url, descriptor, size, arrived
        self.done = os.fstat(descriptor).st_size
        if size is None or self.done > size:
            # It may belong to another file.
            self.done = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return self.done == self.size and self.done > 0

    def began(self, first: int, size: int | None) -> None:
        """Note where the pieces begin, as Transport.download_raw reports it."""
        if first not in (0, self.done) or (size is not None and self.size not in (None, size)):
            raise self.wrong("the host sent a different part of it than requested")
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
            raise unwritable(f"The file from {self.url}", error) from error
        if self.size is not None and self.done > self.size:
            raise self.wrong("the host sent more than it announced")
        self._arrived(self.done)

    def wrong(self, why: str) -> CoprError:
        """Empty the file, and return the error that says why the transfer can't continue."""
        self._cut(0)
        message = f"Could not fetch {self.url}: {why}."
        return CoprError("server", message, method="GET", path=self.url, transient=True)

    def _cut(self, size: int) -> None:
        os.ftruncate(self._descriptor, size)


def _complete(client: Client, transfer: _Transfer) -> None:
    """Fetch the missing part of a file."""
    if transfer.is_whole:
        return
    try:
        for piece in client.download_raw(transfer.url, transfer.began, first=transfer.done):
            transfer.add(piece)
    except CoprError as error:
        if error.status == RANGE_NOT_SATISFIABLE:
            raise transfer.wrong("it has become shorter") from error
        raise
    if transfer.size not in (None, transfer.done):
        raise transfer.wrong(f"it has {transfer.done} bytes instead of {transfer.size}")
