# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What makes two sources the same, over anything that a server may say."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils.sources.kinds import (
    DESCRIPTIONS,
    describe,
    described_source,
    same_description,
    told_by_build,
    told_by_config,
    url_source,
)
from hypothesis import given
from hypothesis import strategies as st

from unit.lab import attempt

KINDS = sorted(DESCRIPTIONS)
VALUE = st.none() | st.text(max_size=10) | st.lists(st.text(max_size=5), max_size=3)


def fields(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(sorted(DESCRIPTIONS[kind])), VALUE)


KIND_AND_FIELDS = st.sampled_from(KINDS).flatmap(
    lambda kind: st.tuples(st.just(kind), fields(kind))
)


@given(KIND_AND_FIELDS)
def test_a_description_is_the_same_as_itself(drawn: tuple[str, dict[str, Any]]) -> None:
    kind, given_fields = drawn
    if not isinstance(given_fields.get("script", ""), (str, type(None))):
        given_fields["script"] = "x"
    described = describe(kind, given_fields)
    assert described is not None
    assert same_description(described, described)
    assert describe(kind, described) == described


@given(KIND_AND_FIELDS)
def test_what_is_left_out_null_and_the_default_are_the_same(
    drawn: tuple[str, dict[str, Any]],
) -> None:
    kind, given_fields = drawn
    if not isinstance(given_fields.get("script", ""), (str, type(None))):
        given_fields["script"] = "x"
    spelled_out = {**DESCRIPTIONS[kind], **{k: v for k, v in given_fields.items() if v is not None}}
    assert describe(kind, given_fields) == describe(kind, spelled_out)


@pytest.mark.parametrize("kind", [None, "", "upload", "unset", "novelty"])
def test_kinds_without_a_description(kind: str | None) -> None:
    assert describe(kind, {"url": "x"}) is None


@given(name=st.none() | st.text(), version=st.none() | st.text())
def test_whatever_a_build_shows_is_compared(name: str | None, version: str | None) -> None:
    source = url_source("https://example.org/hello-1.0-1.src.rpm")
    build = {"source_package": {"name": name, "version": version}}
    told = told_by_build(source, build)
    assert told is None if name is None else told is (name == "hello" and version == "1.0-1")


@pytest.mark.parametrize(
    ("source_type", "fields", "expected"),
    [
        ("link", {"url": "https://x.example.org/hello-1.0-1.src.rpm?a=/b"}, True),
        ("link", {"url": "https://x.example.org/hello-1.0-2.src.rpm"}, False),
        ("link", {"url": "https://["}, False),
        ("link", {}, False),
        ("upload", {"pkg": "hello-1.0-1.src.rpm", "url": "https://x/tmp/y"}, True),
        ("upload", {"pkg": "hello.spec"}, False),
        ("upload", {"pkg": None}, False),
        ("scm", {"clone_url": "https://x/hello-1.0-1.src.rpm"}, False),
        (None, {}, False),
    ],
)
def test_whatever_a_configuration_shows_is_compared(
    source_type: str | None, fields: dict[str, Any], expected: bool
) -> None:
    source = url_source("https://example.org/hello-1.0-1.src.rpm")
    assert told_by_config(source, {"source_type": source_type, "source_dict": fields}) is expected


def test_a_pypi_package_is_known_by_its_name_in_any_spelling() -> None:
    source = described_source("pypi", {"pypi_package_name": "Foo.Bar_baz"})
    assert source.package == "python-foo-bar-baz"
    build = {"source_package": {"name": "python3-foo-bar-baz", "version": "1"}}
    assert told_by_build(source, build) is None


@pytest.mark.parametrize(
    ("kind", "options", "package", "sure"),
    [
        ("distgit", {"package_name": "hello"}, "hello", True),
        ("rubygems", {"gem_name": "rails"}, "rubygem-rails", True),
        ("pypi", {"pypi_package_name": "x"}, "python-x", False),
        ("scm", {"clone_url": "https://g/x.git", "spec": "rpm/hello.spec"}, "hello", False),
        ("scm", {"clone_url": "https://g/x.git"}, None, False),
        ("custom", {"script": "x"}, None, False),
    ],
)
def test_the_name_a_package_will_have(
    kind: str, options: dict[str, Any], package: str | None, sure: bool
) -> None:
    source = described_source(kind, options)
    assert (source.package, source.sure) == (package, sure)


@given(url=st.text() | st.text().map("https://example.org/{}".format))
def test_any_address_is_a_source_or_an_error(url: str) -> None:
    source, error = attempt(url_source, url)
    if error:
        assert error.kind == "invalid"
    else:
        assert source.body == {"pkgs": [url]}
        assert (source.nevr is None) != (source.description is None)
