# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fetching result files of builds into a folder of this host."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ..plan import Difference, Plan, Record, Step, carry_out
from ..progress import TransferProgress
from ..sources.rpm import is_whole
from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.fetching import fetch, folder_in, part_of, size_at, size_here
from .results import Found, ResultFile


@dataclass
class _Local:
    """A file that the folder should contain.

    Attributes:
        size: of the file at its host, None as long as that is unknown.
        here: size of the existing file at the path, None if there is none.
        right: whether the existing file is already the right one.
        fetched: whether it was fetched, or in check mode would be.
        after: what a diff shows as its new state.
    """

    file: ResultFile
    path: str
    size: int | None
    here: int | None
    right: bool
    fetched: bool = False
    after: dict[str, Any] = field(default_factory=dict)

    def is_good(self, path: str) -> bool:
        """Return whether the content at a path can be this file."""
        return not self.file.is_rpm or is_whole(path)

    def has_come(self, size: int | None) -> None:
        """Note that the file was fetched, or in check mode would be."""
        self.fetched = True
        self.size = self.after["size"] = size

    def show(self) -> dict[str, Any]:
        """Return the file as results show it."""
        return {
            "path": self.path,
            "url": self.file.url,
            "size": self.size,
            "build_id": self.file.build_id,
            "chroot": self.file.chroot,
            "changed": self.fetched,
        }


@dataclass
class _Arrivals:
    """How many files and bytes have arrived; files are fetched at the same time."""

    progress: TransferProgress
    number: int
    done: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, path: str, size: int) -> None:
        """Note how many bytes of a file have arrived."""
        with self.lock:
            self.sizes[path] = size
            self._tell()

    def whole(self) -> None:
        """Note that a file is complete."""
        with self.lock:
            self.done += 1
            self._tell()

    def _tell(self) -> None:
        here = sum(self.sizes.values()) / 2**20
        self.progress.now_and_then(f"{self.done} of {self.number} files, {here:.0f} MiB")


def have_files(
    client: Client,
    found: Found,
    dest: str,
    record: Record,
    say: Callable[[str], None] | None,
) -> list[dict[str, Any]]:
    """Fetch files into a folder, each as C(BUILD/CHROOT/NAME); return them as results show them.

    Existing files with the right size, and in RPMs the right digests, are not fetched again. Raises
    CoprError; its result has the files that exist.
    """
    files = client.at_once([partial(_look, client, dest, file) for file in found.files])
    wanted = [file for file in files if not file.right]
    progress = TransferProgress(client.clock, say, "fetched")
    arrivals = _Arrivals(progress, len(wanted))
    steps = [_step(client, file, arrivals) for file in wanted]
    if found.missing:
        # In check mode an earlier task may build it, so the files are not known yet.
        steps.append(Step([Difference(dest, {}, {})], lambda: None))
    try:
        if not carry_out(Plan(steps, found.missing, client.at_once), record):
            sizes = client.at_once([partial(size_at, client, file.file.url) for file in wanted])
            for file, size in zip(wanted, sizes):
                file.has_come(size)
    except CoprError as error:
        there = [file.show() for file in files if file.right or file.fetched]
        error.result = {**error.result, "files": there}
        raise
    return [file.show() for file in files]


def _look(client: Client, dest: str, file: ResultFile) -> _Local:
    """Compare the existing file at the path of a file with the file.

    Reading the size of the file takes a request. If there is nothing to compare it with, the size
    is read during the transfer.
    """
    path = os.path.join(folder_in(dest, str(file.build_id), file.chroot), file.name)
    here = size_here(path)
    is_begun = here is not None or size_here(part_of(path)) is not None
    size = size_at(client, file.url) if is_begun else None
    local = _Local(file, path, size, here, right=False)
    local.right = local.here is not None and local.here == local.size and local.is_good(path)
    return local


def _step(client: Client, local: _Local, arrivals: _Arrivals) -> Step:
    def call() -> None:
        fetch(
            client,
            local.file.url,
            local.path,
            local.size,
            local.is_good,
            partial(arrivals.note, local.path),
        )
        arrivals.whole()
        local.has_come(size_here(local.path))

    before = None if local.here is None else {"size": local.here}
    local.after = {"size": local.size, "url": local.file.url}
    return Step([Difference(local.path, before, local.after)], call)
