# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of the filter report as text: nothing of a server is markup, and nothing is loaded."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.fedora.copr.plugins.filter.report import report
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.report.page import (
    FOLDER,
    span,
    web_address,
)
from hypothesis import given
from hypothesis import strategies as st

from unit.lab import F43
from unit.report.sample import PROJECT, SITE, build, failure, member, monitor, page_arguments, team

NASTY = (
    """"'> </script></style></pre><script>alert(1)</script><img src=x onerror=alert(1)> """
    """{{ 6 * 7 }}{% raw %} &lt; \u202egpj.exe \x1b[31m \x00 \ud800 javascript:alert(1)"""
)


class Page(HTMLParser):
    """What a page is made of.

    Attributes:
        tags: each tag with its attributes.
        texts: what people read.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def values(self, name: str) -> list[str]:
        """Return the values that an attribute has, wherever it stands."""
        return [
            value or ""
            for _tag, attributes in self.tags
            for value in [attributes.get(name)]
            if name in attributes
        ]


def team_page() -> str:
    builds, options = page_arguments(team())
    return report(builds, **options)


def page_with(value: str) -> str:
    """Return a page on which a server says the same thing everywhere."""
    one = build(1, value, version=value, state=value, chroots={value: "failed"}, project=value)
    for key in ("web_url", "ownername", "projectname", "submitter"):
        one[key] = value
    for key in ("log_url", "result_url"):
        one["build_chroots"][0][key] = value
    unnamed = build(2, None, version=None, state="failed", chroots={}, waits=None, url=value)
    told = failure(one, value, value, value, value)
    return report(
        [one, unnamed],
        project={"full_name": value, "chroots": [value]},
        packages=monitor([one]),
        failures=[{**told, "log_url": value}],
        set=[
            member(value, [value], 1),
            member(value * 2, [value], state=value),
        ],
    )


PLAIN = Page(page_with("plain"))


@given(st.one_of(st.text(), st.sampled_from([NASTY, "²", "9" * 5000])))
def test_nothing_that_a_server_says_is_markup(value: str) -> None:
    plain, odd = PLAIN, Page(page_with(value))
    assert {tag for tag, _attributes in odd.tags} <= {tag for tag, _attributes in plain.tags}
    allowed = {name for _tag, attributes in plain.tags for name in attributes}
    assert {name for _tag, attributes in odd.tags for name in attributes} <= allowed
    assert not any(name.startswith(("on", "src", "style")) for name in allowed)


def test_a_page_is_always_text_of_a_file() -> None:
    assert page_with(NASTY).encode()


def test_what_is_hostile_can_be_read() -> None:
    text = "".join(Page(page_with(NASTY)).texts)
    assert "<script>alert(1)</script>" in text
    assert "{{ 6 * 7 }}" in text
    assert not set("\x1b\x00\u202e\ud800") & set(text)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org/log",
        "builder-live.log",
        "https:///log",
        "https://user:secret@example.org/log",
        "https://example.org/\nlog",
        "https://example.org/a b",
        "https://example.org\\@evil.example.com",
        "https://[broken/",
        " https://example.org/",
    ],
)
def test_only_addresses_of_the_web_become_links(address: str) -> None:
    assert web_address(address) == ""
    one = build(1, chroots={F43: "failed"}, state="failed")
    one["web_url"] = one["build_chroots"][0]["log_url"] = address
    told = {**failure(one, F43, "error"), "log_url": address}
    links = Page(report([one], project=PROJECT, failures=[told])).values("href")
    assert {link for link in links if not link.startswith("#")} == set()


def test_the_page_refers_to_nothing_but_pages_and_logs() -> None:
    page = Page(team_page())
    assert not {"img", "link", "iframe", "object", "base"} & {tag for tag, _more in page.tags}
    assert page.values("src") == []
    links = [link for link in page.values("href") if not link.startswith("#")]
    assert links
    assert all(link.startswith((SITE, "https://download.example.org/")) for link in links)
    targets = set(page.values("id"))
    assert {link[1:] for link in page.values("href") if link.startswith("#")} <= targets
    assert len(page.values("id")) == len(targets)
    assert "@import" not in team_page()
    assert "url(" not in team_page()


def test_the_policy_allows_the_style_and_script_of_the_page_alone() -> None:
    text = team_page()
    (policy,) = (value for value in Page(text).values("content") if "default-src" in value)
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    assert allowed["default-src"] == "'none'"
    for kind, tag in (("style-src", "style"), ("script-src", "script")):
        (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert allowed[kind] == f"'sha256-{digest}'"


def test_the_same_builds_give_the_same_page() -> None:
    assert team_page() == team_page()
    builds, options = page_arguments(team())
    options["packages"].reverse()
    assert report(builds[::-1], **options) == team_page()


def test_times_that_are_missing_show_as_words() -> None:
    texts = " ".join(Page(team_page()).texts)
    assert "None" not in texts
    assert "not yet" in texts
    assert "unknown" in texts


@pytest.mark.parametrize("submitted", [-5, 0, 10**18])
def test_no_time_is_too_odd(submitted: int) -> None:
    assert "<td" in report([build(1, submitted=submitted), build(2)])


def test_a_page_of_nothing_says_so() -> None:
    text = " ".join("".join(Page(report([])).texts).split())
    assert "0 packages in 0 chroots." in text
    assert "Nothing has been built yet. Failures Nothing has failed. Timeline There are no" in text


def test_marked_text_of_ansible_is_escaped_as_any_other() -> None:
    tagged = type("Marked", (str,), {})("<b>")
    assert "<b>" not in report([build(1, tagged)])


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3605, "1 h"),
        (3661, "1 h 1 min"),
        (90061, "1 d 1 h"),
        (-5, "0 s"),
    ],
)
def test_a_span_is_shown_in_two_units(seconds: int, shown: str) -> None:
    assert span(seconds) == shown


def test_data_for_the_filter_of_the_page_is_json() -> None:
    for value in Page(page_with(NASTY)).values("data-cells"):
        assert all(len(pair) == 2 for pair in json.loads(value))


@pytest.mark.parametrize("wrong", [None, [{}], "text"])
def test_something_else_than_builds_is_refused(wrong: Any) -> None:
    with pytest.raises(AnsibleFilterError, match="report needs builds with chroots"):
        report(wrong)


# --- colours ---

PAIRS = [
    *[(text, ground) for text in ("text", "quiet", "link") for ground in ("page", "surface")],
    *[(kind, f"{kind}-soft") for kind in ("good", "bad", "busy", "soon", "calm")],
    ("bad", "page"),
    ("quiet", "bad-soft"),
    ("link", "bad-soft"),
    ("text", "soon-soft"),
    ("quiet", "soon-soft"),
    ("link", "soon-soft"),
]


def schemes() -> list[dict[str, str]]:
    """Return the colours of the light and of the dark page, by name."""
    style = (FOLDER / "report.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    return [dict(re.findall(r"--([\w-]+): (#\w{6})", block)) for block in blocks]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear))


@pytest.mark.parametrize("colours", schemes(), ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=" on ".join)
def test_text_can_be_read_on_its_ground(colours: dict[str, str], pair: tuple[str, str]) -> None:
    darker, lighter = sorted(luminance(colours[name]) for name in pair)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5
