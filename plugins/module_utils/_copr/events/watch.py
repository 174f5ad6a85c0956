# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The loop of the event source: look, report, pause."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections.abc import Awaitable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Callable, Protocol

from ..clock import Clock
from ..nouns.build import is_final, project_of, show
from ..wire.answers import plain_text
from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.libraries import missing_library
from ..wire.secrets import masked
from ..wire.settings import settings_from
from .look import Watched, first_look, look, watched_by
from .options import Options, read_options
from .told import Change, StateFile, Told

# A fixed name, because ansible-rulebook runs the file of a source without one.
LOGGER = logging.getLogger("fedora.copr.copr_builds")
LONGEST_PAUSE = 600.0
# However long a server wants not to be asked.
LONGEST_RETRY_AFTER = 3600.0
# Before the first look has succeeded, these are mistakes in the rulebook; retrying does not help.
MISTAKES = frozenset({"configuration", "invalid", "authentication", "not_found", "local_file"})

LONGEST_TEXT = 10_000
_TEMPLATE = re.compile(r"\{(?=[{%#])")


class Queue(Protocol):
    """What takes events."""

    async def put(self, event: dict[str, Any], /) -> None:
        """Take an event, once there is room for it."""


class Source:
    """Watches builds. Its methods block; the loop calls them in a thread."""

    def __init__(self, options: Options, clock: Clock) -> None:
        """Prepare it; nothing is sent yet. Raises CoprError (configuration)."""
        self.options = options
        self.client = Client(settings_from(options.connection), read_only=True, clock=clock)
        self.told: Told | None = None
        self._watched: Watched | None = None
        self._file: StateFile | None = None

    def changes(self) -> list[Change]:
        """Return what has changed and was not reported yet. Raises CoprError."""
        if self._watched is None:
            self._watched = watched_by(self.client, self.options)
        if self.told is None:
            self.told = self._begin(self._watched)
        seen = look(self.client, self._watched, self.told)
        # In this order: what was just seen is not old yet.
        changes = self.told.changes(seen.builds)
        self.told.forget(seen.gone)
        return changes

    def note(self, change: Change) -> None:
        """Note that a change was reported, or was not asked for."""
        if self.told is not None:
            self.told.note(change.build)

    def save(self) -> None:
        """Keep what was reported. Raises CoprError (local_file)."""
        if self._file is not None and self.told is not None:
            self._file.save(self.told)

    def _begin(self, watched: Watched) -> Told:
        if self.options.state_file is None:
            return first_look(self.client, watched)
        file = StateFile(self.options.state_file, self.client.settings.url, str(watched))
        told = file.load() or first_look(self.client, watched)
        # A file that can't be written is known before anything is reported.
        file.save(told)
        self._file = file
        return told

    def matches(self, build: Mapping[str, Any]) -> bool:
        """Return whether the options want to know of a build in its state."""
        states = self.options.states
        if states is not None and build["state"] not in states:
            return False
        name = build["source_package"]["name"]
        packages = self.options.packages
        return not packages or any(fnmatchcase(name or "", package) for package in packages)

    def event(self, change: Change) -> dict[str, Any]:
        """Return the event for a change."""
        told = {
            **show(self.client, change.build),
            "project": str(project_of(change.build)),
            "previous_state": change.previous,
            "final": is_final(change.build),
        }
        event: dict[str, Any] = masked(harmless({"copr_build": told}), self.client.secrets)
        return event

    def said(self, error: CoprError) -> str:
        """Return the message of an error, without secrets."""
        return str(masked(plain_text(error.message), self.client.secrets))


class SourceError(Exception):
    """The end of the source, with a sentence for the log of ansible-rulebook."""


async def watch(
    queue: Queue,
    args: Mapping[str, Any],
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Put an event into the queue for each change of a build's state, until canceled.

    A failed poll is made again after a growing pause. Raises SourceError for options that can't be
    used, and for what is wrong at the very first look, such as a project that does not exist.
    """
    stopped = threading.Event()
    try:
        source = await asyncio.to_thread(_open, args, Clock(sleep=_sleep_until(stopped)))
        failures = 0
        while True:
            try:
                changes = await asyncio.to_thread(source.changes)
            except CoprError as error:
                _judge(source, error, failures)
                failures += 1
                await pause(pause_after(failures, source.options.interval, error.retry_after))
                continue
            if failures:
                LOGGER.warning("The builds can be read again.")
            failures = 0
            for change in changes:
                await _report(queue, source, change)
            await pause(source.options.interval)
    finally:
        stopped.set()


async def _report(queue: Queue, source: Source, change: Change) -> None:
    """Report a change and note that, so that it is neither lost nor reported again."""
    if source.matches(change.build):
        await queue.put(source.event(change))
    # Nothing may be awaited between these: the source may be canceled wherever it waits.
    source.note(change)
    try:
        await asyncio.to_thread(source.save)
    except CoprError as error:
        LOGGER.error("%s A restart will report build %s again.", error, change.build["id"])


def _open(args: Mapping[str, Any], clock: Clock) -> Source:
    missing = missing_library()
    if missing is not None:
        raise SourceError(
            f"Install the Python library {missing[0]} in the environment of ansible-rulebook."
        )
    try:
        return Source(read_options(args), clock)
    except CoprError as error:
        # The options may hold secrets that are not understood yet; no message quotes them.
        raise SourceError(plain_text(error.message)) from None


def _judge(source: Source, error: CoprError, failures: int) -> None:
    """Raise SourceError for a failure that ends the source, else log the first of an outage."""
    said = source.said(error)
    if source.told is None and error.kind in MISTAKES:
        raise SourceError(said) from None
    if failures == 0:
        LOGGER.warning("%s Polling continues.", said)


def pause_after(failures: int, interval: float, retry_after: float | None = None) -> float:
    """Return the seconds until the next poll after some failed ones in a row.

    They double from the interval up to LONGEST_PAUSE, and are not less than the server asks for, up
    to LONGEST_RETRY_AFTER.
    """
    grown: float = min(max(interval, LONGEST_PAUSE), interval * 2 ** min(failures, 20))
    return max(grown, min(retry_after or 0.0, LONGEST_RETRY_AFTER))


def _sleep_until(stopped: threading.Event) -> Callable[[float], None]:
    """Return what pauses between repeated requests, and ends a thread whose source was canceled."""

    def sleep(seconds: float) -> None:
        if stopped.wait(seconds):
            raise CoprError("timeout", "The source was stopped.")

    return sleep


def harmless(value: Any) -> Any:
    """Return JSON of the server without control characters, and without what begins a template.

    Rulebooks hand events to playbooks as variables, and Ansible evaluates templates in them.
    Users of Copr choose some of these texts, such as the address of a source.
    """
    if isinstance(value, dict):
        return {harmless(key): harmless(each) for key, each in value.items()}
    if isinstance(value, list):
        return [harmless(each) for each in value]
    if isinstance(value, str):
        return _TEMPLATE.sub("%7B", plain_text(value, LONGEST_TEXT))
    return value
