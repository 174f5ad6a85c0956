# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which states of builds were reported, kept in memory and in a file."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..nouns.build import FINAL
from ..wire.answers import fits
from ..wire.errors import CoprError

VERSION = 1
# How many finished builds are remembered. A page of the list must have room for more, so that one
# request shows all of them.
FINISHED_KEPT = 50
_SHAPE = {"version": int, "server": str, "watched": str, "floor": int, "builds": {str: str}}


@dataclass(frozen=True)
class Change:
    """A build in a state that was not reported, and the one before, if it was seen in one."""

    build: dict[str, Any]
    previous: str | None


@dataclass
class Told:
    """The last reported state of each build that may still change, and of the newest finished ones.

    The numbers of builds ascend over the whole server, but a build may become visible after one
    with a higher number. So the newest is no mark of what was seen.

    Attributes:
        floor: builds up to this number are old, except those in C(states).
        states: the last reported state of builds, by number.
    """

    floor: int = 0
    states: dict[int, str] = field(default_factory=dict)

    @property
    def unfinished(self) -> set[int]:
        """The numbers of the builds whose end was not reported yet."""
        return {number for number, state in self.states.items() if state not in FINAL}

    def changes(self, builds: Iterable[Mapping[str, Any]]) -> list[Change]:
        """Return the unreported changes of builds as the server shows them, oldest build first."""
        changes = []
        for build in sorted(builds, key=lambda build: int(build["id"])):
            known = self.states.get(build["id"])
            if known in FINAL or (known is None and build["id"] <= self.floor):
                # A list from a cache may show what a build was before its end.
                continue
            if build["state"] != known:
                changes.append(Change(dict(build), known))
        return changes

    def note(self, build: Mapping[str, Any]) -> None:
        """Note that the state of a build was reported."""
        self.states[build["id"]] = build["state"]

    def forget(self, numbers: Iterable[int]) -> None:
        """Forget builds that were deleted, and the oldest finished ones if there are many."""
        for number in numbers:
            self.states.pop(number, None)
        finished = sorted(self.states.keys() - self.unfinished)
        for number in finished[:-FINISHED_KEPT]:
            del self.states[number]
            self.floor = max(self.floor, number)


@dataclass(frozen=True)
class StateFile:
    """The file that keeps the reported states between runs.

    Attributes:
        path: its path.
        server, watched: whose builds it is for. A file for others is refused.
    """

    path: str
    server: str
    watched: str

    def load(self) -> Told | None:
        """Return the content of the file, or None if it does not exist.

        Raises CoprError: local_file if it can't be read, configuration if it is not a state file.
        """
        try:
            with open(self.path, encoding="utf-8") as stream:
                content = json.load(stream)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unusable("local_file", self.path, _reason(error)) from error
        except ValueError as error:
            raise _unusable("configuration", self.path, "it is not a state file") from error
        if not fits(content, _SHAPE) or content["version"] != VERSION:
            raise _unusable("configuration", self.path, "it is not a state file of this version")
        if (content["server"], content["watched"]) != (self.server, self.watched):
            other = f"{content['watched']} on {content['server']}"
            raise _unusable("configuration", self.path, f"it belongs to another source, {other}")
        try:
            states = {int(number): state for number, state in content["builds"].items()}
        except ValueError as error:
            raise _unusable("configuration", self.path, "it is not a state file") from error
        return Told(content["floor"], states)

    def save(self, told: Told) -> None:
        """Replace the file in one step. Raises CoprError (local_file)."""
        content = {
            "version": VERSION,
            "server": self.server,
            "watched": self.watched,
            "floor": told.floor,
            "builds": {str(number): state for number, state in sorted(told.states.items())},
        }
        draft = None
        try:
            folder, name = os.path.split(os.path.abspath(self.path))
            descriptor, draft = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
            with open(descriptor, "w", encoding="utf-8") as stream:
                json.dump(content, stream)
                stream.flush()
                os.fsync(descriptor)
            os.replace(draft, self.path)
        except OSError as error:
            if draft is not None:
                with contextlib.suppress(OSError):
                    os.unlink(draft)
            raise _unusable("local_file", self.path, _reason(error)) from error


def _reason(error: OSError) -> str:
    return (error.strerror or "it can't be opened").lower()


def _unusable(kind: Any, path: str, why: str) -> CoprError:
    return CoprError(kind, f"The state file {path} can't be used: {why}.")
