# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the commands of one job: with a time limit, isolated, and with logs."""

from __future__ import annotations

import contextlib
import functools
import gzip
import os
import pwd
import shlex
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

GRACE = 1.0
"""Seconds that a command has to end when its time is up."""

LIVE, BACKEND = "builder-live.log", "backend.log"
ISOLATION = ("--pid", "--fork", "--kill-child")
UNPRIVILEGED = "nobody"
"""The user who runs the commands if the simulator runs as root."""


class Failed(Exception):
    """A job failed; the message is what copr-rpmbuild logs last."""


class Stopped(Exception):
    """A job was stopped."""


class Job:
    """One job: the source of a build, or one of its chroots.

    Its commands work in a private folder and write logs into the folder of results. They may take
    some seconds in all, have no network unless they need it, and leave no process behind.
    """

    def __init__(self, folder: Path, results: Path, seconds: float) -> None:
        self._folder = folder
        self.results = results
        self._ends = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None
        results.mkdir(parents=True, exist_ok=True)
        folder.mkdir()
        self.tmp = self.new_folder("tmp")
        self.home = self.new_folder("home")

    def new_folder(self, name: str) -> Path:
        """Create a folder that the commands may write to."""
        folder = self._folder / name
        folder.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
        return folder

    def remove_folder(self) -> None:
        """Remove the private folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    # --- logs ---

    def log(self, *lines: str) -> None:
        """Write lines to the builder's log."""
        with (self.results / LIVE).open("a", encoding="utf-8") as log:
            log.writelines(f"{line}\n" for line in lines)

    def log_backend(self, line: str) -> None:
        """Write a line to the backend's log."""
        moment = time.strftime("%Y-%m-%d %H:%M:%S")
        with (self.results / BACKEND).open("a", encoding="utf-8") as log:
            log.write(f"[{moment},000][  INFO][PID:{os.getpid()}] {line}\n")

    def log_size(self) -> int:
        """Return the size of the builder's log."""
        return (self.results / LIVE).stat().st_size

    def keep_log(self, name: str, start: int, end: int | None = None) -> None:
        """Write a part of the builder's log to another log, compressed."""
        text = (self.results / LIVE).read_bytes()[start:end]
        (self.results / f"{name}.gz").write_bytes(gzip.compress(text, mtime=0))

    def compress_logs(self) -> None:
        """Compress the logs, as Copr does when a job has finished."""
        for log in (self.results / LIVE, self.results / BACKEND):
            if log.exists():
                Path(f"{log}.gz").write_bytes(gzip.compress(log.read_bytes(), mtime=0))
                log.unlink()

    # --- commands ---

    def stream(
        self,
        command: Sequence[str],
        *,
        cwd: Path | None = None,
        network: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> int:
        """Run a command and log its output line by line; return its exit status.

        Raises Failed if the time of the job is up, and Stopped.
        """
        with (self.results / LIVE).open("ab") as log:
            return self._run(command, log.fileno(), log.fileno(), cwd, network, environment or {})

    def call(
        self, command: Sequence[str], *, cwd: Path | None = None, network: bool = False
    ) -> None:
        """Run a command and log its output at the end, as copr-rpmbuild does.

        Raises Failed with its output if the exit status is not 0, and Stopped.
        """
        self.log(f"Running: {shlex.join(command)}", "")
        status, stdout, stderr = self._captured(command, cwd, network)
        self.log(f"rc: {status}", f"stdout: {stdout}", f"stderr: {stderr}", "")
        if status:
            raise Failed(stderr or stdout or f"{command[0]} exited with status {status}")

    def query(self, command: Sequence[str]) -> str | None:
        """Return the output of a command, or None if it fails; nothing is logged."""
        status, stdout, _stderr = self._captured(command, None, network=False)
        return None if status else stdout

    def stop(self) -> None:
        """Kill the running command, and start no other."""
        with self._lock:
            self._stopped = True
            self._signal(signal.SIGKILL)

    def _captured(
        self, command: Sequence[str], cwd: Path | None, network: bool
    ) -> tuple[int, str, str]:
        paths = [self._folder / "stdout", self._folder / "stderr"]
        with paths[0].open("wb") as stdout, paths[1].open("wb") as stderr:
            status = self._run(command, stdout.fileno(), stderr.fileno(), cwd, network, {})
        printed, errors = (path.read_text("utf-8", "replace").rstrip("\n") for path in paths)
        return status, printed, errors

    def _run(
        self,
        command: Sequence[str],
        stdout: int,
        stderr: int,
        cwd: Path | None,
        network: bool,
        environment: Mapping[str, str],
    ) -> int:
        with self._lock:
            if self._stopped:
                raise Stopped
            self._process = process = subprocess.Popen(
                [*_isolated(network), *command],
                cwd=cwd or self._folder,
                env={**self._environment(), **environment},
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
            )
        in_time = self._wait(process)
        with self._lock:
            self._process = None
            if self._stopped:
                raise Stopped
        if not in_time:
            raise Failed("Build failed")
        return process.returncode

    def _wait(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait for a process, and end it when the time is up; return whether it was in time."""
        try:
            process.wait(max(0.0, self._ends - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        else:
            return True
        for number, patience in ((signal.SIGINT, GRACE), (signal.SIGKILL, None)):
            self.log(f" !! Copr timeout => sending {number.name.removeprefix('SIG')}")
            with self._lock:
                self._signal(number)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
            break
        return False

    def _signal(self, number: signal.Signals) -> None:
        """Send a signal to the running command and its children."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": str(self.home),
            "TMPDIR": str(self.tmp),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
        }


def can_isolate() -> bool:
    """Whether commands can run without a network, and without leaving processes behind."""
    return bool(_unshare())


def _isolated(network: bool) -> list[str]:
    """Return what to put in front of a command to isolate it as far as this machine allows."""
    unshare = _unshare()
    namespaces = [*unshare, *([] if network else ["--net"]), "--"] if unshare else []
    return [*namespaces, *_unprivileged()]


@functools.cache
def _unshare() -> tuple[str, ...]:
    """Return the command that isolates; it needs privileges, or namespaces for users."""
    for privileges in ((), ("--map-current-user",)):
        command = ("unshare", *privileges, *ISOLATION)
        if _works(*command, "--net", "--", "true"):
            return command
    return ()


@functools.cache
def _unprivileged() -> tuple[str, ...]:
    """Return the command that gives up the privileges of root; nothing if there are none."""
    if os.geteuid() != 0:
        return ()
    group = str(pwd.getpwnam(UNPRIVILEGED).pw_gid)
    command = ("setpriv", f"--reuid={UNPRIVILEGED}", f"--regid={group}", "--clear-groups", "--")
    return command if _works(*command, "true") else ()


def _works(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False
