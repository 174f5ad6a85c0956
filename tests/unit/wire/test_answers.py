# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import datetime
import email.utils
import json

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.answers import (
    Answer,
    plain_text,
    read_answer,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import (
    CoprError,
    error_context,
)
from hypothesis import example, given
from hypothesis import strategies as st

from unit.lab import attempt

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def answer(body: bytes, status: int = 200, **headers: str) -> Answer:
    return Answer("GET", "/api_3/x", status, headers, body)


def refusal(body: bytes, status: int, **headers: str) -> CoprError:
    with pytest.raises(CoprError) as caught:
        read_answer(answer(body, status, **headers))
    return caught.value


@given(
    body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()),
    status=st.integers(100, 599),
    content_type=st.sampled_from(["application/json", "text/html", ""]),
    retry_after=st.none() | st.text(),
)
@example(body=b"[" * 100_000, status=200, content_type="", retry_after=None)
@example(body=b'{"a":' * 100_000, status=500, content_type="", retry_after=None)
@example(body=b"{}", status=503, content_type="", retry_after="\u00b2")
@example(body=b"\xff\xfe{", status=200, content_type="", retry_after=None)
@example(body=b'{"error": 5}', status=400, content_type="", retry_after="9" * 400)
def test_any_answer_is_an_object_or_an_error(
    body: bytes, status: int, content_type: str, retry_after: str | None
) -> None:
    headers = {"Content-Type": content_type}
    if retry_after is not None:
        headers["Retry-After"] = retry_after
    value, error = attempt(read_answer, Answer("GET", "/x", status, headers, body))
    if error:
        assert error.status == status
        assert error.message
        assert "\x1b" not in error.message
        assert error.retry_after is None or error.retry_after >= 0
    else:
        assert isinstance(value, dict)
        assert status == 200


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "invalid"),
        (401, "authentication"),
        (403, "permission"),
        (404, "not_found"),
        (405, "invalid"),
        (409, "conflict"),
        (413, "invalid"),
        (415, "invalid"),
        (429, "server"),
        (500, "server"),
        (502, "server"),
        (503, "server"),
        (504, "timeout"),
    ],
)
def test_what_the_server_says_has_a_kind(status: int, kind: str) -> None:
    error = refusal(b'{"error": "said so"}', status)
    assert error.kind == kind
    assert error.server_message == "said so"


@pytest.mark.parametrize("status", [502, 503, 504])
def test_an_error_of_a_proxy_may_hide_work_that_was_done(status: int) -> None:
    error = refusal(b"<html>", status)
    assert (error.transient, error.maybe_done) == (True, True)


@pytest.mark.parametrize("status", [408, 429])
def test_a_server_that_turns_a_request_away_has_done_nothing(status: int) -> None:
    error = refusal(b"", status)
    assert (error.transient, error.maybe_done) == (True, False)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413])
def test_a_refusal_is_final(status: int) -> None:
    error = refusal(b'{"error": "no"}', status)
    assert (error.transient, error.maybe_done) == (False, False)


def test_a_500_in_html_passes_and_one_in_json_stays() -> None:
    assert refusal(b"<html>", 500).transient is True
    told = refusal(b'{"error": "bug"}', 500)
    assert (told.transient, told.maybe_done) == (False, True)


def test_the_one_error_that_is_told_under_another_name() -> None:
    assert refusal(b'{"message": "Mask parse error"}', 400).server_message == "Mask parse error"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Bad request parameters: {'pkgs': ['a is missing', 'b too']}", "pkgs: a is missing b too"),
        ("Bad request parameters: {'a': ['x'], 'b': ['y']}", "a: x; b: y"),
        ("Bad request parameters: {'pkgs': [", "Bad request parameters: {'pkgs': ["),
        ("Bad request parameters: 7", "Bad request parameters: 7"),
    ],
)
def test_fields_told_as_a_dictionary_of_python_are_readable(told: str, shown: str) -> None:
    error = refusal(json.dumps({"error": told}).encode(), 400)
    assert error.message == f"Copr refused the request: {shown}"
    assert error.server_message == told


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b'{"error": "Name: taken"}', 400, "Copr refused to create bob/x: Name: taken"),
        (b'{"error": "A bug"}', 500, "Copr failed to create bob/x: A bug"),
        (b'{"error": "No"}', 401, "Could not create bob/x: Copr does not accept the login"),
        (b"", 502, "Could not create bob/x: The server answered with the error 502"),
    ],
)
def test_a_message_says_what_was_attempted(body: bytes, status: int, message: str) -> None:
    with pytest.raises(CoprError) as caught, error_context("create bob/x"):
        read_answer(answer(body, status))
    assert caught.value.message.startswith(message)


def test_retry_after_is_a_number_or_a_date() -> None:
    assert refusal(b"", 503, **{"Retry-After": "17"}).retry_after == 17
    later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=60)
    date = email.utils.format_datetime(later, usegmt=True)
    found = refusal(b"", 503, **{"Retry-After": date}).retry_after
    assert found is not None
    assert 55 < found <= 60
    past = "Mon, 01 Jan 2001 00:00:00 GMT"
    assert refusal(b"", 503, **{"Retry-After": past}).retry_after == 0
    assert refusal(b"", 503, **{"Retry-After": "soon"}).retry_after is None


@given(text=st.text(), limit=st.integers(1, 50))
def test_plain_text_is_short_and_has_no_control_characters(text: str, limit: int) -> None:
    shown = plain_text(text, limit)
    assert len(shown) <= limit
    assert not any(ord(one) < 32 and one not in "\t\n" for one in shown)
