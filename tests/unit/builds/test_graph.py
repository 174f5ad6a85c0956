# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of the builds of a set."""

from __future__ import annotations

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.sets.graph import (
    dependents_of,
    levels_of,
    longest_chain,
    refuse_doubled,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from hypothesis import given
from hypothesis import strategies as st

STACK = {"app": ["lib", "tool"], "lib": ["base"], "tool": [], "base": []}


def refused(after: dict[str, list[str]]) -> str:
    with pytest.raises(CoprError) as caught:
        levels_of(after)
    assert caught.value.kind == "invalid"
    return caught.value.message


def test_levels_keep_the_order_given() -> None:
    assert levels_of(STACK) == [["tool", "base"], ["lib"], ["app"]]


def test_a_long_chain_needs_no_deep_stack() -> None:
    chain = {"0": [], **{str(n): [str(n - 1)] for n in range(1, 5000)}}
    assert levels_of(chain) == [[str(n)] for n in range(5000)]


@given(st.lists(st.sets(st.integers(0, 20)), min_size=1, max_size=20))
def test_everything_comes_after_what_it_needs(needs: list[set[int]]) -> None:
    after = {str(n): [str(m) for m in sorted(each) if m < n] for n, each in enumerate(needs)}
    levels = levels_of(after)
    number = {name: place for place, level in enumerate(levels) for name in level}
    assert set(number) == set(after)
    for name, others in after.items():
        assert number[name] == 1 + max((number[other] for other in others), default=-1)


def test_a_circle_is_shown() -> None:
    message = refused({"a": ["b"], "b": ["c"], "c": ["b"], "d": []})
    assert message == (
        "The builds of the set wait for each other in a cycle: b comes after c, c comes after b."
    )


def test_what_waits_for_itself_is_a_circle() -> None:
    assert refused({"a": ["a"]}).endswith("a comes after a.")


def test_an_unknown_name_is_told_with_what_was_meant() -> None:
    assert "app comes after libb (did you mean lib?)" in refused({"app": ["libb"], "lib": []})


@pytest.mark.parametrize(
    ("names", "told"), [(["a", "b", "a"], "more than once: a"), ([""], "empty")]
)
def test_names_are_there_once(names: list[str], told: str) -> None:
    with pytest.raises(CoprError, match=told):
        refuse_doubled(names)


def test_dependents_are_followed_to_the_end() -> None:
    assert dependents_of(STACK, ["base"]) == {"lib", "app"}
    assert dependents_of(STACK, ["app"]) == set()


def test_the_longest_chain_counts_what_is_left() -> None:
    assert longest_chain(STACK, ["tool", "base", "lib", "app"]) == 3
    assert longest_chain(STACK, ["lib", "app"]) == 2
    assert longest_chain(STACK, []) == 0
