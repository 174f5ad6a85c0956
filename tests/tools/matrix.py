# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the sessions of nox with the tag "matrix", and prints a table of what became of each."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tools.notes import kept_notes
from tools.pythons import path_of_running_pythons

OUTCOMES = {"success": "passed", "skipped": "not available"}


def table(sessions: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a line for each session of a report of nox, in its order."""
    lines = [f"{'ansible-core':<14}{'Python':<8}{'session':<20}outcome"]
    for session in sessions:
        # Such as "units(python='3.12', core='2.16')".
        given = dict(re.findall(r"(\w+)='([^']*)'", " ".join(session["signatures"])))
        core, python = given.get("core", ""), given.get("python", "")
        outcome = OUTCOMES.get(session["result"], "FAILED")
        lines.append(f"{core:<14}{python:<8}{session['name']:<20}{outcome}")
    return lines


def main() -> int:
    """Run all sessions of the matrix; further arguments go to nox."""
    with (
        kept_notes() as environment,
        path_of_running_pythons(os.environ["PATH"]) as path,
        tempfile.TemporaryDirectory(prefix="fedora-copr-") as folder,
    ):
        report = Path(folder, "report.json")
        nox = ["nox", "--no-error-on-missing-interpreters", "--report", str(report)]
        done = subprocess.run(
            [*nox, "--tags", "matrix", *sys.argv[1:]],
            env={**environment, "PATH": path},
            stdin=subprocess.DEVNULL,
            check=False,
        )
        # There is none if nox was only asked something.
        if report.exists():
            sessions = json.loads(report.read_text(encoding="utf-8"))["sessions"]
            print("", *table(sessions), sep="\n")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
