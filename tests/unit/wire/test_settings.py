# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import (
    ENVIRONMENT,
    PUBLIC_COPR,
    ConfigFile,
    from_environment,
    is_loopback,
    read_config_file,
    settings_from,
)
from hypothesis import example, given
from hypothesis import strategies as st

from unit.lab import attempt

SECRET = "0123-secret"
OFFICIAL = f"""\
[copr-cli]
login = some-login
username = alice
token = {SECRET}
copr_url = https://copr.example.org
# expiration date: 2027-01-31
"""


def test_the_file_the_server_hands_out_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "copr"
    path.write_text(OFFICIAL)
    config = read_config_file(str(path))
    assert (config.url, config.username) == ("https://copr.example.org", "alice")
    assert config.credentials is not None
    assert (config.credentials.login, config.credentials.token) == ("some-login", SECRET)
    assert str(config.credentials.expires) == "2027-01-31"
    assert config.credentials.origin == str(path)


def test_the_default_file_may_be_missing_and_is_used_where_it_is() -> None:
    assert read_config_file(None) == ConfigFile()
    home = Path("~/.config").expanduser()
    home.mkdir()
    (home / "copr").write_text(OFFICIAL)
    settings = settings_from({})
    assert (settings.url, settings.username) == ("https://copr.example.org", "alice")


def test_without_anything_the_public_server_is_meant() -> None:
    settings = settings_from({})
    assert (settings.url, settings.credentials, settings.gssapi) == (PUBLIC_COPR, None, False)


def test_options_win_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "copr"
    path.write_text(OFFICIAL)
    options = {"copr_login": "l", "copr_token": "t", "copr_username": "bob"}
    settings = settings_from({"config_file": str(path), **options})
    assert settings.credentials is not None
    assert (settings.credentials.token, settings.username) == ("t", "bob")


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("gssapi = yes\n", {}, True),
        ("gssapi = yes\n", {"gssapi": False}, False),
        ("gssapi = yes\nlogin=a\ntoken=b\n", {}, False),
        ("gssapi = yes\nlogin=a\ntoken=b\n", {"gssapi": True}, True),
        ("gssapi = yes\n", {"copr_url": "https://other.example.org"}, False),
        ("", {}, False),
    ],
)
def test_kerberos(tmp_path: Path, text: str, options: dict[str, Any], expected: bool) -> None:
    path = tmp_path / "copr"
    path.write_text(f"[copr-cli]\n{text}")
    assert settings_from({"config_file": str(path), **options}).gssapi is expected


def test_a_percent_sign_in_a_token_is_itself(tmp_path: Path) -> None:
    path = tmp_path / "copr"
    path.write_text("[copr-cli]\nlogin=a\ntoken=%(x)s%%\n")
    credentials = read_config_file(str(path)).credentials
    assert credentials is not None
    assert credentials.token == "%(x)s%%"


