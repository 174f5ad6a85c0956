# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plan of a task: what will change, from what to what, and how. Everything follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable


@dataclass(frozen=True)
class Change:
    """One call to be made, and what it does to the parts of the object it touches.

    C(before) and C(after) hold only what differs; an object that is absent is C({}). C(apply)
    returns False if there was nothing to do after all because somebody else was quicker.
    C(foresee) raises the CoprError with which the server would refuse, where only reading more
    can tell; C(apply) finds that out by itself.
    """

    subject: str
    before: dict[str, Any]
    after: dict[str, Any]
    apply: Callable[[], bool | None]
    foresee: Callable[[], None] = lambda: None


@dataclass
class Plan:
    """The changes of a task in the order they are to be made."""

    changes: list[Change] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.changes)

    def diff(self) -> list[dict[str, Any]]:
        """Return what C(--diff) shows: one entry a subject, with before and after."""
        merged: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
        for change in self.changes:
            before, after = merged.setdefault(change.subject, ({}, {}))
            before.update(change.before)
            after.update(change.after)
        return [
            {
                "before_header": subject,
                "after_header": subject,
                "before": before,
                "after": after,
            }
            for subject, (before, after) in merged.items()
        ]

    def foresee(self) -> None:
        """Raise the CoprError with which applying would end, as far as reading can tell."""
        for change in self.changes:
            change.foresee()

    def apply(self) -> None:
        """Make the changes, one after the other, and forget those that came to nothing."""
        self.changes = [change for change in self.changes if change.apply() is not False]
