# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A set that is being built, and the rules for that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from ...nouns.names import ProjectName
from ...plan import Record
from ...wire.client import Client
from ...wire.errors import CoprError
from ..history import History
from ..hosting import Repositories
from .members import Member, Members
from .progress import SetProgress

# Failures of the connection to the server, or of the server itself.
OUTAGES = frozenset({"unreachable", "timeout", "server"})


@dataclass(frozen=True)
class Rules:
    """How a set is built.

    Attributes:
        max_in_flight: how many builds may be unfinished at the same time; None means no limit.
        on_failure: which builds are not submitted after a failure: those that come after the failed
            one, all that are not submitted yet, or none.
        cancel_on_stop: builds that this task has submitted are canceled when it stops all.
        needs_repo: a build starts only when the repositories have the packages of those before it.
    """

    max_in_flight: int | None = None
    on_failure: Literal["stop_dependents", "stop_all", "continue"] = "stop_dependents"
    cancel_on_stop: bool = False
    needs_repo: bool = True


@dataclass
class Run:
    """A set that is being built.

    Attributes:
        repositories: those that builds use.
        timeout: how many seconds the task may wait.
        known: ids of all builds of the project that were seen.
        stopped: nothing more is submitted.
        timed_out: the time was up before all builds were finished.
        outage: why the last look failed, if it did.
    """

    client: Client
    project: ProjectName
    members: Members
    rules: Rules
    record: Record
    history: History
    repositories: Repositories
    progress: SetProgress
    say: Callable[[str], None] | None
    timeout: float
    known: set[int] = field(default_factory=set)
    stopped: bool = False
    timed_out: bool = False
    outage: CoprError | None = None

    def in_state(self, *states: str) -> list[Member]:
        """Return the builds in some states, those of lower levels first."""
        return [member for member in self.members.values() if member.state in states]

    def out_of_reach(self, error: CoprError) -> None:
        """Note an outage, which does not end a set before its time is up, or raise the error.

        Raises errors that waiting does not fix, and that of a submission for which it could not be
        determined whether the build exists.
        """
        is_lost = error.method == "POST" and not error.transient
        if error.kind not in OUTAGES or is_lost:
            raise error
        if self.outage is None:
            self.progress.tell(f"{error.message} The task keeps waiting.")
        self.outage = error

    @property
    def mine(self) -> set[int]:
        """The ids of all builds that this task has submitted."""
        return {number for member in self.members.values() for number in member.submitted}
