# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logins and servers that fail: one clear sentence, the right kind, nothing changed."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from unit.lab import Lab, answering, refused
from unit.rawserver import http, issued, raw_server, unused_port

PROJECT: dict[str, Any] = {"project": "alice/demo"}
EDIT: dict[str, Any] = {**PROJECT, "description": "new"}


# --- logging in ---


def test_no_credentials_where_they_are_needed(demo: Lab) -> None:
    error = refused(demo, "copr_project", by=None, **EDIT)
    assert error.kind == "authentication"
    assert "copr_login" in error.message
    assert demo.changes == []


def test_no_credentials_are_needed_to_find_all_as_wanted(demo: Lab) -> None:
    assert demo.do("copr_project", by=None, **PROJECT)["changed"] is False


def test_a_wrong_token(demo: Lab) -> None:
    error = refused(demo, "copr_project", **EDIT, copr_token="wrong-token")
    assert (error.kind, error.status) == ("authentication", 401)
    assert "login or token" in error.message
    assert "wrong-token" not in error.message


def test_half_a_pair_of_credentials(demo: Lab) -> None:
    error = refused(demo, "copr_project", by=None, **EDIT, copr_login="x")
    assert (error.kind, "copr_token" in error.message) == ("configuration", True)


def config(lab: Lab, text: str) -> str:
    path = lab.tmp_path / "config"
    path.write_text(text.format(url=lab.sim.url))
    return str(path)


STORED = "[copr-cli]\ncopr_url = {url}\nlogin = alice-login\ntoken = {{token}}\n"


@pytest.mark.parametrize(("days", "word"), [(-3, "expired"), (3, "expires")])
def test_a_token_that_expires_is_warned_of(demo: Lab, days: int, word: str) -> None:
    day = datetime.date.today() + datetime.timedelta(days=days)
    text = STORED.replace("{{token}}", "alice-token") + f"# expiration date: {day}\n"
    demo.do("copr_project", by=None, copr_url=None, config_file=config(demo, text), **PROJECT)
    (warning,) = demo.warnings
    assert word in warning
    # The server renews no token that has expired.
    assert ("copr_token" in warning) is (days >= 0)
    assert day.isoformat() in warning
    assert "alice-token" not in warning


def test_a_token_that_is_good_for_long_is_not_warned_of(demo: Lab) -> None:
    day = datetime.date.today() + datetime.timedelta(days=100)
    text = STORED.replace("{{token}}", "alice-token") + f"# expiration date: {day}\n"
    file = config(demo, text)
    result = demo.do("copr_project", by=None, copr_url=None, config_file=file, **EDIT)
    assert result["changed"] is True
    assert demo.warnings == []


def test_an_expired_token_is_told_with_its_day(demo: Lab) -> None:
    text = STORED.replace("{{token}}", "old-token") + "# expiration date: 2020-02-02\n"
    options = {"copr_url": None, "config_file": config(demo, text)}
    error = refused(demo, "copr_project", by=None, **EDIT, **options)
    assert error.kind == "authentication"
    assert "2020-02-02" in error.message
    assert "old-token" not in error.message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("login = x\ntoken = secret-token\n", "section"),
        ("[other]\nlogin = x\ntoken = secret-token\n", "copr-cli"),
        ("[copr-cli]\nlogin = x\nsecret-token\n", "line 3"),
        ("[copr-cli]\ntoken = secret-token\ntoken = secret-token\n", "line 3"),
        ("[copr-cli]\ntoken = secret-token\n", "login"),
        ("[copr-cli]\nlogin = x\ntoken = secret-token\nencrypted = secret-token\n", "encrypted"),
        ("[copr-cli]\nlogin = x\ntoken = secret-token\ncopr_url = ftp://x\n", "copr_url"),
    ],
)
def test_a_config_file_that_is_malformed(demo: Lab, text: str, told: str) -> None:
    error = refused(demo, "copr_project", by=None, **EDIT, config_file=config(demo, text))
    assert error.kind == "configuration"
    assert told in error.message
    assert "secret-token" not in error.message
    assert demo.calls == []


def test_a_config_file_that_is_missing(demo: Lab) -> None:
    path = str(demo.tmp_path / "none")
    error = refused(demo, "copr_project", by=None, **EDIT, config_file=path)
    assert (error.kind, path in error.message) == ("configuration", True)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", None])
