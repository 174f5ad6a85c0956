# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.selection import select
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from hypothesis import given
from hypothesis import strategies as st

from unit.lab import attempt

NAME = st.builds(
    "{}-{}-{}".format,
    st.sampled_from(["fedora", "epel", "centos-stream"]),
    st.sampled_from(["9", "10", "43", "rawhide"]),
    st.sampled_from(["x86_64", "aarch64"]),
)
PATTERN = NAME | st.sampled_from(["*", "fedora-*", "*-x86_64", "*-9-*", "none-*", "[ef]*", "?"])


@given(
    enabled=st.lists(NAME, unique=True),
    wanted=st.none() | st.lists(PATTERN),
    excluded=st.none() | st.lists(PATTERN),
)
def test_what_is_selected_is_enabled_wanted_not_excluded_and_never_empty(
    enabled: list[str], wanted: list[str] | None, excluded: list[str] | None
) -> None:
    chosen, error = attempt(select, enabled, wanted, excluded, "a/b")
    if error:
        assert error.kind == "invalid"
        return
    expected = [
        name
        for name in sorted(enabled)
        if (wanted is None or any(fnmatchcase(name, pattern) for pattern in wanted))
        and not any(fnmatchcase(name, pattern) for pattern in excluded or [])
    ]
    assert chosen == expected
    assert chosen
    assert set(chosen) <= set(enabled)


@given(enabled=st.lists(NAME, unique=True, min_size=1))
def test_without_a_wish_all_are_meant(enabled: list[str]) -> None:
    assert select(enabled, None, None, "a/b") == sorted(enabled)


@pytest.mark.parametrize(
    ("enabled", "told"), [([], "none enabled"), (["fedora-43-x86_64"], "excluded")]
)
def test_an_empty_selection_says_why(enabled: list[str], told: str) -> None:
    with pytest.raises(CoprError, match=told):
        select(enabled, None, ["*"], "a/b")


def test_every_unknown_name_is_told() -> None:
    with pytest.raises(CoprError) as caught:
        select(["fedora-43-x86_64"], ["fedora-44-x86_64", "zzz"], None, "a/b")
    assert "fedora-44-x86_64 (did you mean fedora-43-x86_64?)" in caught.value.message
    assert "zzz." in caught.value.message
    assert "a/b" in caught.value.message
