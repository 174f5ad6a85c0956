# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of .repo files: corrected where they differ, and all else of them kept."""

from __future__ import annotations

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.hosts.repo_file import (
    disabled,
    merged,
    shown,
    unmanaged,
    unsigned,
    without,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.hosts.repository import (
    Names,
    Repository,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from hypothesis import given
from hypothesis import strategies as st

NAMES = Names("copr.example", "alice", "hello")
ours = NAMES.are_ours
AT_FIRST = {
    "name": "Hello",
    "type": "rpm-md",
    "skip_if_unavailable": "True",
    "repo_gpgcheck": "0",
    "enabled_metadata": "1",
}
MAIN = Repository(
    NAMES.id,
    {"enabled": "1", "gpgcheck": "1", "baseurl": "https://r/hello/", "gpgkey": "https://r/key"},
    AT_FIRST,
)
DEPENDENCY = Repository(
    "coprdep:https_deps",
    {"enabled": "1", "gpgcheck": "0", "baseurl": "https://deps/"},
    {**AT_FIRST, "name": "Deps"},
    signed_if_so=True,
)
WRITTEN = f"""\
[{NAMES.id}]
name=Hello
baseurl=https://r/hello/
type=rpm-md
skip_if_unavailable=True
gpgcheck=1
gpgkey=https://r/key
repo_gpgcheck=0
enabled=1
enabled_metadata=1
"""
# As dnf 5 writes it, and somebody has worked on it since.
BY_HAND = f"""\
# Ours since 2024
[{NAMES.id}]
name = Hello from Copr
baseurl: https://r/hello/
  \n\
enabled=yes
gpgcheck=True
gpgkey=https://r/key
# slow mirror
timeout=300
skip_if_unavailable=False
type=rpm-md
repo_gpgcheck=1
enabled_metadata=1
includepkgs=hello,
  hello-libs

[mine]
name=Mine
baseurl=https://mine/
"""


def test_a_new_file_is_as_dnf_writes_it() -> None:
    assert merged("", [MAIN], ours) == WRITTEN
    both = merged("", [MAIN, DEPENDENCY], ours)
    assert both.startswith(f"{WRITTEN}\n[coprdep:https_deps]\nname=Deps\n")


def test_what_means_the_same_is_left_as_it_is() -> None:
    assert merged(BY_HAND, [MAIN], ours) == BY_HAND
    options = {**MAIN.options, "includepkgs": "hello-libs hello"}
    assert merged(BY_HAND, [Repository(MAIN.id, options, AT_FIRST)], ours) == BY_HAND
    unended = WRITTEN.rstrip("\n")
    assert merged(unended, [MAIN], ours) == unended


def test_a_line_is_corrected_in_its_place() -> None:
    changed = {**MAIN.options, "baseurl": "https://new/", "includepkgs": "hello", "priority": "9"}
    text = merged(BY_HAND, [Repository(MAIN.id, changed, AT_FIRST)], ours)
    assert text == (
        BY_HAND.replace("baseurl: https://r/hello/", "baseurl=https://new/").replace(
            "includepkgs=hello,\n  hello-libs\n", "includepkgs=hello\npriority=9\n"
        )
    )
    removed = Repository(MAIN.id, {**MAIN.options, "includepkgs": None}, AT_FIRST)
    assert merged(BY_HAND, [removed], ours) == BY_HAND.replace(
        "includepkgs=hello,\n  hello-libs\n", ""
    )


def test_a_value_that_is_there_twice_is_there_once() -> None:
    text = merged(f"{WRITTEN}enabled=0\n", [MAIN], ours)
    assert text == WRITTEN


def test_repositories_of_copr_that_are_not_wanted_go_and_others_stay() -> None:
    text = merged(f"{BY_HAND}\n[coprdep:old]\nbaseurl=x\n[{NAMES.id}:ml]\ncost=1\n", [MAIN], ours)
    assert text == f"{BY_HAND}\n"
    old = f"[alice-hello]\nname=An id of long ago\n\n{WRITTEN}"
    assert merged(old, [MAIN], ours) == WRITTEN


def test_a_repository_is_added_with_a_line_between() -> None:
    both = merged(BY_HAND.rstrip("\n"), [MAIN, DEPENDENCY], ours)
    assert both.startswith(f"{BY_HAND}\n[coprdep:https_deps]\n")


def test_a_check_of_signatures_that_is_on_stays_on() -> None:
    signed = "[coprdep:https_deps]\nbaseurl=https://deps/\ngpgcheck=1\ngpgkey=file:///key\n"
    assert "gpgcheck=1\ngpgkey=file:///key\n" in merged(signed, [DEPENDENCY], ours)
    assert "gpgcheck=0" in merged(signed.replace("gpgcheck=1", "gpgcheck=0"), [DEPENDENCY], ours)
    assert unsigned(signed, [MAIN, DEPENDENCY]) == []
    assert unsigned(merged("", [MAIN, DEPENDENCY], ours), [MAIN, DEPENDENCY]) == ["https://deps/"]
    # The project's own is as the task says.
    off = Repository(MAIN.id, {**MAIN.options, "gpgcheck": "0"}, AT_FIRST)
    assert "\ngpgcheck=0\n" in merged(WRITTEN, [off], ours)


def test_switched_off_is_all_that_came_from_copr() -> None:
    text = merged(BY_HAND, [MAIN, DEPENDENCY], ours)
    off = disabled(text, ours)
    assert off is not None
    assert [each["enabled"] for each in shown(off, ours)] == [False, False]
    assert "[mine]\nname=Mine\nbaseurl=https://mine/\n" in off
    assert off == text.replace("enabled=yes", "enabled=0").replace("enabled=1", "enabled=0")
    assert disabled(off, ours) == off
    assert disabled("[mine]\nbaseurl=x\n", ours) is None
    # Without the line, dnf takes a repository for enabled.
    implied = disabled(f"[{NAMES.id}]\nbaseurl=x\n", ours)
    assert implied == f"[{NAMES.id}]\nbaseurl=x\nenabled=0\n"


def test_taken_away_is_what_came_from_copr() -> None:
    assert without(f"# A comment\n{WRITTEN}", ours) is None
    assert without("", ours) is None
    assert without(BY_HAND, ours) == (
        "# Ours since 2024\n[mine]\nname=Mine\nbaseurl=https://mine/\n"
    )


def test_what_is_kept_is_told_without_its_values() -> None:
    assert unmanaged(BY_HAND, [MAIN], ours) == [
        {
            "id": NAMES.id,
            "options": ["includepkgs", "repo_gpgcheck", "skip_if_unavailable", "timeout"],
        },
        {"id": "mine", "options": None},
    ]
    assert unmanaged(WRITTEN, [MAIN], ours) == []
    assert unmanaged(BY_HAND, [], ours)[0]["options"] == ["timeout"]


def test_what_a_file_has_is_shown() -> None:
    assert shown(BY_HAND, ours) == [
        {"id": NAMES.id, "baseurl": "https://r/hello/", "enabled": True, "gpgcheck": True}
    ]


@pytest.mark.parametrize("value", ["one\n[two]\nbaseurl=x", "\x1b[2J"])
def test_no_value_makes_lines_of_its_own(value: str) -> None:
    options = {**MAIN.options, "includepkgs": value}
    for text in ("", WRITTEN):
        with pytest.raises(CoprError, match="includepkgs must not contain line breaks"):
            merged(text, [Repository(MAIN.id, options, AT_FIRST)], ours)
    with pytest.raises(CoprError, match="the id of a repository"):
        merged("", [Repository(value, MAIN.options, AT_FIRST)], ours)


LINES = st.sampled_from(
    [
        *("", "# comment", "; another", "[mine]", f"[{NAMES.id}]", f"[{NAMES.id}:ml]"),
        *("[coprdep:a]", "enabled=0", "enabled = 1", "gpgcheck=no", "baseurl=https://r/hello/"),
        *("  continued", "\tand more", "timeout=3", "name=x=y", "no line", "[broken", "=", "a b=c"),
    ]
)


@given(lines=st.lists(LINES, max_size=25), ended=st.booleans())
def test_whatever_a_file_has_the_second_run_changes_nothing(lines: list[str], ended: bool) -> None:
    text = "\n".join(lines) + ("\n" if ended else "")
    once = merged(text, [MAIN, DEPENDENCY], ours)
    assert merged(once, [MAIN, DEPENDENCY], ours) == once
    main = [each for each in shown(once, ours) if each["id"] == MAIN.id]
    assert main
    assert all(each["enabled"] and each["baseurl"] == "https://r/hello/" for each in main)
    for kept in ("# comment", "; another", "[mine]", "no line"):
        if kept in lines and not {f"[{NAMES.id}:ml]", "[coprdep:a]"} & set(lines):
            assert kept in once.splitlines()
    off = disabled(once, ours)
    assert off is not None
    assert disabled(off, ours) == off
