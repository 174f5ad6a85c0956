# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator for each test, and what the official clients need to reach it."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from copr.v3 import Client, config_from_file

from simulator.clock import ManualClock
from simulator.server import Simulator, running
from simulator.world import Project
from tools.make_srpm import write_srpm

F43, F44, EPEL = "fedora-43-x86_64", "fedora-44-x86_64", "epel-9-x86_64"

STEP = 10.0
"""Seconds a phase of a build lasts, on a clock that the tests advance."""

AT_ONCE = 1e-5
"""Seconds a phase lasts where builds shall have ended before a client first asks."""

SPEC = """\
Name:       {name}
Version:    1.4
Release:    1
Summary:    A package to upload
License:    MIT
BuildArch:  noarch

%description
A package to upload.

%build
{command}

%files
"""


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """Run a simulator in which time passes only by ``simulator.clock.advance()``."""
    with running(clock=ManualClock(), step=STEP) as simulator:
        yield simulator


@pytest.fixture
def fast_simulator() -> Iterator[Simulator]:
    """Run a simulator whose builds end as soon as they are submitted."""
    with running(step=AT_ONCE) as simulator:
        yield simulator


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the clients off the real home: they have a configuration and a cache there."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


class CoprCli:
    """The program copr-cli, run in a process of its own."""

    def __init__(self, simulator: Simulator, folder: Path) -> None:
        self.simulator = simulator
        self.folder = folder

    def __call__(self, *arguments: str, user: str = "alice", exit_code: int = 0) -> str:
        """Run a command; return what it says, on stderr if it is to fail."""
        config = write_config(self.simulator, self.folder, user)
        program = Path(sys.executable).with_name("copr-cli")
        command = [str(program), "--config", str(config), "--no-color", *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert ended.returncode == exit_code, f"{arguments}:\n{ended.stdout}{ended.stderr}"
        return ended.stderr if exit_code else ended.stdout


@pytest.fixture
def cli(simulator: Simulator, tmp_path: Path) -> CoprCli:
    """Lend copr-cli, with its configuration for the simulator."""
    return CoprCli(simulator, tmp_path)


@pytest.fixture
def client(simulator: Simulator, tmp_path: Path) -> Client:
    """Lend alice's client of python-copr."""
    return new_client(simulator, tmp_path)


@pytest.fixture
def bob(simulator: Simulator, tmp_path: Path) -> Client:
    """Lend bob's client."""
    return new_client(simulator, tmp_path, "bob")


@pytest.fixture
def project(client: Client, simulator: Simulator) -> Project:
    """Create the project alice/demo with two chroots."""
    client.project_proxy.add("alice", "demo", [F43, EPEL])
    return simulator.world.projects["alice/demo"]


@pytest.fixture
def source_rpm(tmp_path: Path) -> Path:
    """Write a source RPM that builds."""
    return new_source_rpm(tmp_path, "hello")


def end_builds(simulator: Simulator) -> None:
    """Let enough time pass for every ordinary build to end."""
    simulator.clock.advance(10 * STEP)


def new_source_rpm(folder: Path, name: str, command: str = "true") -> Path:
    """Write a source RPM whose %build runs one command."""
    spec = folder / f"{name}.spec"
    spec.write_text(SPEC.format(name=name, command=command), encoding="utf-8")
    return write_srpm(spec, [], folder)


def new_client(simulator: Simulator, folder: Path, user: str = "alice") -> Client:
    """Make a client of python-copr."""
    return Client(config_from_file(str(write_config(simulator, folder, user))))


def write_config(simulator: Simulator, folder: Path, user: str) -> Path:
    """Write the configuration file of the official clients.

    The user "stranger" claims to be alice and has a wrong token.
    """
    config = folder / f"{user}.conf"
    account = simulator.world.users["alice" if user == "stranger" else user]
    text = f"""\
        [copr-cli]
        username = {account.name}
        login = {account.login}
        token = {"wrong" if user == "stranger" else account.token}
        copr_url = {simulator.url}
        encrypted = no
        # expiration date: 2027-01-31
        """
    config.write_text(textwrap.dedent(text), encoding="utf-8")
    return config
