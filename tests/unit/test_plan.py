# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Optional

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import ATTRIBUTES
from ansible_collections.fedora.copr.plugins.module_utils._copr.plan import (
    Difference,
    Plan,
    Record,
    Step,
    carry_out,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from hypothesis import given
from hypothesis import strategies as st

SIDE = st.none() | st.dictionaries(st.sampled_from("abc"), st.integers())
# A subject, both sides, and whether somebody else was quicker.
DRAWN = st.lists(st.tuples(st.sampled_from(["one", "two"]), SIDE, SIDE, st.booleans()))
ATTRIBUTE = st.sampled_from(sorted(ATTRIBUTES))
WORDS = st.lists(st.sampled_from(["https://a/x", "https://b/y z", " ", "copr://a/b"]))
Drawn = list[tuple[str, Optional[dict[str, int]], Optional[dict[str, int]], bool]]


def record(*, check: bool = False) -> Record:
    return Record(check, lambda _text: None)


def plan_of(drawn: Drawn) -> Plan:
    def step(difference: Difference, quicker: bool) -> Step:
        return Step([difference], lambda: [] if quicker else None)

    return Plan([step(Difference(*one[:3]), one[3]) for one in drawn])


@given(DRAWN)
def test_a_diff_has_one_entry_for_each_subject_of_which_something_can_be_shown(
    drawn: Drawn,
) -> None:
    noted = record(check=True)
    carry_out(plan_of(drawn), noted)
    headers = [entry["before_header"] for entry in noted.diff()]
    assert len(headers) == len(set(headers))
    shown = {subject for subject, before, after, _quicker in drawn if before or after}
    assert set(headers) <= shown
    for entry in noted.diff():
        assert entry["after_header"] == entry["before_header"]
        own = [one for one in drawn if one[0] == entry["before_header"]]
        assert entry["before"] == {} or own[0][1] is not None
        assert entry["after"] == {} or own[-1][2] is not None


def test_a_diff_tells_what_was_at_first_and_what_is_at_last() -> None:
    noted = record()
    noted.differences = [
        Difference("one", {"a": 1}, {"a": 2}),
        Difference("one", {"a": 2, "b": 5}, {"a": 3, "b": 6}),
        Difference("new", None, {"name": "new"}),
        Difference("new", {"a": 1}, {"a": 2}),
        Difference("unseen", {}, {}),
    ]
    sides = {entry["after_header"]: (entry["before"], entry["after"]) for entry in noted.diff()}
    assert sides == {
        "one": ({"a": 1, "b": 5}, {"a": 3, "b": 6}),
        "new": ({}, {"name": "new", "a": 2}),
    }


@given(DRAWN)
def test_changed_tells_what_was_truly_done(drawn: Drawn) -> None:
    done = record()
    assert carry_out(plan_of(drawn), done) is True
    assert done.differences == [Difference(*one[:3]) for one in drawn if not one[3]]
    assert done.changed is bool(done.differences)


@given(DRAWN)
def test_check_mode_notes_everything_and_calls_nothing(drawn: Drawn) -> None:
    foreseen = record(check=True)
    calls: list[int] = []
    plan = plan_of(drawn)
    plan.steps = [Step(step.differences, lambda: calls.append(1)) for step in plan.steps]
    assert carry_out(plan, foreseen) is False
    assert calls == []
    assert foreseen.differences == [Difference(*one[:3]) for one in drawn]


def fail() -> None:
    raise CoprError("server", "no")


def test_a_failure_tells_what_was_done_before_it_and_ends_the_plan() -> None:
    done, calls = record(), list[int]()
    first, second = Difference("a", {}, {"x": 1}), Difference("b", {}, {"x": 1})
    steps = [Step([first], lambda: None), Step([second], fail), Step([], lambda: calls.append(1))]
    with pytest.raises(CoprError):
        carry_out(Plan(steps), done)
    assert done.differences == [first]
    assert calls == []


@pytest.mark.parametrize("check", [True, False])
def test_what_is_foreseen_is_foreseen_before_anything_is_done(check: bool) -> None:
    calls: list[int] = []
    steps = [Step([], lambda: calls.append(1)), Step([], lambda: None, fail)]
    with pytest.raises(CoprError):
        carry_out(Plan(steps), record(check=check))
    assert calls == []


def test_what_is_missing_fails_a_plan_and_is_warned_of_in_check_mode() -> None:
    warnings: list[str] = []
    missing = [CoprError("not_found", "The project a/b does not exist.")]
    plan = Plan([Step([Difference("a/b", None, {})], lambda: None)], missing)
    with pytest.raises(CoprError, match="a/b does not exist"):
        carry_out(plan, Record(False, warnings.append))
    assert warnings == []
    carry_out(plan, Record(True, warnings.append))
    assert "a/b does not exist" in warnings[0]
    # What is not there is not as wished, even if there is nothing to change.
    with pytest.raises(CoprError, match="a/b does not exist"):
        carry_out(Plan([], missing), Record(False, warnings.append))


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
