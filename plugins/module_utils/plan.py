# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a task: what changes, from what to what, and by which calls.

Everything follows from it: C(changed), C(diff), what check mode predicts, and what is sent.
C(carry_out) is the one place that knows whether this is check mode.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable

from .wire.errors import CoprError


@dataclass(frozen=True)
class Difference:
    """What changes in one object.

    Attributes:
        subject: names the object, such as C(alice/demo).
        before, after: the parts that differ; None is an object that is absent. Both are empty
            for a change of which nothing can be shown.
    """

    subject: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


# Sends the change, and returns what it changed: None for all that was planned, or the differences
# that are left where somebody else was quicker with the others.
Call = Callable[[], "Sequence[Difference] | None"]


def _foresees_nothing() -> None:
    pass


@dataclass(frozen=True)
class Step:
    """One call to be made, and the differences that it makes.

    C(foresee) raises the CoprError with which the server would refuse, where only reading more
    can tell.
    """

    differences: Sequence[Difference]
    call: Call
    foresee: Callable[[], None] = _foresees_nothing


@dataclass
class Plan:
    """The steps of a task, in the order in which they are to be made.

    Attributes:
        missing: errors for what the task needs and what is not there, also if it changes nothing.
            In check mode an earlier task of the same play may be going to create it.
    """

    steps: list[Step] = field(default_factory=list)
    missing: list[CoprError] = field(default_factory=list)


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

    def diff(self) -> list[dict[str, Any]]:
        """Return what C(--diff) shows: one entry for each object, with before and after."""
        merged: dict[str, tuple[dict[str, Any] | None, dict[str, Any] | None]] = {}
        for one in self.differences:
            if one.subject not in merged:
                merged[one.subject] = _copied(one.before), _copied(one.after)
                continue
            before, after = merged[one.subject]
            # What was absent, or was changed already, was not before what it is in between.
            if before is not None:
                before = {**(one.before or {}), **before}
            merged[one.subject] = (
                before,
                None if one.after is None else {**(after or {}), **one.after},
            )
        return [
            {
                "before_header": subject,
                "after_header": subject,
                "before": before or {},
                "after": after or {},
            }
            for subject, (before, after) in merged.items()
            if before or after
        ]

    def told(self) -> dict[str, Any]:
        """Return C(changed) of a task's result, and C(diff) if there is anything to show."""
        diff = self.diff()
        return {"changed": self.changed, **({"diff": diff} if diff else {})}


def carry_out(plan: Plan, record: Record) -> bool:
    """Make the changes of a plan and note them in the record; return whether they were made.

    In check mode they are only foreseen: what the server would refuse is raised, what is missing
    is warned of, and the differences are noted as if they had been made.

    Raises the CoprError of what is missing before anything is sent, and that of a step that
    fails. No first step is made where the second is known to be refused.
    """
    if plan.missing and not record.check_mode:
        raise plan.missing[0]
    if record.check_mode or len(plan.steps) > 1:
        for step in plan.steps:
            step.foresee()
    if record.check_mode:
        for error in plan.missing:
            record.warn(
                f"{error.message} Planned as if an earlier task of the play had changed that."
            )
    for step in plan.steps:
        changed = None if record.check_mode else step.call()
        record.differences += step.differences if changed is None else changed
    return not record.check_mode


def _copied(side: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if side is None else dict(side)
