# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated Copr in real time, and plays of ansible-playbook that can be killed."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from faults.bench import ALICE, LOGIN, SECRETS, TOKEN, Bench, Options
from simulator.faults import WsgiApp
from simulator.server import Simulator, running
from unit.controller.play import Script, task, written

STEP = 0.03
# What the server takes for each request, before its work and after it.
PAUSE = 0.02
DEMO = "alice/demo"
CHROOTS = ["fedora-43-x86_64", "epel-10-x86_64"]
# No play takes as long, on however busy a machine.
LONGEST = 600.0


class Play:
    """A play of one task: C(ansible-playbook), and the worker that it forks."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._output = script.record.with_name("output")
        with self._output.open("wb") as output:
            self._main = subprocess.Popen(
                script.command,
                env=script.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def is_over(self) -> bool:
        """Whether C(ansible-playbook) has ended."""
        return self._main.poll() is not None

    def kill(self, *, alone: bool = False) -> bool:
        """Kill the play, all of it or C(ansible-playbook) alone.

        Returns, once all of it is gone, whether it had not ended by itself.
        """
        if self.is_over:
            return False
        # Stopped, so that it starts no others meanwhile.
        os.kill(self._main.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, self._main.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
        workers = [os.pidfd_open(each) for each in _children(self._main.pid)]
        # To kill the group would not do: since ansible-core 2.19 a worker is in one of its own.
        for worker in () if alone else workers:
            signal.pidfd_send_signal(worker, signal.SIGKILL)
        self._main.kill()
        killed = self._main.wait() == -signal.SIGKILL
        outliving = [each for each in workers if not select.select([each], [], [], 10)[0]]
        for worker in outliving:
            signal.pidfd_send_signal(worker, signal.SIGKILL)
        for worker in workers:
            os.close(worker)
        assert not outliving, "a worker goes on without its play"
        return killed

    def result(self) -> Options:
        """Return what became of the task, once the play has ended."""
        self._main.wait(LONGEST)
        said = self._output.read_text(encoding="utf-8")
        assert not any(secret in said for secret in SECRETS), said
        results = list(self._script.results().values())
        assert results, said
        return dict(results[0])


def _children(process: int) -> list[int]:
    lists = Path("/proc", str(process), "task").glob("*/children")
    return [int(child) for each in lists for child in each.read_text().split()]


class Live:
    """A server that takes its time, plays against it, and a project without builds."""

    def __init__(self, sim: Simulator, folder: Path) -> None:
        sim.doorkeeper.app = _slow(sim.doorkeeper.app)
        sim.world.users["alice"] = ALICE
        self.bench = Bench(sim, folder)
        self._folder = folder
        self._plays: list[Play] = []
        assert self.bench.play("copr_project", {"project": DEMO, "chroots": CHROOTS}).result

    def start(
        self,
        options: Options,
        module: str = "copr_build",
        *,
        environment: dict[str, str] | None = None,
        **keywords: Any,
    ) -> Play:
        """Start a play with one task, as alice in alice/demo."""
        login = {"copr_login": LOGIN, "copr_token": TOKEN}
        polling = {"poll_interval": STEP} if module == "copr_build" else {}
        pace = {**polling, "request_timeout": LONGEST}
        options = {**login, **pace, "project": DEMO, **options}
        folder = self._folder / str(len(self._plays))
        tasks = [task("Build", module, options, **keywords)]
        script = written(self.bench.sim, folder, tasks, environment=environment)
        self._plays.append(Play(script))
        return self._plays[-1]

    def end(self) -> None:
        """Kill what is still at work."""
        for play in self._plays:
            play.kill()

    def builds_of(self, *names: str) -> list[Any]:
        """Return the builds of packages that the server has."""
        return [build for build in self.bench.world.builds.values() if build.plan.name in names]


def _slow(app: WsgiApp) -> WsgiApp:
    def serve(environ: Options, start_response: Any) -> Iterable[bytes]:
        time.sleep(PAUSE)
        answer = app(environ, start_response)
        time.sleep(PAUSE)
        return answer

    return serve


@contextmanager
def live(folder: Path) -> Iterator[Live]:
    """Run a server in real time; upon exit, what is still played against it is killed."""
    folder.mkdir(exist_ok=True)
    with running(step=STEP) as sim:
        plays = Live(sim, folder)
        try:
            yield plays
        finally:
            plays.end()


def url(name: str) -> str:
    """Return an address that the server builds as a package of that name."""
    return f"https://example.org/{name}-1.0-1.src.rpm"
