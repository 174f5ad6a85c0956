# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the Makefile's targets of the command line in order and says how long each took."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tools.notes import FILE, SKIPPED, kept_notes


def main() -> int:
    """Make the parts, up to the first that fails."""
    lines = []
    outcomes = {"passed": 0, "skipped": 0, "FAILED": 0}
    status = 0
    with kept_notes() as environment:
        for part in sys.argv[1:]:
            print(f"==> make {part}", flush=True)
            start = time.monotonic()
            command = ["make", "--no-print-directory", part]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, env=environment, check=False)
            status = done.returncode
            outcome = _outcome(part, status, Path(environment[FILE]).read_text(encoding="utf-8"))
            outcomes[outcome] += 1
            lines.append(f"{part:<12} {outcome:<7} {time.monotonic() - start:6.1f} s")
            if status:
                break
        print("", *lines, sep="\n")
    print(f"parts: {', '.join(f'{n} {outcome.lower()}' for outcome, n in outcomes.items())}")
    return status


def _outcome(part: str, status: int, notes: str) -> str:
    """Return the outcome of a part. One that is skipped says so in a note."""
    if status:
        return "FAILED"
    return "skipped" if f"{part} {SKIPPED}" in notes else "passed"


if __name__ == "__main__":
    sys.exit(main())
