# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The outcome of definitions: the result, the diff and a line of progress of each project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..nouns.project import PROJECT
from ..plan import Difference, Record
from ..wire.errors import CoprError
from .definitions import MEMBERS, Definition
from .projects import unmanaged_chroots
from .reconcile import Outcome, Work

# The part of a project's work that is about the project itself.
ITSELF = "project"
RESULTS = ("created", "changed", "ok", "failed", "skipped")
# How many names of changes a line of progress shows.
MOST_NAMES = 6


@dataclass
class Part:
    """One definition: the planned work, and its outcome.

    Attributes:
        works: the planned work, for the project itself and by option of MEMBERS, in order.
        outcomes: the outcomes of the works that were carried out.
        error: why it can't be planned, or failed.
        begun: whether anything may have been sent.
    """

    definition: Definition
    record: Record
    works: dict[str, Work] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    error: CoprError | None = None
    begun: bool = False

    @property
    def is_new(self) -> bool:
        """Whether the project will be created."""
        return ITSELF in self.works and bool(self.works[ITSELF].draft.created)

    @property
    def name(self) -> str:
        """Full name of the project."""
        return str(self.definition.name)

    @property
    def result(self) -> str:
        """Its result, one of RESULTS."""
        if self.error is not None:
            return "failed"
        if not self.begun:
            return "skipped"
        if any(one.subject == self.name and one.before is None for one in self.record.differences):
            return "created"
        return "changed" if self.record.changed else "ok"


def heading(part: Part) -> list[Difference]:
    """Return the changes of a project and of everything in it as one difference."""
    if not part.record.changed:
        return []
    return [Difference(part.name, *_before_and_after(part))]


def _before_and_after(part: Part) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    name = part.name
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    created = False
    for one in part.record.merged():
        if one.subject == name:
            created = one.before is None
            before.update(one.before or {})
            after.update(one.after or {})
            continue
        heading = one.subject.removesuffix(f" of {name}")
        if one.before is not None:
            before[heading] = dict(one.before)
        if one.after is not None:
            after[heading] = dict(one.after)
    return (None if created else before), after


def shown(part: Part) -> dict[str, Any]:
    """Return the entry for a project in the result."""
    name, error = part.name, part.error
    done: Mapping[str, Any] = error.result if error is not None else {}
    itself = part.outcomes.get(ITSELF)
    project = itself.things[name] if itself else None
    members = {
        resource.plural: _members(part, option, done) for option, resource in MEMBERS.items()
    }
    unmanaged = {
        resource.plural: part.outcomes[option].unmanaged if option in part.outcomes else []
        for option, resource in MEMBERS.items()
    }
    unverified = [
        each if option == ITSELF else f"{option}.{each}"
        for option, outcome in part.outcomes.items()
        for each in outcome.unverified
    ]
    return {
        "name": name,
        "result": part.result,
        "project": PROJECT.shown(name, project) if project else done.get("project"),
        **members,
        "differences": [
            {"subject": one.subject, "before": one.before, "after": one.after}
            for one in part.record.merged()
        ],
        "unmanaged": {
            **unmanaged,
            "chroots": unmanaged_chroots(itself, project) if itself and project else [],
        },
        "unverified": unverified,
        "error": error.details() if error else None,
        "msg": error.message if error else None,
    }


def _members(part: Part, option: str, done: Mapping[str, Any]) -> list[dict[str, Any]]:
    resource = MEMBERS[option]
    if option in part.outcomes:
        things = part.outcomes[option].things
        return [resource.shown(key, thing) for key, thing in things.items()]
    return list(done.get(resource.plural, []))


def failure_of(parts: Sequence[Part], result: dict[str, Any]) -> CoprError:
    """Return the error that names each failed project; its details are those of the first."""
    failed = [(part.name, part.error) for part in parts if part.error is not None]
    told = " ".join(f"{name}: {error.message}" for name, error in failed)
    first = failed[0][1]
    return CoprError(
        first.kind,
        f"{len(failed)} of {len(parts)} projects failed. {told}",
        status=first.status,
        method=first.method,
        path=first.path,
        server_message=first.server_message,
        attempts=first.attempts,
        maybe_done=any(error.maybe_done for _name, error in failed),
        result=result,
    )


def line(part: Part) -> str:
    """Return the line of progress for a project."""
    if part.error is not None:
        return f"{part.name}: failed: {part.error.message}"
    before, after = (each or {} for each in _before_and_after(part))
    names = [name for name in after if name != PROJECT.key]
    names += [f"{name} deleted" for name in before if name not in after]
    if part.result != "changed" or not names:
        return f"{part.name}: {part.result}"
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return f"{part.name}: changed ({', '.join(names[:MOST_NAMES])}{more})"
