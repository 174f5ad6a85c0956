# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the filter drift shows of the results of copr_projects."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.fedora.copr.plugins.filter.drift import drift
from hypothesis import given
from hypothesis import strategies as st

from unit.lab import EPEL, F43, F44, Lab

Options = dict[str, Any]

NASTY = 'a | b\n`c` \\| <b onclick="x">*d*</b> &amp; [e](http://x) @team \x1b[31m ~~f~~'


def entry(name: str = "alice/demo", result: str = "changed", **more: Any) -> Options:
    unmanaged: Options = {"chroots": [], "packages": [], "permissions": []}
    return {
        "name": name,
        "result": result,
        "differences": [],
        "msg": None,
        **more,
        "unmanaged": {**unmanaged, **more.get("unmanaged", {})},
    }


def result(*projects: Options, unmanaged: tuple[str, ...] = ()) -> Options:
    return {"projects": list(projects), "unmanaged": {"projects": list(unmanaged)}}


def differing(before: Any, after: Any, subject: str = "alice/demo") -> Options:
    """Return a result with one field that differs."""
    return result(
        entry(differences=[{"subject": subject, "before": {"x": before}, "after": {"x": after}}])
    )


def lines(*arguments: Any, **options: Any) -> list[str]:
    return drift(*arguments, **options).splitlines()


def test_what_copr_projects_returns_is_shown(lab: Lab) -> None:
    lab.project(chroots=[F43, EPEL], description="Old")
    lab.project("alice/fine")
    lab.project("alice/other")
    lab.do("copr_package", project="alice/demo", package="web", pypi={"pypi_package_name": "web"})
    compared = lab.do(
        "copr_projects",
        check=True,
        projects=[
            {
                "project": "alice/demo",
                "description": "New",
                "chroots": [F43, F44],
                "packages": [{"package": "hello", "pypi": {"pypi_package_name": "hello"}}],
            },
            {"project": "alice/fine"},
            {"project": "alice/new", "chroots": [F43]},
        ],
    )
    assert lines(compared) == [
        "3 projects defined: 1 is missing, 1 differs, 1 is as defined. 1 other project of these "
        "owners has no definition.",
        "",
        "alice/demo differs",
        f"  chroots: + {F44}",
        "  description: 'Old' -> 'New'",
        "  package hello: missing",
        f"  chroots not defined: {EPEL}",
        "  packages not defined: web",
        "",
        "alice/new is missing",
        "",
        "Projects without a definition:",
        "  alice/other",
    ]


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (True, False, "true -> false"),
        (None, "a", "null -> 'a'"),
        (["a", "b"], ["b", "c"], "- a  + c"),
        ([], ["a b", "a,b", ","], "+ 'a b', 'a,b', ','"),
        (["a", "b"], ["b", "a"], '["a", "b"] -> ["b", "a"]'),
        ("one\ntwo\n", "one\nthree\n", "- two  + three"),
        ("one\n", "one", r"'one\n' -> 'one'"),
    ],
)
def test_a_value_is_shown_in_one_line(before: Any, after: Any, shown: str) -> None:
    assert lines(differing(before, after))[3] == f"  x: {shown}"


def test_of_an_object_only_the_fields_that_differ_are_shown() -> None:
    old, new = {"url": "u", "ref": "main"}, {"url": "u", "ref": "next"}
    shown = lines(differing(old, new, "package a of b of alice/demo"))
    assert shown[3:] == ["  package a of b: x.ref: 'main' -> 'next'"]


def test_what_is_to_be_deleted_and_what_failed_is_told() -> None:
    gone = {"subject": "package a of alice/demo", "before": {"id": 1}, "after": None}
    shown = lines(
        result(
            entry(differences=[gone]),
            entry("alice/bad", "failed", msg="Copr is away."),
            entry("alice/late", "skipped"),
        )
    )
    assert shown == [
        "3 projects defined: 1 differs, 1 could not be compared, 1 was not compared.",
        "",
        "alice/demo differs",
        "  package a: not defined, to be deleted",
        "",
        "alice/bad could not be compared: Copr is away.",
        "",
        "alice/late was not compared",
    ]


