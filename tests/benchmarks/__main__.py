# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m benchmarks``: measure, and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.cases import CASES, NEAR_CASES
from benchmarks.measure import measure
from benchmarks.page import page
from benchmarks.stage import staged
from tools.checkout import CHECKOUT

DELAYS = (0.0, 0.1)


def main() -> None:
    """Measure, show the page and write it."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how often each case counts")
    parser.add_argument("--page", type=Path, default=CHECKOUT / "docs" / "benchmarks.md")
    options = parser.parse_args()
    if not shutil.which("curl"):
        sys.exit("curl is not installed; uploads are measured against it")
    # Python's default is to end at once, which would leave the servers behind.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    load = os.getloadavg()[0]
    with ExitStack() as stack:
        folders = [stack.enter_context(tempfile.TemporaryDirectory()) for _delay in DELAYS]
        stages = [
            stack.enter_context(staged(delay, Path(folder)))
            for delay, folder in zip(DELAYS, folders)
        ]
        near, far = stages
        results = measure([(near, {**CASES, **NEAR_CASES}), (far, CASES)], options.runs)
        text = page(stages, results, options.runs, load)
    options.page.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
