# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m simulator``: serve until interrupted; the first line on stdout is the address."""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Callable
from functools import partial

from .building import Builder
from .rpmbuild import parts
from .rpmbuild.builder import Rpmbuild
from .server import running
from .standin import StandIn
from .world import World


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 is a free one")
    parser.add_argument("--step", type=float, default=0.5, help="seconds a phase of a build lasts")
    parser.add_argument(
        "--race",
        type=float,
        default=0.0,
        help="seconds between what a request reads and what it writes; 0 serves requests in turn",
    )
    parser.add_argument(
        "--builder",
        choices=("standin", "rpmbuild"),
        default="standin",
        help="what makes packages: nothing, from the clock (standin), or rpmbuild",
    )
    parser.add_argument(
        "--unsigned", action="store_true", help="leave what rpmbuild makes without signatures"
    )
    arguments = parser.parse_args()
    builder: Callable[[World], Builder] = StandIn
    if arguments.builder == "rpmbuild":
        if missing := parts.missing():
            parser.error(
                f"rpmbuild is not complete here, without {', '.join(missing)};"
                f" install it with: {parts.how_to_install()}"
            )
        builder = partial(Rpmbuild, signed=not arguments.unsigned)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ended.set())
    with running(
        step=arguments.step, port=arguments.port, race=arguments.race, builder=builder
    ) as simulator:
        print(simulator.url, flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
