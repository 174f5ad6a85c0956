# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Definitions of projects as the text of a file, for people to read and for Ansible to load."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import fill, indent
from typing import Any

import yaml

WIDTH, INDENT = 80, "  "
HEAD = """\
---
# Projects in Copr, for the module fedora.copr.copr_projects. Fields that have the
# server's default are left out.
copr_projects_definitions:"""
# What Ansible would treat as a template when it loads a text.
_TEMPLATE = re.compile(r"\{[{%#]")


class _Dumper(yaml.SafeDumper):
    """Writes multi-line texts as they are, and indents the entries of lists."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: _Dumper, value: str) -> yaml.Node:
    tag = "!unsafe" if _TEMPLATE.search(value) else "tag:yaml.org,2002:str"
    style = None
    if not all(line.isprintable() for line in value.split("\n")):
        # Only within these quotes, a YAML parser treats no other character as a line end.
        style = '"'
    elif "\n" in value:
        # Texts that a block can't contain, such as blanks at the end of a line, are still quoted.
        style = "|"
    return dumper.represent_scalar(tag, value, style=style)


_Dumper.add_representer(str, _text)


def text_of(
    definitions: Sequence[Mapping[str, Any]], not_exported: Sequence[Mapping[str, str]]
) -> str:
    """Return a file of definitions, with a comment before each on what it lacks."""
    if not definitions:
        return f"{HEAD} []\n"
    entries = [
        "\n".join([_comment(definition["project"], not_exported), _entry(definition)])
        for definition in definitions
    ]
    return f"{HEAD}\n" + "\n".join(entries)


def _entry(definition: Mapping[str, Any]) -> str:
    text: str = yaml.dump(
        [_plain(definition)],
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=WIDTH - len(INDENT),
    )
    return indent(text, INDENT)


def _comment(project: str, not_exported: Sequence[Mapping[str, str]]) -> str:
    """Return a comment with the parts of a project that are not exported, by reason."""
    by_reason: dict[str, list[str]] = {}
    for one in not_exported:
        if one["project"] == project:
            by_reason.setdefault(one["why"], []).append(one["what"])
    title = f"{project}. Not exported:" if by_reason else project
    reasons = [
        fill(
            _printable(f"{_listed(what)}: {why}"),
            WIDTH,
            initial_indent=f"{INDENT}# - ",
            subsequent_indent=f"{INDENT}#   ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for why, what in by_reason.items()
    ]
    return "\n".join([f"{INDENT}# {_printable(title)}", *reasons])


def _listed(what: Sequence[str]) -> str:
    """Return C(a of packages) and C(b of packages) as C(a and b of packages)."""
    by_owner: dict[str, list[str]] = {}
    for each in what:
        name, of, owner = each.partition(" of ")
        by_owner.setdefault(of + owner, []).append(name)
    return "; ".join(
        " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) + owner
        for owner, names in by_owner.items()
    )


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)


def _plain(value: Any) -> Any:
    """Return a value without the tags that Ansible adds to the results of tasks."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, Mapping):
        return {_plain(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value
