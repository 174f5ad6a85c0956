# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a task: what changes, from what to what, and by which calls.

C(changed), C(diff), the prediction of check mode, and the requests all follow from it.
C(carry_out) is the only place that knows whether this is check mode.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Callable

from .wire.errors import CoprError


@dataclass(frozen=True)
class Difference:
    """What changes in one object.

    Attributes:
        subject: names the object, such as C(alice/demo).
        before, after: the parts that differ; None is an object that is absent. Both are empty
            if nothing can be shown of the change.
    """

    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


# Sends the change, and returns what it changed: None for everything that was planned, or only some
# of the differences if somebody else has made the others meanwhile.
Call = Callable[[], "Sequence[Difference] | None"]


# Calls functions concurrently, as wire/at_once.py does.
AtOnce = Callable[["list[Callable[[], None]]"], object]


def _foresees_nothing() -> None:
    pass


@dataclass(frozen=True)
class Step:
    """One call to be made, and the differences that it makes.

    C(foresee) raises the CoprError with which the server would refuse the call, where finding out
    takes further requests.
    """

    differences: Sequence[Difference]
    call: Call
    foresee: Callable[[], None] = _foresees_nothing


@dataclass
class Plan:
    """The steps of a task, in the order in which they are to be made.

    Attributes:
        missing: errors for what the task needs but does not exist, even if it changes nothing.
            In check mode an earlier task of the same play may create it later.
        at_once: calls functions concurrently, for steps of which only those with the same subject
            depend on each other. Without it, each step waits for the one before.
        foreseen: whether C(foresee) was called already.
        allowed: raises the CoprError with which the server would refuse any step to this user.
            Only check mode asks; otherwise the first step finds out.
    """

    steps: list[Step] = field(default_factory=list)
    missing: list[CoprError] = field(default_factory=list)
    at_once: AtOnce | None = None
    foreseen: bool = False
    allowed: Callable[[], None] | None = None

    @property
    def chains(self) -> list[list[int]]:
        """The numbers of the steps, each list in the order in which its steps are to be made."""
        if self.at_once is None:
            return [list(range(len(self.steps)))]
        by_subject: dict[str, list[int]] = {}
        for number, step in enumerate(self.steps):
            by_subject.setdefault(step.differences[0].subject, []).append(number)
        return list(by_subject.values())


@dataclass
class Record:
    """What a task has changed so far, or would change in check mode."""

    check_mode: bool
    warn: Callable[[str], None]
    differences: list[Difference] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything was changed."""
        return bool(self.differences)

    def part(self, warn: Callable[[str], None]) -> Record:
        """Return an empty record for a part of the task, with warnings of its own."""
        return Record(self.check_mode, warn)

    def merged(self) -> list[Difference]:
        """Return one difference for each object: how it was at first, and how it is in the end."""
        merged: dict[str, Difference] = {}
        for one in self.differences:
            earlier = merged.get(one.subject)
            if earlier is None:
                merged[one.subject] = one
                continue
            before, after = earlier.before, one.after
            # An object that was absent or already changed keeps its first state as before.
            if before is not None:
                before = {**(one.before or {}), **before}
            if after is not None:
                after = {**(earlier.after or {}), **after}
            merged[one.subject] = Difference(one.subject, before, after)
        return list(merged.values())

    def diff(self) -> list[dict[str, Any]]:
        """Return what C(--diff) shows: one entry for each object, with before and after."""
        return [
            {
                "before_header": one.subject,
                "after_header": one.subject,
                "before": dict(one.before or {}),
                "after": dict(one.after or {}),
            }
            for one in self.merged()
            if one.before or one.after
        ]

    def told(self) -> dict[str, Any]:
        """Return C(changed) for a task's result, and C(diff) if there is anything to show."""
        diff = self.diff()
        return {"changed": self.changed, **({"diff": diff} if diff else {})}


def carry_out(plan: Plan, record: Record) -> bool:
    """Make the changes of a plan and note them in the record; return whether they were made.

    In check mode nothing is sent: what the server would refuse is raised, what is missing triggers
    a warning, and the differences are recorded as if they had been made.

    Raises the CoprError for what is missing before anything is sent, and that of a step that
    fails. No step is made if a later one is known to be refused.
    """
    if plan.missing and not record.check_mode:
        raise plan.missing[0]
    if record.check_mode and plan.steps and plan.allowed is not None:
        plan.allowed()
    if record.check_mode or len(plan.steps) > 1:
        foresee(plan)
    if record.check_mode:
        for error in plan.missing:
            record.warn(
                f"{error.message} Check mode assumes that an earlier task of the play changes that."
            )
    done: dict[int, Sequence[Difference]] = {}

    def make(numbers: list[int]) -> None:
        for number in numbers:
            step = plan.steps[number]
            try:
                changed = None if record.check_mode else step.call()
            except CoprError as error:
                done[number] = step.differences if error.done else error.partly
                raise
            done[number] = step.differences if changed is None else changed

    try:
        _call([partial(make, numbers) for numbers in plan.chains], plan.at_once)
    finally:
        for number in sorted(done):
            record.differences += done[number]
    return not record.check_mode


@contextmanager
def having_done(differences: Sequence[Difference]) -> Iterator[None]:
    """Make a failure report what a step of several requests had changed until then."""
    try:
        yield
    except CoprError as error:
        error.partly = list(differences)
        raise


def foresee(plan: Plan) -> None:
    """Raise the CoprError with which the server would refuse a step, as far as reading can tell."""
    if not plan.foreseen:
        _call([step.foresee for step in plan.steps], plan.at_once)
        plan.foreseen = True


def _call(functions: list[Callable[[], None]], at_once: AtOnce | None) -> None:
    if at_once is not None:
        at_once(functions)
        return
    for function in functions:
        function()
