# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils.nouns.project import ATTRIBUTES
from ansible_collections.fedora.copr.plugins.module_utils.plan import Change, Plan
from hypothesis import given
from hypothesis import strategies as st

SIDE = st.dictionaries(st.sampled_from("abc"), st.integers())
CHANGE = st.tuples(
    st.sampled_from(["one", "two"]), SIDE, SIDE, st.sampled_from([None, True, False])
)
ATTRIBUTE = st.sampled_from(sorted(ATTRIBUTES))
WORDS = st.lists(st.sampled_from(["https://a/x", "https://b/y z", " ", "copr://a/b"]))


def plan_of(drawn: list[tuple[str, dict[str, int], dict[str, int], bool | None]]) -> Plan:
    return Plan(
        [
            Change(subject, before, after, lambda outcome=outcome: outcome)
            for subject, before, after, outcome in drawn
        ]
    )


@given(st.lists(CHANGE))
def test_a_diff_has_one_entry_for_each_subject(drawn: list[Any]) -> None:
    diff = plan_of(drawn).diff()
    headers = [entry["before_header"] for entry in diff]
    assert headers == list(dict.fromkeys(subject for subject, *_rest in drawn))
    for entry in diff:
        assert entry["after_header"] == entry["before_header"]
        own = [one for one in drawn if one[0] == entry["before_header"]]
        assert entry["before"].keys() == set().union(*(one[1] for one in own))
        assert entry["after"].keys() == set().union(*(one[2] for one in own))


@given(st.lists(CHANGE))
def test_changed_and_diff_tell_what_was_truly_done(drawn: list[Any]) -> None:
    plan = plan_of(drawn)
    assert plan.changed is bool(drawn)
    plan.apply()
    done = [one for one in drawn if one[3] is not False]
    assert plan.changed is bool(done)
    assert len(plan.changes) == len(done)


def test_a_failure_keeps_what_comes_after_from_being_done() -> None:
    done: list[int] = []

    def fail() -> None:
        raise ValueError

    plan = Plan([Change("a", {}, {}, fail), Change("b", {}, {}, lambda: done.append(1))])
    try:
        plan.apply()
    except ValueError:
        assert done == []


@given(name=ATTRIBUTE)
def test_the_default_is_what_null_means(name: str) -> None:
    attribute = ATTRIBUTES[name]
    assert attribute.wanted(None) == attribute.default
    assert attribute.same(attribute.wanted(attribute.default), attribute.default)


@given(words=WORDS, name=st.sampled_from(["additional_repos", "packit_forge_projects_allowed"]))
def test_a_cleaned_list_is_clean(words: list[str], name: str) -> None:
    attribute = ATTRIBUTES[name]
    cleaned = attribute.wanted(words)
    assert attribute.wanted(cleaned) == cleaned
    assert all(word and not word.isspace() for word in cleaned)
