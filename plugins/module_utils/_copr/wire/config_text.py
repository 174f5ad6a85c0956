# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The text of a config file: when its token expires, and how to replace the token in it.

The expiration date is in a comment, as the /api/ page of a Copr server writes it, so a parser of
the format is not enough to read and change it.
"""

from __future__ import annotations

import configparser
import datetime
import io
import re

from .errors import CoprError

SECTION = "copr-cli"

_HEADER = re.compile(r"\s*\[(.+?)\]")
_LOGIN = re.compile(r"(\s*(login|token)\s*[=:]\s*)\S.*?(\s*)", re.IGNORECASE | re.DOTALL)
_EXPIRATION = re.compile(r"(\s*#\s*expiration date:\s*)(\S.*?)(\s*)", re.DOTALL)


def expiration_date(text: str) -> datetime.date | None:
    """Return the last day of the token in the section C([copr-cli]); None if no comment has it.

    A comment before all sections counts if the section has none.
    """
    lines = _lines(text)
    dates = [_date(lines[number]) for number in _expiration_comments(lines)]
    return next(filter(None, dates), None)


def with_new_token(text: str, login: str, token: str, expires: datetime.date | None) -> str:
    """Return the text with another login, token and last day; everything else is kept.

    Raises CoprError (configuration) if they are not each on a line of their own.
    """
    lines = _lines(text)
    new = {"login": login, "token": token}
    for number in _sections(lines).get(SECTION, []):
        found = _LOGIN.fullmatch(lines[number])
        if found:
            lines[number] = f"{found[1]}{new[found[2].lower()]}{found[3]}"
    for number in _expiration_comments(lines):
        found = _EXPIRATION.fullmatch(lines[number])
        if found:
            lines[number] = f"{found[1]}{expires or 'unknown'}{found[3]}"
    renewed = "".join(lines)
    expected = _values(text)
    expected[SECTION].update(new)
    if _values(renewed) != expected or expiration_date(renewed) != expires:
        raise CoprError(
            "configuration",
            "The config file can't be rewritten: login and token must each be on a line of their "
            f"own in the section [{SECTION}]. Write the file as the /api/ page of your Copr server "
            "shows it.",
        )
    return renewed


def _lines(text: str) -> list[str]:
    """Return the lines of a text with their ends, as a file opened for reading has them."""
    return list(io.StringIO(text, newline=""))


def _sections(lines: list[str]) -> dict[str | None, list[int]]:
    """Return the numbers of lines by section; None has those before the first."""
    sections: dict[str | None, list[int]] = {}
    name = None
    for number, line in enumerate(lines):
        header = _HEADER.match(line)
        name = header[1] if header else name
        sections.setdefault(name, []).append(number)
    return sections


def _expiration_comments(lines: list[str]) -> list[int]:
    sections = _sections(lines)
    for name in (SECTION, None):
        found = [each for each in sections.get(name, []) if _EXPIRATION.fullmatch(lines[each])]
        if found:
            return found
    return []


def _date(line: str) -> datetime.date | None:
    found = _EXPIRATION.fullmatch(line)
    try:
        return datetime.date.fromisoformat(found[2][:10]) if found else None
    except ValueError:
        return None


def _values(text: str) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_file(io.StringIO(text, newline=None))
    return {name: dict(section) for name, section in parser.items()}