def test_a_config_file_that_is_no_file_of_text(demo: Lab, content: bytes | None) -> None:
    path = demo.tmp_path / "config"
    path.mkdir() if content is None else path.write_bytes(content)
    error = refused(demo, "copr_project", by=None, **EDIT, config_file=str(path))
    assert error.kind == "configuration"


@pytest.mark.parametrize(
    "options",
    [
        {"copr_url": "copr.example.org"},
        {"copr_url": "ftp://copr.example.org"},
        {"copr_url": "http://[x"},
        {"copr_url": "https://user:pass@copr.example.org"},
        {"copr_url": "https://copr.example.org:port"},
        {"request_timeout": 0},
        {"request_timeout": -1.5},
        {"retries": -1},
        {"ca_path": "/no/such/file"},
    ],
)
def test_connection_options_that_can_not_be(demo: Lab, options: dict[str, Any]) -> None:
    error = refused(demo, "copr_project", **EDIT, **options)
    assert error.kind == "configuration"
    assert next(iter(options)) in error.message
    assert "pass@" not in error.message


# --- the way to the server ---


def test_a_server_that_is_down(demo: Lab) -> None:
    url = f"http://127.0.0.1:{unused_port()}"
    error = refused(demo, "copr_project", **EDIT, copr_url=url, retries=2)
    assert (error.kind, error.attempts) == ("unreachable", 3)
    assert len(demo.slept) == 2


def test_a_server_whose_name_does_not_resolve(demo: Lab) -> None:
    error = refused(demo, "copr_project", **EDIT, copr_url="https://copr.invalid", retries=0)
    assert (error.kind, "resolved" in error.message) == ("unreachable", True)


def test_a_server_whose_certificate_is_not_trusted(demo: Lab) -> None:
    context, _certificate = issued(demo.tmp_path)
    with raw_server(http(b"{}"), context) as server:
        error = refused(demo, "copr_project", **EDIT, copr_url=server.url)
    assert (error.kind, "certificate" in error.message) == ("unreachable", True)


def test_a_token_over_plain_http(demo: Lab) -> None:
    error = refused(demo, "copr_project", project="demo", copr_url="http://copr.example.org")
    assert (error.kind, "plain HTTP" in error.message) == ("configuration", True)


HTML = "<!DOCTYPE html><html><title>{}</title></html>"


@pytest.mark.parametrize("module", ["copr_project", "copr_build_info"])
@pytest.mark.parametrize(
    ("body", "status", "kind", "told"),
    [
        (HTML.format("Proxy"), "200 OK", "server", "HTML"),
        (HTML.format("Making sure you're not a bot!"), "200 OK", "bot_wall", "bot wall"),
        (HTML.format("Anubis"), "403 No", "bot_wall", "bot wall"),
        (HTML.format("Bad gateway"), "502 Bad", "server", "502"),
        (HTML.format("Not here"), "404 No", "server", "404"),
        ("", "200 OK", "server", "an empty answer"),
        ("[1, 2]", "200 OK", "server", "JSON"),
        ("{broken", "200 OK", "server", "JSON"),
        ('{"unexpected": 1}', "200 OK", "server", "answer"),
        ("null", "200 OK", "server", "JSON"),
    ],
)
def test_an_answer_that_is_not_of_copr(
    demo: Lab, module: str, body: str, status: str, kind: str, told: str
) -> None:
    html = {"Content_Type": "text/html"} if body.startswith("<") else {}
    demo.before("GET", "", answering(body.encode(), status, **html))
    error = refused(demo, module, **PROJECT, retries=0)
    assert error.kind == kind
    assert told in error.message


def test_a_proxy_that_fails_for_a_while_is_waited_for(demo: Lab) -> None:
    demo.sim.fault("status", status=503, times=3)
    demo.sim.fault("html", times=1)
    assert demo.do("copr_project", **EDIT)["changed"] is True
    assert len(demo.slept) == 4


def test_an_edit_goes_through_every_fault_and_is_made_once(demo: Lab) -> None:
    for fault in ("lose_answer", "reset_before", "cut", "html"):
        demo.sim.fault(fault, path="/project/edit/")
    assert demo.do("copr_project", **EDIT)["project"]["description"] == "new"


def test_the_error_tells_request_and_attempts(demo: Lab) -> None:
    demo.sim.fault("status", status=502, path="/project/edit/", times=9)
    error = demo.fail("copr_project", **EDIT, retries=1)
    assert error.details() == {
        "kind": "server",
        "status": 502,
        "method": "PUT",
        "path": "/api_3/project/edit/alice/demo",
        "server_message": None,
        "attempts": 2,
    }
