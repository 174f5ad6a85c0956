# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a field makes of the values that a task gives."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.chroot import CHROOT
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.normal import words
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.permission import PERMISSION
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import PROJECT
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.resource import (
    Field,
    Resource,
    by_name,
    text,
    texts,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.package import PACKAGE
from hypothesis import given
from hypothesis import strategies as st

SOURCE = Field(
    "scm",
    fields=by_name(
        Field("clone_url", text(required=True)),
        Field("kind", text(choices=["git", "svn"]), "git"),
        Field("spec", text(), ""),
    ),
)
STORED = {"clone_url": "https://a", "kind": "svn", "spec": "x.spec"}
RESOURCES = (PROJECT, PERMISSION, CHROOT, PACKAGE)
FIELDS = [(resource, name) for resource in RESOURCES for name in resource.fields]
WORDS = st.lists(st.sampled_from(["https://a/x", "https://b/y z", " ", "copr://a/b"]))


@pytest.mark.parametrize(("resource", "name"), FIELDS)
def test_null_is_the_default(resource: Resource, name: str) -> None:
    field = resource.fields[name]
    assert field.wanted(None) == field.default
    assert field.same(None, field.default)
    assert field.argument_spec["type"]


@pytest.mark.parametrize(
    ("given_part", "shown", "wanted"),
    [
        ({"spec": "y.spec"}, STORED, {**STORED, "spec": "y.spec"}),
        ({"kind": None}, STORED, {**STORED, "kind": "git"}),
        ({}, STORED, STORED),
        (
            {"clone_url": "https://b"},
            None,
            {"clone_url": "https://b", "kind": "git", "spec": ""},
        ),
        (None, STORED, None),
    ],
)
def test_what_an_object_leaves_out_stays_or_is_the_default(
    given_part: Any, shown: Any, wanted: Any
) -> None:
    assert SOURCE.wanted(given_part, shown) == wanted


def test_objects_are_compared_by_their_fields() -> None:
    assert SOURCE.same(STORED, {**STORED, "something": "else"})
    assert not SOURCE.same(STORED, {**STORED, "kind": "git"})
    assert not SOURCE.same(None, STORED)


def test_the_option_of_an_object_has_its_fields() -> None:
    spec = SOURCE.argument_spec
    assert spec["type"] == "dict"
    assert spec["options"]["clone_url"] == {"type": "str", "required": True}


def test_a_set_is_added_to_unless_nothing_else_is_to_be_left() -> None:
    field = Field("chroots", texts(), [], gathers=True)
    assert field.wanted(["b"], ["a"], exactly=False) == ["a", "b"]
    assert field.wanted(["b"], ["a"]) == ["b"]
    assert field.same(["a", "b"], ["b", "a"])


@given(given_words=WORDS)
def test_a_list_in_its_normal_form_stays_as_it_is(given_words: list[str]) -> None:
    field = Field("additional_repos", texts(), [], normalize=words)
    wanted = field.wanted(given_words)
    assert field.wanted(wanted) == wanted
    assert all(word and not word.isspace() for word in wanted)


def test_what_clears_a_field_is_sent_for_its_default() -> None:
    field = Field("delete_after_days", clear=-1)
    assert (field.sent(None), field.sent(7)) == (-1, 7)
