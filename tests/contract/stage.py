# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays recorded exchanges on a simulator, with what went on behind the scenes.

Time stands still. Where an answer does not fit and it depends on how far builds have come, time is
put forward by half phases until it fits, or back if it never does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import requests

from contract.compare import Comparison
from contract.conftest import STEP
from contract.sender import BUILD, Sender
from contract.shapes import Names
from simulator.lifecycle import is_finished
from simulator.server import Simulator
from simulator.world import Build, ChrootState

Exchange = dict[str, Any]

MAKES_PROJECT = re.compile(r"/api_3/project/(add|fork)/([^/]+)(/.+)?")
LATER_ANSWER = re.compile(r".*: answer ([2-9]|\d\d)")
"""Names of exchanges that were sent together with the one before."""

ORDINARY, SLOW = 16, 60
"""Half phases after which every ordinary build, and every slow build, has ended."""


class Clock:
    """A clock that is put forward, and back where that was in vain."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class Stage:
    """A simulator on which recorded exchanges are played."""

    def __init__(self, simulator: Simulator, sent: frozenset[str], folder: Path) -> None:
        self.sent = sent
        self.simulator = simulator
        self.clock: Clock = simulator.clock
        self.names = Names()
        self.sender = Sender(simulator, self.names, folder)
        self.reused: set[str] = set()

    def __enter__(self) -> Stage:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.sender.session.close()

    def prepare(self, steps: list[dict[str, Any]]) -> None:
        """Do what off_the_record.yml says."""
        deeds: dict[str, Callable[..., None]] = {
            "project": self._project,
            "build": self._build,
            "send": self._send,
            "wait": self._wait,
            "reuse": self.reused.add,
            "chroot": self._chroot,
        }
        for step in steps:
            (kind,) = step.keys() & deeds.keys()
            deeds[kind](step[kind], **{key: step[key] for key in step if key != kind})

    def _project(self, full_name: str, **settings: Any) -> None:
        owner, _slash, name = full_name.partition("/")
        by = "alice" if owner.startswith("@") else owner
        self.sender.do("POST", f"project/add/{owner}", by, {"name": name, **settings})

    def _chroot(self, name: str, state: ChrootState) -> None:
        self.simulator.set_chroot(name, state)

    def _build(self, what: str, of: str, name: str | None = None, **options: Any) -> None:
        owner, _slash, project = of.partition("/")
        url = f"https://example.com/{what}-1.0-1.src.rpm"
        body = {"ownername": owner, "projectname": project, "pkgs": [url], **options}
        told = self.sender.do("POST", "build/create/url", owner, body)
        if name:
            self.names.bind(name, told["items"][0]["id"])

    def _send(self, what: str, by: str, body: Any = None, name: str | None = None) -> None:
        method, path = what.split()
        told = self.sender.do(method, self.sender.with_ids(path), by, body)
        if name:
            self.names.bind(name, told["id"])

    def _wait(self, what: str) -> None:
        self.clock.now += {"builds": ORDINARY, "all": SLOW}[what] * STEP / 2

    def play(self, exchange: Exchange) -> list[str]:
        """Play an exchange; say how the answer differs from what it should be."""
        if not LATER_ANSWER.fullmatch(exchange["name"]):
            self._make_room(exchange["request"])
        began = self.clock.now
        first: list[str] = []
        for _moment in self._moments(exchange):
            answer = self.sender.send(exchange["request"])
            found = self._differences(exchange, answer)
            if not found:
                return []
            first = first or found
            if not self._may_change(exchange, answer):
                break
        self.clock.now = began
        return first

    def _make_room(self, request: dict[str, Any]) -> None:
        """Delete a project that is reused if a request is to make it again."""
        made, body = MAKES_PROJECT.fullmatch(request["path"]), request.get("body")
        if made and isinstance(body, dict):
            owner = body.get("ownername") if made[1] == "fork" else made[2]
            name = f"{owner}/{body.get('name')}"
            if name in self.reused & self.simulator.world.projects.keys():
                self.sender.do("DELETE", f"project/delete/{name}", "root")

    def _moments(self, exchange: Exchange) -> Iterator[float]:
        """Put time forward by half phases."""
        statuses = [answer["status"] for answer in exchange["answers"]]
        if "/build/cancel/" in exchange["request"]["path"] and statuses == [409]:
            self._let_end(exchange["request"]["path"])
        for _phase in range(SLOW):
            yield self.clock.now
            self.clock.now += STEP / 2

    def _let_end(self, path: str) -> None:
        """Let the build end that a path names: now it could still be canceled."""
        named = BUILD.search(path)
        build = self.simulator.world.builds.get(self.sender.id_of(named[0])) if named else None
        while build and self._goes_on(build):
            self.clock.now += STEP / 2

    def _may_change(self, exchange: Exchange, answer: requests.Response) -> bool:
        """Whether it makes sense to ask again later: nothing was done yet, and builds go on."""
        is_refused = answer.status_code >= 400
        is_wrong = answer.status_code not in [one["status"] for one in exchange["answers"]]
        if exchange["request"]["method"] != "GET" and not (is_refused and is_wrong):
            return False
        return any(self._goes_on(build) for build in list(self.simulator.world.builds.values()))

    def _goes_on(self, build: Build) -> bool:
        """Whether a build, or one of its chroots, may still change."""
        world = self.simulator.world
        with world.lock:
            canceled_on = build.canceled_on or 0
            return not is_finished(world, build) or self.clock.now <= canceled_on + STEP

    def _differences(self, exchange: Exchange, answer: requests.Response) -> list[str]:
        """Compare an answer with all that were recorded; say how it differs from the closest."""
        found = []
        for expected in exchange["answers"]:
            path = exchange["request"]["path"]
            comparison = Comparison(answer, path, self.names, self.sent)
            differences = comparison.differences(expected)
            if not differences:
                comparison.remember()
                return []
            found.append((answer.status_code != expected["status"], len(differences), differences))
        closest = min(found)[2]
        if len(found) > 1:
            statuses = ", ".join(str(one["status"]) for one in exchange["answers"])
            closest.insert(0, f"none of {len(found)} answers fits ({statuses}), the closest is:")
        return closest
