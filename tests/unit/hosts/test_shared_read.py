# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One read for several at once; the lock does not mind that here they are threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ansible import constants
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.plugin_utils._copr import shared_read
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.shared_read import read_once

from unit.lab import attempt

TOGETHER = 8
FILES = "fedora.copr-*.json"


class Source:
    """What is read: counts how often, and takes its time."""

    def __init__(self) -> None:
        self.reads = 0
        self.failures: list[CoprError] = []
        self._came = threading.Barrier(TOGETHER)

    def read(self) -> dict[str, Any]:
        self.reads += 1
        if self.failures:
            raise self.failures.pop()
        return {"read": self.reads}

    def read_slowly(self) -> dict[str, Any]:
        # All others are now at the lock, or about to be.
        time.sleep(0.2)
        return self.read()

    def ask(self, _number: int) -> tuple[Any, CoprError | None]:
        """Return what one of several gets who ask at once."""
        self._came.wait()
        return attempt(read_once, "key", self.read_slowly)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    """Return something to read, in a run of its own."""
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    yield Source()
    # The folder is Ansible's to remove, and of this user alone.
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.glob(FILES))


def test_who_asks_at_once_gets_the_same_answer(source: Source) -> None:
    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = list(pool.map(source.ask, range(TOGETHER)))
    assert answers == [({"read": 1}, None)] * TOGETHER
    assert read_once("key", source.read) == {"read": 1}
    assert read_once("another key", source.read) == {"read": 2}


def test_a_failure_is_that_of_all_who_waited_and_of_nobody_later(source: Source) -> None:
    source.failures = [CoprError("unreachable", "It is away.", attempts=5)]
    with ThreadPoolExecutor(TOGETHER) as pool:
        errors = [error for _answer, error in pool.map(source.ask, range(TOGETHER))]
    assert source.reads == 1
    assert {(error.message, *error.details().values()) for error in errors if error} == {
        ("It is away.", "unreachable", None, None, None, None, 5)
    }
    assert None not in errors
    assert read_once("key", source.read) == {"read": 2}


def test_an_answer_grows_old(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_once("key", source.read) == {"read": 1}
    monkeypatch.setattr(shared_read, "KEPT", 0.0)
    assert read_once("key", source.read) == {"read": 2}


def test_what_a_process_has_left_that_was_ended_is_no_answer(
    source: Source, tmp_path: Path
) -> None:
    read_once("key", source.read)
    (file,) = tmp_path.glob(FILES)
    file.write_text('{"at": 1', encoding="utf-8")
    assert read_once("key", source.read) == {"read": 2}
