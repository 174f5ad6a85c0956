# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where login and token go, and where they never do."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import (
    Credentials,
    Settings,
    settings_from,
)

from unit.lab import Lab
from unit.rawserver import http, raw_server

TOKEN = "very-secret-token"
LOGIN = {"copr_login": "some-login", "copr_token": TOKEN}
BASIC = "Basic " + base64.b64encode(f"some-login:{TOKEN}".encode()).decode()
WHO = http(b'{"name": "alice"}')


@pytest.mark.parametrize(
    "url", ["http://copr.example.org", "http://192.0.2.1", "http://localhost.x"]
)
def test_a_token_over_plain_http_is_refused_before_anything_is_sent(url: str) -> None:
    client = Client(settings_from({"copr_url": url, **LOGIN}))
    with pytest.raises(CoprError) as caught:
        client.get("auth-check", login=True)
    assert caught.value.kind == "configuration"
    assert "plain HTTP" in caught.value.message
    assert TOKEN not in caught.value.message


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.8.9.1", "[::1]"])
def test_a_token_over_plain_http_may_go_to_this_machine(host: str) -> None:
    assert settings_from({"copr_url": f"http://{host}:1", **LOGIN}).may_send_secrets


def test_what_needs_no_login_gets_no_credentials() -> None:
    with raw_server(http(b"{}")) as server:
        Client(settings_from({"copr_url": server.url, **LOGIN})).get("project")
    assert "Authorization" not in server.heads[0]


def test_what_needs_a_login_gets_the_credentials() -> None:
    with raw_server(WHO) as server:
        assert Client(settings_from({"copr_url": server.url, **LOGIN})).whoami() == "alice"
    assert f"Authorization: {BASIC}" in server.heads[0]


def test_the_users_name_is_asked_once() -> None:
    with raw_server(WHO) as server:
        client = Client(settings_from({"copr_url": server.url, **LOGIN}))
        assert [client.whoami(), client.whoami()] == ["alice", "alice"]
    assert len(server.heads) == 1


def config(tmp_path: Path, url: str) -> str:
    path = tmp_path / "config"
    path.write_text(f"[copr-cli]\ncopr_url={url}\nlogin=some-login\ntoken={TOKEN}\nusername=al\n")
    return str(path)


def test_credentials_of_the_config_file_go_to_its_server(tmp_path: Path) -> None:
    with raw_server(WHO) as server:
        Client(settings_from({"config_file": config(tmp_path, f"{server.url}/")})).whoami()
    assert f"Authorization: {BASIC}" in server.heads[0]


def test_credentials_of_the_config_file_go_to_no_other_server(tmp_path: Path) -> None:
    path = config(tmp_path, "https://copr.example.org")
    with raw_server(WHO) as server:
        settings = settings_from({"config_file": path, "copr_url": server.url})
        assert (settings.credentials, settings.username) == (None, None)
        with pytest.raises(CoprError) as caught:
            Client(settings).whoami()
    assert caught.value.kind == "authentication"
    assert server.heads == []


def test_netrc_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(
        "machine 127.0.0.1 login other password other-secret\ndefault login a password b\n"
    )
    monkeypatch.setenv("NETRC", str(netrc))
    with raw_server(http(b"{}")) as server:
        client = Client(settings_from({"copr_url": server.url}))
        client.get("project")
        b"".join(client.download(f"{server.url}/file"))
    assert len(server.heads) == 2
    assert not any("Authorization" in head for head in server.heads)


def test_netrc_does_not_replace_the_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other-secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with raw_server(WHO) as server:
        Client(settings_from({"copr_url": server.url, **LOGIN})).whoami()
    assert f"Authorization: {BASIC}" in server.heads[0]


def test_a_download_gets_no_credentials_even_from_the_same_server() -> None:
    with raw_server(http(b"log")) as server:
        client = Client(settings_from({"copr_url": server.url, **LOGIN}))
        assert b"".join(client.download(f"{server.url}/log")) == b"log"
    assert "Authorization" not in server.heads[0]


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/x", "//x", ""])
def test_a_download_follows_no_other_scheme(url: str) -> None:
    with pytest.raises(CoprError) as caught:
        list(Client(Settings()).download(url))
    assert caught.value.kind == "server"


def test_credentials_do_not_show_in_representations() -> None:
    settings = Settings(credentials=Credentials("some-login", TOKEN))
    assert TOKEN not in repr(settings)
    assert "some-login" not in repr(settings)


def test_a_wrong_token_is_told_with_where_it_came_from_and_not_what_it_is(
    demo: Lab, tmp_path: Path
) -> None:
    error = demo.fail(
        "copr_project",
        by=None,
        project="alice/demo",
        description="x",
        copr_url=None,
        config_file=config(tmp_path, demo.sim.url),
    )
    assert (error.kind, error.status) == ("authentication", 401)
    assert str(tmp_path / "config") in error.message
    assert TOKEN not in error.message
    assert demo.settings()["description"] == ""
