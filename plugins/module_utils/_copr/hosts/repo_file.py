# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a .repo file: read, and changed only where it differs.

A parser of INI files would lose the user's comments and order of lines.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..wire.errors import CoprError
from .repository import Repository, switched_off

# The order in which new lines are written.
_ORDER = (
    "name",
    "baseurl",
    "type",
    "skip_if_unavailable",
    "gpgcheck",
    "gpgkey",
    "repo_gpgcheck",
    "cost",
    "enabled",
    "enabled_metadata",
    "module_hotfixes",
    "priority",
    "includepkgs",
    "excludepkgs",
)
_HEADER = re.compile(r"\[(.+)\]\s*")
_OPTION = re.compile(r"(\w[\w.-]*)\s*[=:](.*)", re.DOTALL)
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}

Ours = Callable[[str], bool]


@dataclass(frozen=True)
class _Entry:
    """Lines that belong together: an option with its continuation lines, or another line.

    Attributes:
        key: the name of the option; None for another line.
        text: the lines, with their ends.
    """

    key: str | None
    text: str

    @property
    def value(self) -> str:
        found = _OPTION.match(self.text)
        return found[2].strip() if found else ""


@dataclass(frozen=True)
class _Section:
    """One repository of a file; the lines before the first have no id."""

    id: str | None
    header: str
    entries: list[_Entry]

    @property
    def values(self) -> dict[str, str]:
        """The value of each option, as dnf reads it: the last, if there are several."""
        return {entry.key: entry.value for entry in self.entries if entry.key}

    @property
    def text(self) -> str:
        return self.header + "".join(entry.text for entry in self.entries)


def merged(text: str, wanted: Sequence[Repository], ours: Ours) -> str:
    """Return the text with the wanted repositories.

    Existing ones are corrected in place; others for which C(ours) is true come from Copr and are
    removed. Everything else is kept. Raises CoprError (invalid) for a value that a line can't
    contain.
    """
    by_id = {repository.id: repository for repository in wanted}
    kept = []
    for section in _parsed(text):
        if section.id in by_id:
            kept.append(_corrected(section, by_id[section.id]))
        elif section.id is None or not ours(section.id):
            kept.append(section)
    there = {section.id for section in kept}
    result = "".join(section.text for section in kept)
    for repository in wanted:
        if repository.id not in there:
            between = "" if not result.strip() or result.endswith("\n\n") else "\n"
            result = _ending(result) + between + _written(repository)
    return result


def disabled(text: str, ours: Ours) -> str | None:
    """Return the text with Copr's repositories disabled, or None if it has none."""
    ids = [each for each in repository_ids(text) if ours(each)]
    return merged(text, [switched_off(each) for each in ids], ours) if ids else None


def without(text: str, ours: Ours) -> str | None:
    """Return the text without Copr's repositories, or None if no repository is left."""
    left = [section for section in _parsed(text) if section.id is None or not ours(section.id)]
    if all(section.id is None for section in left):
        return None
    return "".join(section.text for section in left)


def repository_ids(text: str) -> list[str]:
    """Return the ids of the repositories of a file."""
    return [section.id for section in _parsed(text) if section.id is not None]


def shown(text: str, ours: Ours) -> list[dict[str, Any]]:
    """Return Copr's repositories of a file as results show them."""
    return [
        {
            "id": section.id,
            "baseurl": section.values.get("baseurl"),
            "enabled": _is_true(section.values.get("enabled", "1")),
            "gpgcheck": _is_true(section.values.get("gpgcheck", "0")),
        }
        for section in _parsed(text)
        if section.id is not None and ours(section.id)
    ]


def unsigned(text: str, wanted: Sequence[Repository]) -> list[str]:
    """Return the addresses of repositories without a key whose packages are not verified."""
    keyless = {repository.id for repository in wanted if repository.signed_if_so}
    return [
        str(each["baseurl"]) for each in shown(text, keyless.__contains__) if not each["gpgcheck"]
    ]


