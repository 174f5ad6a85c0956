# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that meet: what others write between what a request reads and what it writes.

The server has no locks and its database reads what is committed. A request reads rows, works out
which of them to change, and writes these some milliseconds later. Two requests that read before
either has written both go on with what they have read: changes of different rows both survive, and
of two that insert the same row one is refused by the database, as a 500 in HTML.

Here this happens only with a world whose ``race`` is not 0. Otherwise requests come in turn.
"""

from __future__ import annotations

import time

from .current import world


def let_others_in() -> None:
    """Serve other requests for as long as the race of the world lasts.

    To be called by an endpoint that has read all it needs, before its first change.
    """
    seconds = world().race
    if not seconds:
        return
    world().lock.release()
    try:
        time.sleep(seconds)
    finally:
        world().lock.acquire()
