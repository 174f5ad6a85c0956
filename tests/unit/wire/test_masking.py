# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets are hidden in every form, at every place of a result."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.answers import plain_text
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.secrets import (
    HIDDEN_PART,
    HIDDEN_VALUE,
    forms_of,
    forms_of_login,
    masked,
    secrets_of_proxies,
    without_secrets,
)
from hypothesis import given
from hypothesis import strategies as st

LOGIN, TOKEN = "some-login", "to/ken+with=odd&characters"
SECRETS = forms_of_login(LOGIN, TOKEN)
HEADER = base64.b64encode(f"{LOGIN}:{TOKEN}".encode()).decode()


@pytest.mark.parametrize(
    "said",
    [
        LOGIN,
        TOKEN,
        HEADER,
        HEADER.rstrip("="),
        quote(HEADER, safe=""),
        quote(TOKEN, safe=""),
        quote(TOKEN, safe="").lower(),
        base64.b64encode(TOKEN.encode()).decode(),
        base64.urlsafe_b64encode(f"{LOGIN}:{TOKEN}".encode()).decode(),
        base64.b64encode(f"{LOGIN}:{TOKEN}\n".encode()).decode()[:48],
        TOKEN.replace("&", "&amp;"),
    ],
)
def test_a_form_of_a_login_is_hidden(said: str) -> None:
    assert masked(said, SECRETS) == HIDDEN_VALUE
    assert masked(f"You sent <{said}>.", SECRETS) == f"You sent <{HIDDEN_PART}>."


def test_every_place_of_a_result_is_looked_at() -> None:
    deep = {"a": [{TOKEN: 1, "b": ({f"x {TOKEN} y": [TOKEN]},)}], "c": 1, "d": None, "e": True}
    assert masked(deep, SECRETS) == {
        "a": [{HIDDEN_VALUE: 1, "b": [{f"x {HIDDEN_PART} y": [HIDDEN_VALUE]}]}],
        "c": 1,
        "d": None,
        "e": True,
    }


def test_the_result_that_is_looked_at_stays_as_it_is() -> None:
    result: dict[str, Any] = {"a": [TOKEN, {"b": TOKEN}]}
    masked(result, SECRETS)
    assert result == {"a": [TOKEN, {"b": TOKEN}]}


def test_a_result_without_secrets_is_the_same() -> None:
    result = {"a": ["no secret", {1: 2.5}], "b": None}
    assert masked(result, SECRETS) is result
    assert masked(TOKEN, []) == TOKEN


def test_numbers_and_values_that_look_like_secrets() -> None:
    assert masked([4711, 14.711, True, None, 12], {"4711", "True", "None"}) == [
        HIDDEN_VALUE,
        14.711,
        True,
        None,
        12,
    ]


def test_the_keys_of_a_result_itself_stay() -> None:
    result = {"failed": True, "msg": "It failed", "more": {"failed": 1}}
    assert without_secrets(result, {"failed"}) == {
        "failed": True,
        "msg": f"It {HIDDEN_PART}",
        "more": {HIDDEN_VALUE: 1},
    }


def test_a_secret_within_a_secret() -> None:
    assert masked("It is abcdefgh", {"cdef", "abcdefgh"}) == f"It is {HIDDEN_PART}"


def test_too_little_to_be_hidden() -> None:
    assert forms_of("ab") == {"YWI=", "YWI%3D", "YWI%3d"}


def test_a_nest_too_deep_to_be_shown_is_no_trouble() -> None:
    nest: Any = TOKEN
    for _level in range(20_000):
        nest = [nest]
    hidden = masked(nest, SECRETS)
    while isinstance(hidden, list):
        (hidden,) = hidden
    assert hidden == HIDDEN_VALUE


@pytest.mark.parametrize("cut", range(4, len(HEADER) - 1))
def test_a_message_that_was_cut_within_a_secret(cut: int) -> None:
    text = plain_text("x" * 100 + " Basic " + HEADER, 107 + cut + 1)
    assert text.endswith(HEADER[:cut] + "…")
    assert HEADER[:4] not in masked([text], SECRETS)[0]


@given(st.text(min_size=4), st.text(), st.text())
def test_no_text_shows_a_secret(secret: str, before: str, after: str) -> None:
    secrets = forms_of(secret)
    shown = masked({"a": before + secret + after}, secrets)["a"]
    assert secret not in shown.replace(HIDDEN_VALUE, "").replace(HIDDEN_PART, "")


def test_what_a_proxy_asks_for_is_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://me:pass%2Fword@127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    header = base64.b64encode(b"me:pass/word").decode()
    assert {"pass/word", "pass%2Fword", header} <= secrets_of_proxies()
    assert "me" not in secrets_of_proxies()