def unmanaged(text: str, wanted: Sequence[Repository], ours: Ours) -> list[dict[str, Any]]:
    """Return what a file has besides the wanted content: names of options, whole repositories.

    For Copr's repositories that are not in C(wanted), these are the options that the module never
    writes.
    """
    by_id = {repository.id: repository for repository in wanted}
    found: list[dict[str, Any]] = []
    for section in _parsed(text):
        if section.id is not None and ours(section.id):
            left = sorted(set(_left_alone(section.values, by_id.get(section.id))))
            if left:
                found.append({"id": section.id, "options": left})
        elif section.id is not None:
            found.append({"id": section.id, "options": None})
    return found


def _left_alone(values: Mapping[str, str], wanted: Repository | None) -> Iterator[str]:
    for key, value in values.items():
        if wanted is None:
            managed = key in _ORDER
        else:
            as_first = key == "name" or _same(value, wanted.at_first.get(key, ""))
            managed = key in wanted.options or (key in wanted.at_first and as_first)
        if not managed:
            yield key


# --- reading -----------------------------------------------------------------------------------


def _parsed(text: str) -> list[_Section]:
    """Return the parts of a file, which together are its text."""
    sections = [_Section(None, "", [])]
    for entry in _entries(text):
        found = _HEADER.fullmatch(entry.text)
        if found:
            sections.append(_Section(found[1], entry.text, []))
        else:
            sections[-1].entries.append(entry)
    return sections


def _entries(text: str) -> Iterator[_Entry]:
    option: list[str] = []
    for line in text.splitlines(keepends=True):
        continues = option and line[0] in " \t" and line.strip()
        if continues:
            option.append(line)
            continue
        yield from _ended(option)
        option = []
        if _OPTION.match(line):
            option = [line]
        else:
            yield _Entry(None, line)
    yield from _ended(option)


def _ended(option: list[str]) -> Iterator[_Entry]:
    found = _OPTION.match("".join(option))
    if found:
        yield _Entry(found[1], "".join(option))


# --- correcting --------------------------------------------------------------------------------


def _corrected(section: _Section, wanted: Repository) -> _Section:
    """Return a section with the wanted options: corrected in place, or added."""
    values = section.values
    options = {
        key: value
        for key, value in wanted.options.items()
        if not (key == "gpgcheck" and wanted.signed_if_so and _is_true(values.get(key, "0")))
    }
    entries: list[_Entry] = []
    done: set[str] = set()
    for entry in section.entries:
        if entry.key is None or entry.key not in options:
            entries.append(entry)
        elif entry.key not in done:
            done.add(entry.key)
            value = options[entry.key]
            if value is not None:
                entries.append(entry if _same(entry.value, value) else _line(entry.key, value))
    missing = {**wanted.at_first, **options}
    added = _lines({key: value for key, value in missing.items() if key not in values})
    place = 1 + max((n for n, entry in enumerate(entries) if entry.key), default=-1)
    before = entries[:place]
    if added and before:
        before[-1] = _Entry(before[-1].key, _ending(before[-1].text))
    header = _ending(section.header) if added else section.header
    return _Section(section.id, header, [*before, *added, *entries[place:]])


def _same(one: str, other: str) -> bool:
    """Return whether two values mean the same to dnf."""
    return _meaning(one) == _meaning(other)


def _meaning(value: str) -> Collection[str] | bool:
    if value.lower() in _TRUE | _FALSE:
        return _is_true(value)
    return sorted(word for word in re.split(r"[\s,]+", value) if word)


def _is_true(value: str) -> bool:
    return value.lower() in _TRUE


# --- writing -----------------------------------------------------------------------------------


def _written(repository: Repository) -> str:
    header = f"[{_checked('the id of a repository', repository.id)}]\n"
    lines = _lines({**repository.at_first, **repository.options})
    return header + "".join(line.text for line in lines)


def _lines(values: Mapping[str, str | None]) -> list[_Entry]:
    return [_line(key, values[key]) for key in _ORDER if values.get(key) is not None]


def _line(key: str, value: str | None) -> _Entry:
    return _Entry(key, f"{key}={_checked(key, str(value))}\n")


def _checked(what: str, value: str) -> str:
    if not value.isprintable():
        raise CoprError(
            "invalid", f"{what} must not contain line breaks or control characters: {value!r}."
        )
    return value


def _ending(text: str) -> str:
    return text if text.endswith("\n") or not text else text + "\n"
