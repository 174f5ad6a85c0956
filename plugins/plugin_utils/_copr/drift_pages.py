# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The drift of projects as a text, as a page of Markdown and as a page of HTML.

Names and values come from a server, so everything with a meaning in the format is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Union

from .drift import Change, Drift, ProjectDrift, count_of

WIDTH = 100
TITLE = "Copr projects and their definitions"
ENDED = "Chroots that have ended"
UNMANAGED = "Projects without a definition"
PARTLY = "Lists and multi-line texts show only the items or lines that differ."

STYLE = (
    "body{font-family:sans-serif;margin:2em} table{border-collapse:collapse} "
    "th,td{border:1px solid #bbb;padding:.3em .6em;text-align:left;vertical-align:top} "
    "td{font-family:monospace;overflow-wrap:anywhere}"
)


@dataclass(frozen=True)
class Heading:
    """A heading within a page."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of values below the names of columns."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


# A string is a paragraph.
Block = Union[str, Heading, Table]


# --- text ---


def as_text(drift: Drift) -> str:
    """Return lines for a terminal or a log."""
    lines = [drift.summary]
    for project in drift.projects:
        reason = f": {project.reason}" if project.reason else ""
        lines += ["", _state(project) + reason]
        lines += [f"  {_change(each)}" for each in project.changes]
        for kind, names in project.unmanaged.items():
            lines += _wrapped(f"  {kind} not defined: ", names)
    if drift.ended:
        lines += ["", f"{ENDED}, and when Copr deletes their results:"]
    for (chroot, days), names in drift.ended.items():
        lines += _wrapped(f"  {chroot}, in {count_of(days, 'day')}: ", names)
    if drift.unmanaged:
        lines += ["", f"{UNMANAGED}:", *_wrapped("  ", drift.unmanaged)]
    return "\n".join(lines)


def _state(project: ProjectDrift) -> str:
    return f"{project.name} {project.state or 'has more than its definition'}"


def _change(change: Change) -> str:
    if not change.field:
        return f"{change.what}: {', '.join(filter(None, (change.after, change.before)))}"
    if not change.partly:
        return f"{change.what}: {change.before} -> {change.after}"
    signed = {"-": change.before, "+": change.after}
    return f"{change.what}: " + "  ".join(f"{sign} {text}" for sign, text in signed.items() if text)


def _wrapped(start: str, names: Iterable[str]) -> list[str]:
    return wrap(
        start + ", ".join(names),
        WIDTH,
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


# --- pages ---


def _blocks(drift: Drift) -> Iterator[Block]:
    yield drift.summary
    for project in drift.projects:
        yield Heading(_state(project))
        if project.reason:
            yield project.reason
        if project.changes:
            rows = [(each.what, each.before, each.after) for each in project.changes]
            yield Table(("what", "on the server", "defined"), rows)
        if project.unmanaged:
            more = [(kind, ", ".join(names)) for kind, names in project.unmanaged.items()]
            yield Table(("kind", "not defined"), more)
    if any(change.partly for project in drift.projects for change in project.changes):
        yield PARTLY
    if drift.ended:
        yield Heading(ENDED)
        days = [
            (chroot, count_of(left, "day"), ", ".join(names))
            for (chroot, left), names in drift.ended.items()
        ]
        yield Table(("chroot", "Copr deletes it in", "projects"), days)
    if drift.unmanaged:
        yield Heading(UNMANAGED)
        yield Table(("project",), [(name,) for name in drift.unmanaged])


def as_markdown(drift: Drift) -> str:
    """Return a page in the Markdown of GitHub and GitLab."""
    pieces = [f"# {TITLE}"]
    for block in _blocks(drift):
        if isinstance(block, Heading):
            pieces.append(f"## {_in_markdown(block.text)}")
        elif isinstance(block, Table):
            rows = [["---"] * len(block.columns)]
            rows += [[_markdown_cell(cell) for cell in row] for row in block.rows]
            pieces.append("\n".join(f"| {' | '.join(row)} |" for row in [block.columns, *rows]))
        else:
            pieces.append(_in_markdown(block))
    return "\n\n".join(pieces) + "\n"


def _markdown_cell(text: str) -> str:
    """Return a cell in which addresses do not become links, nor names mentions of users."""
    return f"<code>{_in_markdown(text)}</code>" if text else ""


def _in_markdown(text: str) -> str:
    escaped = re.sub(r"([\\`*_\[\]~#$!])", r"\\\1", escape(_in_one_line(text), quote=False))
    return escaped.replace("|", "&#124;").replace("@", "&#64;")


def as_html(drift: Drift) -> str:
    """Return a whole page of HTML."""
    pieces = [
        "<!DOCTYPE html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>',
        f"<style>{STYLE}</style></head><body>",
        f"<h1>{TITLE}</h1>",
    ]
    for block in _blocks(drift):
        if isinstance(block, Heading):
            pieces.append(f"<h2>{escape(block.text)}</h2>")
        elif isinstance(block, Table):
            pieces += ["<table>", _html_row("th", block.columns)]
            pieces += [*(_html_row("td", row) for row in block.rows), "</table>"]
        else:
            pieces.append(f"<p>{escape(block)}</p>")
    return "\n".join([*pieces, "</body></html>"]) + "\n"


def _html_row(tag: str, cells: Iterable[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
