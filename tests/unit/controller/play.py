# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays of ansible-playbook against a simulator: what became of each task, and what was shown."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.server import Simulator
from tools.checkout import CHECKOUT

HERE = Path(__file__).parent
PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")

Options = dict[str, Any]

TOKEN = "alice-token"
HEAD: Options = {
    "hosts": "localhost",
    "connection": "local",
    "gather_facts": False,
    "ignore_errors": True,
    "module_defaults": {
        "group/fedora.copr.copr": {
            "copr_url": "{{ url }}",
            "copr_login": "alice-login",
            "copr_token": TOKEN,
        },
    },
}


@dataclass(frozen=True)
class Played:
    """What a play came to.

    Attributes:
        results: the result of each task, by its name.
        output: all that was shown.
    """

    url: str
    results: dict[str, Any]
    output: str

    def shown(self, task: str) -> str:
        """Return what was shown of a task."""
        _before, _title, rest = self.output.partition(f"TASK [{task}] ")
        return re.split(r"^(?:TASK \[|PLAY RECAP)", rest, maxsplit=1, flags=re.MULTILINE)[0]

    def as_a_module(self, task: str) -> bool:
        """Return whether a task ran as an ordinary module (only the output of -vvv tells)."""
        return "Using module file" in self.shown(task)


@dataclass(frozen=True)
class Script:
    """A play that can be started: by which command, in which environment.

    Attributes:
        record: the file to which the results of its tasks go.
    """

    command: list[str]
    environment: dict[str, str]
    record: Path

    def results(self) -> dict[str, Any]:
        """Return the results of the tasks that have come to their end, by their names."""
        if not self.record.exists():
            return {}
        lines = self.record.read_text(encoding="utf-8").splitlines()
        return dict(json.loads(line) for line in lines)


def task(name: str, module: str, options: Options, **keywords: Any) -> Options:
    """Return a task as a playbook has it."""
    return {"name": name, f"fedora.copr.{module}": options, **keywords}


def play(
    sim: Simulator,
    folder: Path,
    tasks: list[Options],
    *arguments: str,
    stderr: int = subprocess.STDOUT,
    hosts: str = "localhost",
    environment: Mapping[str, str] | None = None,
) -> Played:
    """Play tasks on this machine, each of which may fail; C(hosts) are others of its names."""
    script = written(sim, folder, tasks, *arguments, hosts=hosts, environment=environment)
    done = subprocess.run(
        script.command,
        env=script.environment,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        check=False,
        timeout=600,
    )
    results = script.results()
    assert results, done.stdout
    return Played(sim.url, results, done.stdout)


def written(
    sim: Simulator,
    folder: Path,
    tasks: list[Options],
    *arguments: str,
    hosts: str = "localhost",
    environment: Mapping[str, str] | None = None,
) -> Script:
    """Write down a play of tasks on this machine, each of which may fail."""
    folder.mkdir(exist_ok=True)
    book, record = folder / "play.yml", folder / "results"
    book.write_text(json.dumps([{**HEAD, "hosts": hosts, "tasks": tasks}]), encoding="utf-8")
    variables = {
        "url": sim.url,
        "ansible_python_interpreter": sys.executable,
        "ansible_inject_invocation": True,
    }
    return Script(
        [str(PLAYBOOK), "-i", "localhost,", "-e", json.dumps(variables), *arguments, str(book)],
        {**_surroundings(folder), "RECORD": str(record), **(environment or {})},
        record,
    )


def _surroundings(folder: Path) -> dict[str, str]:
    """Return an environment without what the machine's user has set up."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ANSIBLE_", "COPR_")) and not name.lower().endswith("_proxy")
    }
    return {
        **kept,
        "HOME": str(folder),
        "ANSIBLE_ASYNC_DIR": str(folder.parent / "async"),
        "ANSIBLE_CALLBACKS_ENABLED": "record",
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "plugins/callback"),
        "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".venv/collections"),
        "ANSIBLE_CONNECTION_PLUGINS": str(HERE / "plugins/connection"),
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_PIPELINING": "true",
        "ANSIBLE_RETRY_FILES_ENABLED": "false",
    }
