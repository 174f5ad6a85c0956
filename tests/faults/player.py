# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays modules as Ansible does, many at once, each in a process that can be killed.

C(python -m faults.player) has everything imported, and forks for each task; so a play takes some
hundredths of a second.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from faults.bench import module_named
from unit.lab import module_arguments

MODULES = ("copr_build", "copr_project")


@dataclass
class Play:
    """A task that is being played."""

    process: int | None
    output: Path

    def wait(self, seconds: float) -> bool:
        """Return whether the play has ended within some seconds."""
        if self.process is None:
            return True
        return bool(select.select([self.process], [], [], seconds)[0])

    def kill(self) -> bool:
        """Kill the play, and return whether it had not ended by itself."""
        if self.process is None or self.wait(0):
            return False
        signal.pidfd_send_signal(self.process, signal.SIGKILL)
        self.wait(10)
        return True

    def result(self, seconds: float = 60) -> dict[str, Any]:
        """Return what the module printed, once it has ended."""
        assert self.wait(seconds), "the play does not end"
        said = self.output.read_text().strip()
        assert said.startswith("{"), said
        return dict(json.loads(said))


class Player:
    """Starts plays."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._count = 0

    def start(self, module: str, arguments: dict[str, Any]) -> Play:
        """Start a task."""
        self._count += 1
        output = self._folder / f"{self._count}.out"
        job = {"module": module, "arguments": arguments, "output": str(output)}
        _pipe(self._process.stdin).write(json.dumps(job) + "\n")
        _pipe(self._process.stdin).flush()
        pid = int(_pipe(self._process.stdout).readline())
        try:
            return Play(os.pidfd_open(pid), output)
        except ProcessLookupError:
            return Play(None, output)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@contextmanager
def player(folder: Path) -> Iterator[Player]:
    """Run a player until exit; what is played writes to files in the folder."""
    command = [sys.executable, "-m", "faults.player"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Player(process, folder)
        finally:
            _pipe(process.stdin).close()


def main() -> None:
    """Fork for each task that is asked for on stdin, and tell its process id on stdout."""
    for name in MODULES:
        module_named(name)
    # Nobody waits for the children; so they are gone as soon as they end.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _play(json.loads(line))
        print(pid, flush=True)


def _play(job: dict[str, Any]) -> None:
    """Run the module with its output in a file, and end this process."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        output = os.open(job["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(output, sys.stdout.fileno())
        with module_arguments(job["arguments"]):
            module_named(job["module"]).main()
    except SystemExit:
        sys.stdout.flush()
    except BaseException:
        print(traceback.format_exc(), flush=True)
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
