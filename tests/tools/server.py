# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Copr server to work with: the one that the environment names, or a simulator."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from tools.checkout import CHECKOUT

STAND_IN, RPMBUILD = "standin", "rpmbuild"
"""The builders of the simulator: what makes all up, and what builds."""

PATIENCE = 30
"""Seconds that a simulator has to end."""


class Server(NamedTuple):
    """Where a server is, and who we are there."""

    url: str
    login: str
    token: str
    username: str
    simulated: bool

    @property
    def environment(self) -> dict[str, str]:
        """The variables that tell the collection all this."""
        return {
            "COPR_URL": self.url,
            "COPR_LOGIN": self.login,
            "COPR_TOKEN": self.token,
            "COPR_USERNAME": self.username,
        }


def is_named() -> bool:
    """Whether the environment names a server."""
    return "COPR_URL" in os.environ


def chosen_builder(builder: str) -> str:
    """Return the builder that the environment names, or else this one."""
    return os.environ.get("COPR_BUILDER") or builder


@contextmanager
def copr_server(builder: str = STAND_IN) -> Iterator[Server]:
    """Lend the server of COPR_URL, or else a simulator that ends when it is given back.

    The environment may name another builder for the simulator in COPR_BUILDER.
    """
    if is_named():
        yield _named_server()
        return

    # Python's default is to end at once, which would leave the simulator behind.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    simulator = subprocess.Popen(
        [sys.executable, "-m", "simulator", "--port", "0", "--builder", chosen_builder(builder)],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT / "tests"), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    with simulator:
        try:
            yield Server(_address(simulator), "alice-login", "alice-token", "alice", simulated=True)
        finally:
            # It ends what it builds, and removes its files.
            simulator.terminate()
            try:
                simulator.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                simulator.kill()


def _named_server() -> Server:
    """Return the server of the environment, which must say who we are there, too."""
    names = ("COPR_URL", "COPR_LOGIN", "COPR_TOKEN", "COPR_USERNAME")
    if missing := [name for name in names if not os.environ.get(name)]:
        sys.exit(f"COPR_URL is set, so these must be, too: {', '.join(missing)}")
    url, login, token, username = (os.environ[name] for name in names)
    return Server(url, login, token, username, simulated=False)


def _address(simulator: subprocess.Popen[str]) -> str:
    """Return the address that the simulator prints when it is ready."""
    for line in simulator.stdout or ():
        if found := re.search(r"https?://[^\s/]+", line):
            return found[0]
    sys.exit("the simulator ended without telling its address")
