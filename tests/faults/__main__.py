# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The whole campaign: C(python -m faults --runs 3000 --seed 1)."""

from __future__ import annotations

import argparse
import sys

from faults.bench import bench
from faults.campaign import Tally, run


def main() -> int:
    """Run the campaign, print what failed and a summary."""
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--runs", type=int, default=3000, help="how many (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the first run (%(default)s)")
    parser.add_argument("--verbose", action="store_true", help="tell every run")
    arguments = parser.parse_args()
    tally = Tally()
    with bench() as here:
        for seed in range(arguments.seed, arguments.seed + arguments.runs):
            done = run(here, seed)
            tally.add(done)
            if done.complaints or arguments.verbose:
                print(done, flush=True)
                print(f"  again: python -m faults --verbose --runs 1 --seed {seed}", flush=True)
    print(tally)
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
