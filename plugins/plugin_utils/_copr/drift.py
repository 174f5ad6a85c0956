# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How projects differ from their definitions: the result of copr_projects, ready to be shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

# Items of a list that need no quotation marks.
_CLEAR = re.compile(r"[\w@%*+.:/=~^!-]+", re.ASCII)


@dataclass(frozen=True)
class Change:
    """One difference of a project.

    Attributes:
        subject: the object, such as C(package hello); empty for the project itself.
        field: empty if the whole subject is missing, or will be deleted.
        before: the value on the server.
        after: the defined value.
        partly: whether these are only the items of lists, or lines of texts, that differ.
    """

    subject: str
    field: str
    before: str
    after: str
    partly: bool = False

    @property
    def what(self) -> str:
        """What differs, in words."""
        return ": ".join(each for each in (self.subject, self.field) if each)


@dataclass(frozen=True)
class ProjectDrift:
    """The drift of one project.

    Attributes:
        state: a predicate for its name; empty if the project is as defined.
        reason: why it could not be compared, if so.
        unmanaged: objects that the definition does not name, by kind.
    """

    name: str
    state: str
    reason: str
    changes: Sequence[Change]
    unmanaged: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Drift:
    """The drift of all projects.

    Attributes:
        summary: everything in one line.
        projects: those that differ, or have unmanaged objects.
        ended: names of projects, by an ended chroot and the days left.
        unmanaged: projects of the same owners that no definition names.
    """

    summary: str
    projects: Sequence[ProjectDrift]
    ended: Mapping[tuple[str, int], Sequence[str]]
    unmanaged: Sequence[str]


STATES = {
    "created": "is missing",
    "changed": "differs",
    "failed": "could not be compared",
    "skipped": "was not compared",
}
# The plural forms of STATES, and of projects that are as defined.
PLURALS = {
    "is missing": "are missing",
    "differs": "differ",
    "was not compared": "were not compared",
    "": "are as defined",
}


def drift_of(result: Any, infos: Any = ()) -> Drift:
    """Return the drift from the result of copr_projects in check mode.

    C(infos) are projects as copr_project_info returns them with their ended chroots. Raises
    CoprError (invalid) if the arguments have another form.
    """
    try:
        projects = [_project(each) for each in result["projects"]]
        unmanaged = list(result["unmanaged"]["projects"])
        ended = _ended(infos, {each.name for each in projects})
    except (AttributeError, KeyError, TypeError) as error:
        raise CoprError(
            "invalid",
            "drift needs a result of copr_projects; its option projects takes projects that "
            "copr_project_info returns.",
        ) from error
    shown = [each for each in projects if each.state or any(each.unmanaged.values())]
    return Drift(_summary(projects, unmanaged), shown, ended, unmanaged)


def _project(entry: Mapping[str, Any]) -> ProjectDrift:
    name, state = entry["name"], entry["result"]
    # If a project is missing, so are its objects.
    differences = [] if state == "created" else entry["differences"]
    return ProjectDrift(
        name,
        STATES.get(state, ""),
        entry["msg"] or "",
        [change for each in differences for change in _changes(name, each)],
        {kind: names for kind, names in sorted(entry["unmanaged"].items()) if names},
    )


def _changes(project: str, difference: Mapping[str, Any]) -> Iterator[Change]:
    before, after = difference["before"], difference["after"]
    subject = difference["subject"]
    subject = "" if subject == project else subject.removesuffix(f" of {project}")
    if before is None:
        yield Change(subject, "", "missing", "")
    elif after is None:
        yield Change(subject, "", "to be deleted", "not defined")
    else:
        yield from _fields(subject, "", before, after)


def _fields(
    subject: str, prefix: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from _fields(subject, f"{prefix}{name}.", old, new)
            continue
        old_parts, new_parts = _parts(old, new), _parts(new, old)
        gone = [each for each in old_parts if each not in new_parts]
        come = [each for each in new_parts if each not in old_parts]
        if gone or come:
            yield Change(subject, f"{prefix}{name}", _listed(gone), _listed(come), partly=True)
        else:
            yield Change(subject, f"{prefix}{name}", _plain(old), _plain(new))


def _parts(value: Any, other: Any) -> list[Any]:
    """Return the parts to compare one by one with another value: items of a list, lines of a text.

    Returns none for texts with a single line.
    """
    if isinstance(value, str):
        return value.splitlines() if "\n" in f"{value}{other}" else []
    return list(value) if isinstance(value, Sequence) else []


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(_item(each) for each in values)


def _item(value: Any) -> str:
    clear = isinstance(value, str) and _CLEAR.fullmatch(value)
    return str(value) if clear else _plain(value)


def _plain(value: Any) -> str:
    """Return a value in one line, without characters that control a terminal."""
    text = f"'{value}'" if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


def _ended(infos: Any, names: set[str]) -> dict[tuple[str, int], list[str]]:
    ended: dict[tuple[str, int], list[str]] = {}
    for info in infos:
        if info["full_name"] in names:
            for chroot, days in (info.get("ended_chroots") or {}).items():
                ended.setdefault((str(chroot), int(days)), []).append(info["full_name"])
    return {key: sorted(ended[key]) for key in sorted(ended, key=lambda key: (key[1], key[0]))}


def _summary(projects: Sequence[ProjectDrift], unmanaged: Sequence[str]) -> str:
    counted = {
        state: sum(each.state == state for each in projects) for state in (*STATES.values(), "")
    }
    told = [f"{count} {_of_many(state, count)}" for state, count in counted.items() if count]
    more = ""
    if unmanaged:
        verb = "has" if len(unmanaged) == 1 else "have"
        more = f" {count_of(len(unmanaged), 'other project')} of these owners {verb} no definition."
    return f"{count_of(len(projects), 'project')} defined: {', '.join(told)}.{more}"


def _of_many(state: str, count: int) -> str:
    if count == 1:
        return state or "is as defined"
    return PLURALS.get(state, state)


def count_of(count: int, noun: str) -> str:
    """Return a number with a noun that is plural if need be."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
