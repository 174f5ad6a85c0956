# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulated Copr, and the modules called in this process against it."""

from __future__ import annotations

import contextlib
import copy
import importlib
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.fedora.copr.plugins.module_utils._copr.clock import Clock
from ansible_collections.fedora.copr.plugins.module_utils._copr.given import without_nulls
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import (
    Module,
    Task,
    open_task,
    perform,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import (
    Credentials,
    Settings,
)
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.commands import run_command

from simulator.clock import ManualClock
from simulator.faults import WsgiApp
from simulator.server import Simulator

F43, F44, EPEL = "fedora-43-x86_64", "fedora-44-x86_64", "epel-10-x86_64"
STEP = 10.0

Options = dict[str, Any]
Action = Callable[[], Any]


def module_named(name: str) -> ModuleType:
    """Import a module of the collection."""
    return importlib.import_module(f"ansible_collections.fedora.copr.plugins.modules.{name}")


def declared(name: str) -> Module:
    """Return a module's options, function and checks."""
    module: Module = module_named(name).MODULE
    return module


@dataclass
class Hook:
    """Something that happens when a request comes, once."""

    method: str
    path: str
    action: Action
    when: str


class Lab:
    """Calls modules against a simulator whose time is the time that the modules sleep."""

    def __init__(self, sim: Simulator, tmp_path: Path) -> None:
        self.sim = sim
        self.clock: ManualClock = sim.clock
        self.tmp_path = tmp_path
        self.slept: list[float] = []
        self.warnings: list[str] = []
        # Whether modules have somebody to tell how far a wait has come, and what they told.
        self.listens = False
        self.progress: list[str] = []
        self.sent: list[tuple[str, Any]] = []
        # Paths of the files that were asked for: results, repositories, uploads.
        self.files: list[str] = []
        self._hooks: list[Hook] = []
        self._app = sim.doorkeeper.app
        sim.doorkeeper.app = self._serve

    # --- calling modules ---

    def task(
        self, name: str, /, *, by: str | None = "alice", check: bool = False, **options: Any
    ) -> Task:
        """Return a task as run(task) receives it, with options validated as Ansible does."""
        module = declared(name)
        raw = {**self._connection(by), **options}
        validated = ArgumentSpecValidator(module.argument_spec, **module.checks).validate(
            without_nulls(module.argument_spec, raw)
        )
        assert not validated.error_messages, validated.error_messages
        params = validated.validated_parameters
        task = open_task(module, raw, params, check, self.warnings.append, run_command)
        task.client.clock = Clock(self.clock, self.sleep)
        if self.listens:
            task.progress = self.progress.append
        return task

    def do(
        self, name: str, /, *, by: str | None = "alice", check: bool = False, **options: Any
    ) -> Options:
        """Run a module and return its result."""
        return perform(declared(name), self.task(name, by=by, check=check, **options))

    def fail(
        self, name: str, /, *, by: str | None = "alice", check: bool = False, **options: Any
    ) -> CoprError:
        """Run a module that must fail, and return the error."""
        with pytest.raises(CoprError) as caught:
            self.do(name, by=by, check=check, **options)
        error = caught.value
        assert error.message.strip()
        assert "Traceback" not in error.message
        return error

    def project(self, name: str = "alice/demo", **options: Any) -> Options:
        """Make a project, and forget the requests that it took."""
        result: Options = self.do(
            "copr_project", project=name, chroots=options.pop("chroots", [F43, EPEL]), **options
        )
        self.forget()
        return dict(result["project"])

    def build(self, **options: Any) -> Options:
        """Have something built in alice/demo."""
        return self.do("copr_build", **{"project": "alice/demo", **options})

    def client(self, user: str = "alice", **settings: Any) -> Client:
        """Return a client of the simulator."""
        who = self.sim.world.users[user]
        credentials = Credentials(who.login, who.token)
        return Client(
            Settings(url=self.sim.url, credentials=credentials, **settings),
            clock=Clock(self.clock, self.sleep),
        )

    def sleep(self, seconds: float) -> None:
        """Let the simulator's time pass."""
        self.slept.append(seconds)
        self.clock.advance(seconds)

    def _connection(self, user: str | None) -> Options:
        if user is None:
            return {"copr_url": self.sim.url}
        who = self.sim.world.users[user]
        return {"copr_url": self.sim.url, "copr_login": who.login, "copr_token": who.token}

    # --- looking at the simulator ---

    @property
    def calls(self) -> list[str]:
        """The requests so far, as METHOD path."""
        return [f"{one.method} {one.path.removeprefix('/api_3/')}" for one in self.sim.requests]

    @property
    def changes(self) -> list[str]:
        """The requests so far that were no GET."""
        return [call for call in self.calls if not call.startswith("GET ")]

    @property
    def submissions(self) -> list[str]:
        """The requests so far that submit builds."""
        return [call for call in self.changes if "build/create" in call or "package/build" in call]

    def forget(self) -> None:
        """Forget the requests so far."""
        self.sim.requests.clear()
        self.sent.clear()
        self.files.clear()
        self.slept.clear()

    def builds(self, project: str = "alice/demo") -> list[Any]:
        """Return the builds the simulator has."""
        return list(self.sim.world.projects[project].builds.values())

    def settings(self, project: str = "alice/demo") -> Options:
        """Return the settings of a project as the simulator stores them."""
        return self.sim.world.projects[project].settings

    def finish(self) -> None:
        """Let all builds come to their end."""
        self.clock.advance(100 * STEP)

    # --- interfering ---

    def before(self, method: str, path: str, action: Action) -> None:
        """Do something right before the next such request; a WSGI app returned answers it."""
        self._hooks.append(Hook(method, path, action, "before"))

    def after(self, method: str, path: str, action: Action) -> None:
        """Do something right after the next such request has done its work."""
        self._hooks.append(Hook(method, path, action, "after"))

    def _take(self, environ: Options, when: str) -> Hook | None:
        for hook in self._hooks:
            fits = hook.method == environ["REQUEST_METHOD"] and hook.when == when
            if fits and re.search(hook.path, environ["PATH_INFO"]):
                self._hooks.remove(hook)
                return hook
        return None

    def _serve(self, environ: Options, start_response: Any) -> Iterable[bytes]:
        if environ.get("CONTENT_TYPE") == "application/json":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(body)
            path = environ["PATH_INFO"].removeprefix("/api_3/")
            self.sent.append((f"{environ['REQUEST_METHOD']} {path}", json.loads(body)))
        if not environ["PATH_INFO"].startswith("/api_3/"):
            self.files.append(environ["PATH_INFO"])
        hook = self._take(environ, "before")
        done = hook.action() if hook else None
        app = done if callable(done) else self._app
        later = self._take(environ, "after")
        answer = app(environ, start_response)
        if later:
            later.action()
        return answer


def attempt(function: Callable[..., Any], *arguments: Any) -> tuple[Any, CoprError | None]:
    """Return what a function returns, or the error that it raises."""
    try:
        return function(*arguments), None
    except CoprError as error:
        return None, error


def answering(body: Any, status: str = "200 OK", **headers: str) -> Callable[[], WsgiApp]:
    """Return an action that answers a request with a JSON body of one's own."""

    def app(_environ: Options, start_response: Any) -> list[bytes]:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        fields = {"Content-Type": "application/json", "Content-Length": str(len(content))}
        fields.update({name.replace("_", "-"): value for name, value in headers.items()})
        start_response(status, list(fields.items()))
        return [content]

    return lambda: app


def refused(lab: Lab, module: str, by: str | None = "alice", **options: Any) -> Any:
    """Run what must fail, see that nothing was changed, and return the error."""
    before = copy.deepcopy({name: one.settings for name, one in lab.sim.world.projects.items()})
    error = lab.fail(module, by=by, **options)
    after = {name: one.settings for name, one in lab.sim.world.projects.items()}
    assert before == after
    assert lab.sim.world.builds == {}
    assert error.message[-1] in ".)?'" or error.server_message
    assert "<" not in error.message
    assert not re.search(r"Error\(|Exception|object at 0x", error.message)
    return error


@contextlib.contextmanager
def module_arguments(arguments: Options) -> Iterator[None]:
    """Let AnsibleModule find these arguments, as Ansible hands them to a module."""
    try:
        from ansible.module_utils.testing import patch_module_args
    except ImportError:
        from ansible.module_utils import basic

        with pytest.MonkeyPatch.context() as patch:
            content = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
            patch.setattr(basic, "_ANSIBLE_ARGS", content)
            yield
    else:
        with patch_module_args(arguments):
            yield