@pytest.mark.parametrize(
    "text", [OFFICIAL, OFFICIAL.replace("\n", "\r\n"), "[copr-cli]", "login=a\ntoken=b", "token: b"]
)
def test_a_variable_with_the_text_of_a_file_is_the_text(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPR_CONFIG", text)
    assert from_environment("config_content") == text
    assert from_environment("config_file") is None


@pytest.mark.parametrize("path", ["~/.config/copr", "/a b/copr", "token/copr"])
def test_a_variable_with_a_path_is_the_path(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPR_CONFIG", path)
    assert from_environment("config_content") is None
    assert from_environment("config_file") == path


@pytest.mark.parametrize("option", ENVIRONMENT)
@pytest.mark.parametrize("value", ["", " ", "\n"])
def test_an_empty_variable_says_nothing(
    option: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENVIRONMENT[option], value)
    assert from_environment(option) is None


def test_content_is_a_file_without_a_file() -> None:
    settings = settings_from({"config_content": OFFICIAL})
    assert (settings.url, settings.username) == ("https://copr.example.org", "alice")
    assert settings.credentials is not None
    assert settings.credentials.origin == "config_content"
    assert str(settings.credentials.expires) == "2027-01-31"


def test_what_the_task_gives_wins_over_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = tmp_path / "copr", OFFICIAL.replace("alice", "bob")
    path.write_text(OFFICIAL)
    # The options as validation leaves them, with those of the environment among them.
    monkeypatch.setenv("COPR_CONFIG", other)
    options = {"config_file": str(path), "config_content": other}
    assert settings_from(options).username == "alice"
    monkeypatch.setenv("COPR_CONFIG", str(path))
    assert settings_from(options).username == "bob"
    monkeypatch.delenv("COPR_CONFIG")
    _settings, error = attempt(settings_from, options)
    assert error is not None
    assert error.message == "Set config_file or config_content, not both."


@pytest.mark.parametrize(
    ("variables", "origin"),
    [
        ({}, "the options copr_login and copr_token"),
        (
            {"COPR_LOGIN": "l", "COPR_TOKEN": "t"},
            "the environment variables COPR_LOGIN and COPR_TOKEN",
        ),
        (
            {"COPR_LOGIN": "other", "COPR_TOKEN": "t"},
            "the option copr_login and the environment variable COPR_TOKEN",
        ),
    ],
)
def test_where_credentials_come_from(
    variables: dict[str, str], origin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    credentials = settings_from({"copr_login": "l", "copr_token": "t"}).credentials
    assert credentials is not None
    assert credentials.origin == origin


def test_a_misspelt_key_is_told_and_one_of_others_is_left_aside(tmp_path: Path) -> None:
    path = tmp_path / "copr"
    path.write_text(OFFICIAL + f"colour = {SECRET}\n")
    assert read_config_file(str(path)).username == "alice"
    path.write_text(OFFICIAL.replace("copr_url", "copr_ulr"))
    _config, error = attempt(read_config_file, str(path))
    assert error is not None
    assert error.message == (
        f"The config file {path} can't be used: it has a misspelt key; did you mean copr_url?"
    )


@pytest.mark.parametrize("character", ["\u20ac", "\x07"])
def test_a_character_that_no_token_has_is_told_wherever_it_comes_from(character: str) -> None:
    token = SECRET + character
    content = f"[copr-cli]\nlogin = l\ntoken = {token}x\n"
    for options in ({"copr_login": "l", "copr_token": token}, {"config_content": content}):
        _settings, error = attempt(settings_from, options)
        assert error is not None
        assert "a character that is not allowed" in error.message
        assert SECRET not in error.message


LINE = st.sampled_from(
    [
        "[copr-cli]",
        "[other]",
        "login = x",
        f"token = {SECRET}",
        f"token: {SECRET}",
        SECRET,
        f"  {SECRET}",
        f"gssapi = {SECRET}",
        f"encrypted = {SECRET}",
        f"[{SECRET}",
        f"copr_url = {SECRET}",
        "# expiration date: 2027-99-99",
        "# expiration date: 2027-01-01",
        "=",
        "\x00",
    ]
)


@given(text=st.text() | st.lists(LINE).map("\n".join))
@example(text=f"{SECRET}\n[copr-cli]")
@example(text=f"[copr-cli]\nlogin = x\ntoken = {SECRET}\ntoken = {SECRET}")
def test_any_text_is_a_config_or_an_error_that_keeps_the_token(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("config") / "copr"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    _config, error = attempt(read_config_file, str(path))
    _settings, other = attempt(settings_from, {"config_content": text})
    if error:
        assert error.kind == "configuration"
        assert SECRET not in error.message
        assert str(path) in error.message
    if other:
        assert SECRET not in other.message


@given(url=st.text() | st.text().map(lambda rest: f"http://{rest}"))
@example(url="http://[")
@example(url="http://a:99999999")
@example(url="http://\u2100/")
def test_any_address_is_accepted_or_refused_in_a_sentence(url: str) -> None:
    settings, error = attempt(settings_from, {"copr_url": url})
    if error:
        assert error.kind == "configuration"
    else:
        assert settings.url.startswith(("http://", "https://"))
        assert not settings.url.endswith("/")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_what_is_this_machine(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
