# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes the Makefile's targets of the command line in order and says how long each took."""

from __future__ import annotations

import subprocess
import sys
import time


def main() -> int:
    """Make the parts, up to the first that fails."""
    lines = []
    status = 0
    for part in sys.argv[1:]:
        print(f"==> make {part}", flush=True)
        start = time.monotonic()
        command = ["make", "--no-print-directory", part]
        status = subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode
        outcome = "FAILED" if status else "passed"
        lines.append(f"{part:<12} {outcome} {time.monotonic() - start:6.1f} s")
        if status:
            break
    print("", *lines, sep="\n")
    failed = 1 if status else 0
    print(f"parts: {len(lines) - failed} passed, {failed} failed")
    return status


if __name__ == "__main__":
    sys.exit(main())
