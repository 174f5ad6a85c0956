# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said of the parts of "make test"."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# "good" passes, "bad" fails, and "e2e" is what it is on a machine without rpmbuild.
MAKE = f"""\
#!/bin/sh
case $2 in
good) exit 0 ;;
bad) exit 2 ;;
talk) echo a; sleep 1; echo b ;;
e2e) PATH=/nowhere exec {sys.executable} -m tools.e2e ;;
esac
"""


def run_parts(tmp_path: Path, *parts: str) -> subprocess.CompletedProcess[str]:
    """Run parts with a make of this test."""
    (tmp_path / "make").write_text(MAKE)
    (tmp_path / "make").chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name != "COPR_URL"}
    environment["PATH"] = f"{tmp_path}:{os.environ['PATH']}"
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    command = [sys.executable, "-m", "tools.parts", *parts]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_part_that_is_skipped_does_not_count_as_passed(tmp_path: Path) -> None:
    done = run_parts(tmp_path, "good", "e2e")
    table = done.stdout.partition("\n\n")[2].splitlines()
    assert done.returncode == 0
    assert [line.split()[:2] for line in table[:2]] == [["good", "passed"], ["e2e", "skipped"]]
    assert table[2].startswith("e2e is skipped: rpmbuild, ")
    assert "apt-get install" in table[2]
    assert table[3] == "parts: 1 passed, 1 skipped, 0 failed"


@pytest.mark.parametrize("after", [(), ("good",)])
def test_the_first_part_that_fails_is_the_last(tmp_path: Path, after: tuple[str, ...]) -> None:
    done = run_parts(tmp_path, "good", "bad", *after)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "parts: 1 passed, 0 skipped, 1 failed"


def test_groups_are_made_beside_each_other_and_shown_one_by_one(tmp_path: Path) -> None:
    done = run_parts(tmp_path, "talk", "--", "talk", "good")
    assert done.returncode == 0
    said = [line for line in done.stdout.splitlines() if line in ("a", "b")]
    assert said == ["a", "b", "a", "b"]
    assert done.stdout.splitlines()[-1] == "parts: 3 passed, 0 skipped, 0 failed"


def test_a_failure_in_one_group_is_that_of_all(tmp_path: Path) -> None:
    done = run_parts(tmp_path, "bad", "--", "talk", "good")
    assert done.returncode == 1
    assert "... make good" not in done.stdout
