# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the Makefile's targets of the command line and says how long each took.

``--`` divides them into groups, which are made at the same time; those of a group in order. What a
target prints is shown when it has ended.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tools.notes import FILE, SKIPPED, kept_notes

OUTCOMES = ("passed", "skipped", "FAILED")


@dataclass
class Report:
    """What has ended, in that order: name, outcome and seconds of each target."""

    ended: list[tuple[str, str, float]] = field(default_factory=list)
    printing: threading.Lock = field(default_factory=threading.Lock)

    @property
    def failed(self) -> bool:
        """Whether any of them failed."""
        return any(outcome == "FAILED" for _part, outcome, _seconds in self.ended)

    def make(self, parts: Sequence[str], environment: Mapping[str, str]) -> None:
        """Make targets in order, up to the first that fails, in this group or another."""
        for part in parts:
            if self.failed:
                return
            print(f"... make {part}", flush=True)
            start = time.monotonic()
            with tempfile.TemporaryFile() as output:
                status = subprocess.run(
                    ["make", "--no-print-directory", part],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env=environment,
                    check=False,
                ).returncode
                output.seek(0)
                notes = Path(environment[FILE]).read_text(encoding="utf-8")
                with self.printing:
                    self.ended.append(
                        (part, _outcome(part, status, notes), time.monotonic() - start)
                    )
                    print(f"==> make {part}", flush=True)
                    sys.stdout.buffer.write(output.read())
                    sys.stdout.flush()


def main() -> int:
    """Make the groups of targets; a failure lets the others come to the end of their target."""
    groups = list(_groups(sys.argv[1:]))
    report = Report()
    with kept_notes() as environment:
        with ThreadPoolExecutor(max(1, len(groups))) as pool:
            for made in [pool.submit(report.make, group, environment) for group in groups]:
                made.result()
        print()
        for part, outcome, seconds in report.ended:
            print(f"{part:<12} {outcome:<7} {seconds:6.1f} s")
    outcomes = [outcome for _part, outcome, _seconds in report.ended]
    print(f"parts: {', '.join(f'{outcomes.count(each)} {each.lower()}' for each in OUTCOMES)}")
    return 1 if report.failed else 0


def _groups(parts: Sequence[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for part in parts:
        if part == "--":
            yield group
            group = []
        else:
            group.append(part)
    yield group


def _outcome(part: str, status: int, notes: str) -> str:
    """Return the outcome of a part. One that is skipped says so in a note."""
    if status:
        return "FAILED"
    return "skipped" if f"{part} {SKIPPED}" in notes else "passed"


if __name__ == "__main__":
    sys.exit(main())
