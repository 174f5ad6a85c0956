# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A lock that makes the tasks of one machine work on a project, or a file, one after the other.

Copr has neither locks nor request ids. Tasks that look for a build at the same moment all find it
missing, and all submit it; tasks that each add a chroot overwrite each other's. That happens in
every run of a task that runs for many hosts.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Callable

from .nouns.names import ProjectName
from .wire.client import Client

# Seconds between two tries to get the lock.
PAUSE = 0.1
# A task waits for the lock this many times as long as a request may take. One that holds it longer
# is uploading a very large file, or hangs.
PATIENCE = 10


@contextmanager
def one_at_a_time(
    client: Client, subject: ProjectName | str, tell: Callable[[str], None]
) -> Iterator[None]:
    """Hold the lock of a project, or a file, while it is read and changed.

    The system releases it when the process ends, for whatever reason. C(tell) shows a message to
    the user if waiting for it takes longer than a request may. If locking is not possible, the
    work is done without it.
    """
    descriptor = _opened(client, subject, tell)
    try:
        if descriptor is not None:
            _acquire(client, subject, descriptor, tell)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _opened(client: Client, subject: ProjectName | str, tell: Callable[[str], None]) -> int | None:
    """Return the file to lock, or None if there is no private folder for it."""
    folder = Path(tempfile.gettempdir(), f"fedora.copr-{os.geteuid()}")
    name = hashlib.sha256(f"{client.settings.url} {subject}".encode()).hexdigest()
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            tell(
                f"{folder} is not a directory that only you can access, so tasks that run at the "
                "same time do not wait for each other. Remove it."
            )
            return None
        return os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError:
        return None


def _acquire(
    client: Client, subject: ProjectName | str, descriptor: int, tell: Callable[[str], None]
) -> None:
    waited, limit, told = 0.0, client.settings.timeout, False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            pass
        except OSError:
            # A file system without locks.
            return
        if waited > limit and not told:
            told = True
            tell(f"Another task on this machine is working on {subject}; waiting for it.")
        if waited > PATIENCE * limit:
            tell(
                f"Another task on this machine has been working on {subject} for more than "
                f"{waited:.0f} seconds; continuing without waiting for it."
            )
            return
        client.clock.sleep(PAUSE)
        waited += PAUSE
