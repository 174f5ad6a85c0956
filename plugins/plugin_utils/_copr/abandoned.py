# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ending a worker process after its play was killed.

A worker of ansible-core goes on when only the play's main process is killed. What it would submit
from then on, the next run of the play would submit as well.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LOOK_EVERY = 0.1


def end_if_abandoned() -> None:
    """End this process at once if it is a worker whose parent process no longer exists."""
    play = multiprocessing.parent_process()
    if play is None or play.pid is None:
        return
    try:
        os.kill(play.pid, 0)
    except ProcessLookupError:
        os._exit(1)


@contextmanager
def ending_when_abandoned() -> Iterator[None]:
    """End this process as soon as it is abandoned, whatever it is doing."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(LOOK_EVERY):
            end_if_abandoned()

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()
