# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples for contributors are lines of the files that they name."""

from __future__ import annotations

import re

import pytest

from tools.checkout import CHECKOUT

# A block of Python or YAML, and all that was said since the block before it.
BLOCK = re.compile(r"(.*?)^( *)```(?:python|yaml)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def quotations() -> list[tuple[str, str]]:
    """Return the files that the page quotes, each with the lines."""
    text = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    quoted = []
    for said, indent, code in BLOCK.findall(text):
        named = re.findall(r"`((?:plugins|tests|meta|roles)/[\w./]+\.(?:py|yml))`", said)
        lines = re.sub(rf"^{indent}", "", code, flags=re.MULTILINE)
        quoted.append((named[-1], lines))
    return quoted


def missing_from(content: str, quoted: str) -> list[str]:
    """Return the parts of a quotation, divided by "...", that a file has not, in this order."""
    missing, place = [], 0
    for part in re.split(r"^\.\.\.\n", quoted, flags=re.MULTILINE):
        found = content.find(part, place)
        if found < 0:
            missing.append(part)
        place = max(place, found)
    return missing


def test_there_are_examples() -> None:
    assert len(quotations()) >= 14


@pytest.mark.parametrize(("file", "quoted"), quotations())
def test_the_lines_are_real(file: str, quoted: str) -> None:
    assert missing_from((CHECKOUT / file).read_text(encoding="utf-8"), quoted) == []


def test_a_line_that_is_not_there_is_found() -> None:
    assert missing_from("a\nb\nc\n", "a\n...\nc\n") == []
    assert missing_from("a\nb\nc\n", "c\n...\na\n") == ["a\n"]
