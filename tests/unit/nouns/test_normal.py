# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules by which the server changes values."""

from __future__ import annotations

from typing import Any, Callable

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns import normal
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.utils import secure_filename

TEXT = st.text() | st.text(alphabet=" \t\r\n/.:;?#\\ab%ž~^+_-\x1c\x85\xa0")
RULES = [
    normal.stripped,
    normal.stripped_or_null,
    normal.words,
    normal.word_set,
    normal.parts,
    normal.without_scheme,
    normal.script,
    normal.namespace,
    normal.upload_name,
    normal.plain,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@given(value=TEXT)
@example(value="http://http://x")
@example(value="a/b/ ")
@example(value="a\r\r\nb")
def test_applied_twice_is_the_same_as_once(rule: Callable[[Any], Any], value: str) -> None:
    once = rule(value)
    assert rule(once) == once


@given(name=TEXT)
@example(name="hb-c++-1.0~rc1^git-1.src.rpm")
@example(name="../../a/x.src.rpm")
@example(name="rec up ž-1-1.src.rpm")
def test_an_upload_is_named_as_the_server_names_it(name: str) -> None:
    assert normal.upload_name(name) == secure_filename(name)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://x.org/a%5Eb%7Ec%2Bd.src.rpm", "https://x.org/a^b~c+d.src.rpm", True),
        ("HTTPS://X.org/a", "https://x.org/a", True),
        (" https://x.org/a\n", "https://x.org/a", True),
        ("https://x.org/a#b", "https://x.org/a", True),
        ("https://x.org", "https://x.org/", True),
        ("https://x.org/a?b=%7E", "https://x.org/a?b=~", True),
        ("https://x.org/a%2Fb", "https://x.org/a/b", False),
        ("https://x.org/a?b=c%26d=e", "https://x.org/a?b=c&d=e", False),
        ("https://x.org/a%25", "https://x.org/a%2525", False),
        ("https://x.org/A", "https://x.org/a", False),
        ("http://x.org/a", "https://x.org/a", False),
    ],
)
def test_addresses_are_compared_decoded(one: str, other: str, same: bool) -> None:
    assert (normal.address(one) == normal.address(other)) is same


@pytest.mark.parametrize(
    ("given_word", "kept"),
    [
        ("https://github.com/a/b", "github.com/a/b"),
        ("HTTPS://github.com/a/b", "github.com/a/b"),
        ("git+ssh://github.com/a/b?x#y", "github.com/a/b"),
        ("github.com/a/*", "github.com/a/*"),
        ("http://[", "http://["),
    ],
)
def test_of_a_forge_project_host_and_path_are_kept(given_word: str, kept: str) -> None:
    assert normal.without_scheme([given_word]) == [kept]
