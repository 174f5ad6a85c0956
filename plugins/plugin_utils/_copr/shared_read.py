# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One read of Copr for all hosts of a task.

Ansible runs a task for each host in a process of its own. These processes share files in the
temporary folder of the ansible-playbook run, which removes it at its end.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible import constants
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

# Seconds for which a response is used. Copr itself caches data about repositories this long.
KEPT = 120.0


def read_once(key: str, read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what C(read) returns, which only the first of several processes calls.

    C(key) identifies the read and the task. A failure applies to all processes that waited for this
    response; later ones read again, so that C(until) and C(retries) of a task work.
    Raises the CoprError of C(read).
    """
    came = time.monotonic()
    name = hashlib.sha256(key.encode()).hexdigest()
    # ansible-core sets its constants while it is imported, so that no type is known of them.
    folder: str = vars(constants)["DEFAULT_LOCAL_TMP"]
    path = Path(folder, f"fedora.copr-{name}.json")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with open(descriptor, "r+", encoding="utf-8") as file:
        # Released when the file is closed, or the process ends.
        fcntl.flock(file, fcntl.LOCK_EX)
        known = _known(file.read())
        if known and (known["at"] >= came or (known["answer"] and known["at"] + KEPT > came)):
            return _answered(known)
        answer, error = None, None
        try:
            answer = read()
        except CoprError as failure:
            error = failure
        known = {
            "at": time.monotonic(),
            "answer": answer,
            "error": error and {"message": error.message, **error.details()},
        }
        file.seek(0)
        file.truncate()
        json.dump(known, file)
        return _answered(known)


def _known(text: str) -> dict[str, Any] | None:
    """Return what another process has stored; None if there is nothing, or it was interrupted."""
    try:
        known: dict[str, Any] = json.loads(text)
    except ValueError:
        return None
    return known


def _answered(known: dict[str, Any]) -> dict[str, Any]:
    if known["answer"] is None:
        raise CoprError(**known["error"])
    answer: dict[str, Any] = known["answer"]
    return answer
