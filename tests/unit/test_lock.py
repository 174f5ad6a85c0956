# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lock around looking for builds and submitting them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.lock import one_at_a_time
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.names import ProjectName

from unit.lab import Lab

PROJECT = ProjectName("alice", "demo")
HOLD = """
import fcntl, os, sys, time
descriptor = os.open(sys.argv[1], os.O_RDWR)
fcntl.flock(descriptor, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the locks are."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path / f"fedora.copr-{os.geteuid()}"


def take(lab: Lab, project: ProjectName = PROJECT) -> list[str]:
    """Take a lock, and return what was told meanwhile."""
    told: list[str] = []
    lab.slept.clear()
    with one_at_a_time(lab.client(), project, told.append):
        pass
    return told


def test_the_lock_lies_where_nobody_else_can_reach_it(demo: Lab, folder: Path) -> None:
    assert take(demo) == []
    assert folder.stat().st_mode & 0o777 == 0o700
    (lock,) = folder.iterdir()
    assert lock.stat().st_mode & 0o777 == 0o600


def test_a_lock_that_another_process_holds_is_waited_for(demo: Lab, folder: Path) -> None:
    take(demo)
    (lock,) = folder.iterdir()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        (first, last) = take(demo)
        limit = demo.client().settings.timeout
        assert "waiting for it" in first
        assert "without waiting" in last
        assert limit * 10 <= sum(demo.slept) <= limit * 10 + 1
        assert take(demo, ProjectName("alice", "other")) == []
        assert demo.slept == []
        holder.kill()
    assert take(demo) == []
    assert demo.slept == []


@pytest.mark.parametrize("what", ["open to others", "a link", "a file"])
def test_a_place_that_is_not_private_is_told_and_not_used(
    demo: Lab, folder: Path, tmp_path: Path, what: str
) -> None:
    if what == "open to others":
        folder.mkdir()
        folder.chmod(0o777)
    elif what == "a link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        folder.symlink_to(tmp_path / "elsewhere")
    else:
        folder.touch()
    told = take(demo)
    assert what == "a file" or str(folder) in told[0]
    assert what == "a file" or not list(folder.iterdir())


def test_without_any_place_the_work_is_done_all_the_same(
    demo: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    assert take(demo) == []
    assert demo.build(url=["https://example.org/a-1-1.src.rpm"], wait=False)["changed"] is True
