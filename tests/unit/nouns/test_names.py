# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.names import (
    LONGEST_NAME,
    ProjectName,
    parse_project,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from hypothesis import given
from hypothesis import strategies as st

from unit.lab import attempt

WORD = st.from_regex(r"[\w.-]{1,20}", fullmatch=True).filter(
    lambda word: not word.isdigit() and set(word) != {"."}
)


def nobody() -> str:
    raise AssertionError("nobody is asked for an owner that is given")


@pytest.mark.parametrize(
    ("text", "owner", "name"),
    [
        ("alice/demo", "alice", "demo"),
        ("@group/demo", "@group", "demo"),
        ("  alice/demo ", "alice", "demo"),
        ("alice/demo.el9-x_1", "alice", "demo.el9-x_1"),
        ("alice/2048-game", "alice", "2048-game"),
        ("alice/b\u00fccher", "alice", "b\u00fccher"),
    ],
)
def test_a_name_is_taken_apart(text: str, owner: str, name: str) -> None:
    assert parse_project(text, nobody) == ProjectName(owner, name)


def test_a_plain_name_is_ones_own() -> None:
    assert str(parse_project("demo", lambda: "alice")) == "alice/demo"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "/",
        "a/",
        "/a",
        "a//b",
        "a/b/c",
        "@/a",
        "@@g/a",
        "a b/c",
        "a/b c",
        "a/7",
        "a/\u0667",
        "a/.",
        "a/..",
        "../a",
        "./a",
        "a/b?c",
        "a/b#c",
        "a/b%2f",
        "a\n/b",
        "a/b\x00",
        f"a/{'x' * (LONGEST_NAME + 1)}",
    ],
)
def test_what_can_not_be_a_name_is_refused(text: str) -> None:
    with pytest.raises(CoprError) as caught:
        parse_project(text, lambda: "alice")
    assert caught.value.kind == "invalid"
    assert repr(text) in caught.value.message


def test_the_longest_name_is_accepted() -> None:
    assert parse_project(f"a/{'x' * LONGEST_NAME}", nobody).name == "x" * LONGEST_NAME


@given(owner=WORD, name=WORD, group=st.booleans())
def test_a_name_and_its_text_are_the_same(owner: str, name: str, group: bool) -> None:
    project = ProjectName(f"@{owner}" if group else owner, name)
    assert parse_project(str(project), nobody) == project
    assert project.query == {"ownername": project.owner, "projectname": project.name}


@given(text=st.text())
def test_any_text_is_a_project_fit_for_an_address_or_an_error(text: str) -> None:
    project, error = attempt(parse_project, text, lambda: "alice")
    if error:
        assert error.kind == "invalid"
    else:
        for part in (project.owner, project.name):
            assert part
            assert not set(part) & set("/?#% \t\r\n\0")
            assert part not in (".", "..")
