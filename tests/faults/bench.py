# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated Copr, and tasks called against it in this process, in order or broken by a plan."""

from __future__ import annotations

import base64
import importlib
import random
import tempfile
import threading
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.fedora.copr.plugins.module_utils._copr.clock import Clock
from ansible_collections.fedora.copr.plugins.module_utils._copr.given import (
    given_options,
    without_nulls,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.plan import Record
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import (
    Module,
    Task,
    failure,
    perform,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import settings_from
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.commands import run_command

from faults.strikes import BreakingTransport, Plan
from simulator.clock import ManualClock
from simulator.server import Simulator, running
from simulator.standin import StandIn
from simulator.world import User, World

Options = dict[str, Any]

STEP = 10.0
LOGIN, TOKEN = "planted-login-7d1f", "planted-token-c0ffee-5ec2e7"
# The token, and the header that carries it.
SECRETS = (TOKEN, base64.b64encode(f"{LOGIN}:{TOKEN}".encode()).decode())
ALICE = User(1, "alice", LOGIN, TOKEN)


@dataclass
class Played:
    """What came of a task: a result, an error, or, which must not be, a traceback."""

    result: Options | None = None
    error: CoprError | None = None
    crash: str | None = None
    said: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        """All that a user could get to see of it."""
        failed = failure(self.error) if self.error else None
        return repr([self.result, failed, self.crash, self.said])


class Bench:
    """One server, a fresh world for each run, and a clock that only sleeping advances."""

    def __init__(self, sim: Simulator, folder: Path) -> None:
        self.sim = sim
        self.folder = folder
        self._idle = threading.Condition()
        self._at_work = 0
        self._app = sim.doorkeeper.app
        sim.doorkeeper.app = self._serve

    @property
    def world(self) -> World:
        """The state of the server."""
        return self.sim.world

    def start_anew(self) -> None:
        """Let the server forget everything."""
        self.wait_until_idle()
        self.sim.serve(World(ManualClock(), STEP, StandIn))
        self.world.users["alice"] = ALICE

    def play(
        self, module: str, options: Options, *, check: bool = False, plan: Plan | None = None
    ) -> Played:
        """Run a module as alice and return what came of it."""
        played = Played()
        try:
            played.result = self._run(declared(module), options, check, plan, played.said)
        except CoprError as error:
            played.error = error
        except Exception:
            played.crash = traceback.format_exc()
        self.sim.clear_faults()
        self.wait_until_idle()
        return played

    def _run(
        self, module: Module, options: Options, check: bool, plan: Plan | None, said: list[str]
    ) -> Options:
        raw = {
            "copr_url": self.sim.url,
            "copr_login": LOGIN,
            "copr_token": TOKEN,
            "request_timeout": plan.request_timeout if plan else 20.0,
            **options,
        }
        validator = ArgumentSpecValidator(module.argument_spec, **module.checks)
        try:
            validated = validator.validate(without_nulls(module.argument_spec, raw))
        except (TypeError, OverflowError) as error:
            # ansible-core's own checks stumble over some values before a module sees them.
            raise CoprError("invalid", f"ansible-core can't read the options: {error!r}") from error
        if validated.error_messages:
            raise CoprError("invalid", "; ".join(validated.error_messages))
        params = validated.validated_parameters
        settings = settings_from(params)
        clock = Clock(self.sim.clock, self.sleep)
        client = Client(settings, read_only=check, clock=clock)
        if plan is not None:
            client._transport = BreakingTransport(settings, self.sim, plan)
        given = given_options(module.options, raw, params)
        record = Record(check, said.append)
        task = Task(params, given, record, client, said.append, run_command, said.append)
        return perform(module, task)

    def sleep(self, seconds: float) -> None:
        """Let the server's time pass, and let it end what it is at."""
        self.wait_until_idle()
        self.sim.clock.advance(seconds)

    def wait_until_idle(self) -> None:
        """Return when no request is being worked on."""
        with self._idle:
            self._idle.wait_for(lambda: not self._at_work, timeout=10)

    def _serve(self, environ: Options, start_response: Any) -> Iterable[bytes]:
        with self._idle:
            self._at_work += 1
        try:
            return self._app(environ, start_response)
        finally:
            with self._idle:
                self._at_work -= 1
                self._idle.notify_all()


def declared(name: str) -> Module:
    """Return what a module of the collection is."""
    module: Module = importlib.import_module(
        f"ansible_collections.fedora.copr.plugins.modules.{name}"
    ).MODULE
    return module


@contextmanager
def bench() -> Iterator[Bench]:
    """Set up a bench, until exit."""
    state = random.getstate()
    try:
        with (
            running(clock=ManualClock(), step=STEP) as sim,
            tempfile.TemporaryDirectory(prefix="fedora-copr-") as folder,
        ):
            yield Bench(sim, Path(folder))
    finally:
        random.setstate(state)
