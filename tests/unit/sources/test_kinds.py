# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The declared kinds of source, over anything that users or a server may say."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.kinds import (
    SOURCE_OPTIONS,
    STORED_KINDS,
    package_source,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from hypothesis import given
from hypothesis import strategies as st

VALUE = st.none() | st.text(max_size=10) | st.lists(st.text(max_size=5), max_size=3)
KINDS = sorted(STORED_KINDS)
# A source of each kind with only what must be given.
LEAST: dict[str, dict[str, Any]] = {
    "scm": {"clone_url": "https://g.example.org/x.git"},
    "distgit": {"package_name": "hello"},
    "pypi": {"pypi_package_name": "Foo.Bar_baz"},
    "rubygems": {"gem_name": "rails"},
    "custom": {"script": "true"},
}


def names(kind: str) -> list[str]:
    return sorted(
        {
            name
            for field in STORED_KINDS[kind].fields
            if not field.only_for_pin
            for name in (field.name, *field.shown_as)
        }
    )


KIND_AND_FIELDS = st.sampled_from(KINDS).flatmap(
    lambda kind: st.tuples(
        st.just(kind), st.dictionaries(st.sampled_from(names(kind)), VALUE, max_size=6)
    )
)


@given(KIND_AND_FIELDS)
def test_a_description_of_a_description_is_the_same(drawn: tuple[str, dict[str, Any]]) -> None:
    kind, fields = drawn
    described = STORED_KINDS[kind].describe(fields)
    assert STORED_KINDS[kind].describe(described) == described


@pytest.mark.parametrize("kind", KINDS)
def test_left_out_null_empty_and_the_default_are_the_same(kind: str) -> None:
    least = STORED_KINDS[kind].describe(LEAST[kind])
    for field in STORED_KINDS[kind].fields:
        if field.name in LEAST[kind] or field.only_for_pin:
            continue
        same: tuple[object, ...] = (None, "", [], field.default)
        for value in same:
            assert STORED_KINDS[kind].describe({**LEAST[kind], field.name: value}) == least


@pytest.mark.parametrize("kind", KINDS)
def test_a_request_has_the_fields_that_were_given(kind: str) -> None:
    given_fields = dict.fromkeys(SOURCE_OPTIONS[kind]["options"]) | LEAST[kind]
    assert STORED_KINDS[kind].body(given_fields) == LEAST[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_is_its_own_configuration_and_no_other(kind: str) -> None:
    identity = STORED_KINDS[kind].source(LEAST[kind]).identity
    shown = {**LEAST[kind], "clone_url": "https://g.example.org/rpms/hello"}
    shown = shown if kind == "distgit" else LEAST[kind]
    assert identity.matches_config({"source_type": kind, "source_dict": shown}) is True
    assert identity.matches_config({"source_type": "link", "source_dict": shown}) is False
    assert identity.matches_config({"source_type": kind, "source_dict": None}) is False
    assert identity.matches_config({"source_type": None, "source_dict": {}}) is False


def test_a_build_has_other_defaults_than_a_package() -> None:
    pypi, custom = STORED_KINDS["pypi"], STORED_KINDS["custom"]
    assert pypi.describe({})["python_versions"] == ["3"]
    assert pypi.describe_build({})["python_versions"] == ["3"]
    assert custom.describe({})["chroot"] == "fedora-latest-x86_64"
    assert custom.describe_build({})["chroot"] is None


def test_builds_and_packages_give_some_fields_by_another_name() -> None:
    options = {**LEAST["scm"], "scm_type": "svn", "source_build_method": "tito"}
    identity = STORED_KINDS["scm"].source(options).identity
    for method in ("srpm_build_method", "source_build_method"):
        shown = {**LEAST["scm"], "type": "svn", method: "tito", "committish": None}
        assert identity.matches_config({"source_type": "scm", "source_dict": shown}) is True


def test_a_chroot_that_is_left_out_or_the_newest_matches_any() -> None:
    for chroot in (None, "fedora-latest-x86_64"):
        identity = STORED_KINDS["custom"].source({"script": "x", "chroot": chroot}).identity
        shown = {"script": "x\n", "chroot": "fedora-44-x86_64"}
        assert identity.matches_config({"source_type": "custom", "source_dict": shown}) is True


@pytest.mark.parametrize(
    ("kind", "options", "package", "certain"),
    [
        ("distgit", {"package_name": " hello\n"}, "hello", True),
        ("rubygems", {"gem_name": "rails"}, "rubygem-rails", True),
        ("pypi", {"pypi_package_name": "x"}, "python-x", False),
        ("pypi", {"pypi_package_name": "Foo.Bar_baz"}, "python-foo-bar-baz", False),
        ("scm", {"clone_url": "https://g/x.git", "spec": "rpm/hello.spec"}, "hello", False),
        ("scm", {"clone_url": "https://g/x.git"}, None, False),
        ("custom", {"script": "x"}, None, False),
    ],
)
def test_the_name_a_package_will_have(
    kind: str, options: dict[str, Any], package: str | None, certain: bool
) -> None:
    source = STORED_KINDS[kind].source(options)
    assert (source.package, source.package_is_certain) == (package, certain)


@pytest.mark.parametrize(
    ("kind", "name", "told"),
    [
        ("distgit", "hello", None),
        ("distgit", "hello2", False),
        ("rubygems", "rubygem-rails", None),
        ("rubygems", "rails", False),
        ("pypi", "python3-foo-bar-baz", None),
        ("pypi", "python-foo", False),
        ("scm", "anything", None),
        ("scm", None, None),
        ("distgit", None, None),
    ],
)
def test_the_name_of_a_build_can_rule_it_out(kind: str, name: str | None, told: bool) -> None:
    identity = STORED_KINDS[kind].source(LEAST[kind]).identity
    build = {"source_package": {"name": name, "version": "1"}}
    assert identity.matches_build(build) is told


@pytest.mark.parametrize("kind", [None, "", "link", "upload", "unset", "novelty"])
def test_a_package_without_a_source_that_is_described_can_not_be_built(kind: str | None) -> None:
    with pytest.raises(CoprError) as caught:
        package_source("hello", {"source_type": kind, "source_dict": {"url": "x"}})
    assert caught.value.kind == "invalid"


@pytest.mark.parametrize(
    ("given_options", "url"),
    [
        ({}, "https://src.fedoraproject.org/rpms/hello.git"),
        ({"namespace": "forks/x/"}, "https://src.fedoraproject.org/forks/x/rpms/hello.git"),
        ({"clone_url": "https://g.example.org/x"}, "https://g.example.org/x"),
    ],
)
def test_pin_looks_where_the_server_clones_from(given_options: dict[str, Any], url: str) -> None:
    repository = STORED_KINDS["distgit"].repository
    assert repository is not None
    assert repository({**LEAST["distgit"], **given_options}) == url