def test_what_is_to_be_deleted_is_on_the_server_and_not_defined() -> None:
    gone = {"subject": "package a of alice/demo", "before": {"id": 1}, "after": None}
    page = drift(result(entry(differences=[gone])), style="markdown")
    assert "| what | on the server | defined |" in page
    row = "<code>package a</code> | <code>to be deleted</code> | <code>not defined</code>"
    assert row in page


def test_a_project_that_has_only_more_than_its_definition_is_shown() -> None:
    assert lines(result(entry(result="ok", unmanaged={"packages": ["b", "a"]}))) == [
        "1 project defined: 1 is as defined.",
        "",
        "alice/demo has more than its definition",
        "  packages not defined: b, a",
    ]


def test_a_hundred_projects_without_drift_are_a_count() -> None:
    names = [f"alice/p{number}" for number in range(100)]
    assert lines(result(*(entry(name, "ok") for name in names))) == [
        "100 projects defined: 100 are as defined."
    ]


def test_chroots_that_have_ended_are_shown_once_and_the_most_urgent_first() -> None:
    names = [f"alice/p{number}" for number in range(100)]
    infos = [{"full_name": name, "ended_chroots": {F43: 9, F44: 1}} for name in names]
    infos.append({"full_name": "alice/other", "ended_chroots": {EPEL: 3}})
    shown = lines(result(*(entry(name, "ok") for name in names)), projects=infos)
    assert shown[2:4] == [
        "Chroots that have ended, and when Copr deletes their results:",
        f"  {F44}, in 1 day: alice/p0, alice/p1, alice/p10, alice/p11, alice/p12, alice/p13,",
    ]
    assert len(shown) < 40
    assert EPEL not in "".join(shown)


def test_nothing_controls_a_terminal() -> None:
    assert "\x1b" not in drift(differing(NASTY, "b"))


@given(st.one_of(st.text(), st.just(NASTY)), st.one_of(st.text(), st.just(NASTY)))
def test_no_value_breaks_a_table_of_markdown(before: str, after: str) -> None:
    compared = differing(before, after)
    compared["projects"][0]["msg"] = before
    compared["projects"][0]["unmanaged"]["packages"] = [after]
    page = drift(compared, style="markdown")
    table = [line for line in page.split("\n") if line.startswith("|")]
    for line in table:
        assert line.count("|") in (3, 4), line
        assert re.sub(r"</?code>", "", line).count("<") == 0
        bare = re.sub(r"\\.", "", line)
        assert not re.search(r"[`*_\[\]~]", bare.replace("---", "")), line
    assert sum(line.count("|") == 4 for line in table) == (3 if before != after else 0)


@given(st.one_of(st.text(), st.just(NASTY)))
def test_no_value_is_markup_of_html(value: str) -> None:
    tags: set[str] = set()
    texts: list[str] = []

    class Parser(HTMLParser):
        def handle_starttag(self, tag: str, attrs: Any) -> None:
            tags.add(tag)
            assert dict(attrs).keys() <= {"lang", "charset"}

        def handle_data(self, data: str) -> None:
            texts.append(data)

    compared = result(entry(result="failed", msg=value, unmanaged={"packages": [value]}))
    parser = Parser()
    parser.feed(drift(compared, style="html"))
    parser.close()
    known = {"html", "head", "meta", "title", "style", "body", "h1", "h2", "p", "table"}
    assert tags <= {*known, "tr", "th", "td"}
    assert value in "".join(texts).replace("\r", "") or "\r" in value or "\0" in value


@pytest.mark.parametrize("wrong", [None, {}, {"projects": 1}, {"projects": [{}]}, "text"])
def test_something_else_than_a_result_is_refused(wrong: Any) -> None:
    with pytest.raises(AnsibleFilterError, match="needs a result of copr_projects"):
        drift(wrong)


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="text, markdown, html"):
        drift(result(), style="pdf")
