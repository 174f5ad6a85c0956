# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Both ways of running hide the same secrets, wherever they come from and whoever repeats them."""

from __future__ import annotations

import base64
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from ansible.module_utils.common.parameters import PASS_VARS
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.secrets import HIDDEN_PART
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import ENVIRONMENT
from ansible_collections.fedora.copr.plugins.plugin_utils._copr import in_controller
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.in_controller import Call, run_here

from unit.controller.cases import MODULES
from unit.controller.differences import shown_by_ansible
from unit.lab import Lab, module_arguments, module_named
from unit.rawserver import RawServer, http, raw_server

Options = dict[str, Any]
Run = Callable[[str, Options], Options]

LOGIN, TOKEN, SECRET = "planted-login-7d1f", "planted-token/c0ffee", "planted-password-5ec2e7"
HEADER = base64.b64encode(f"{LOGIN}:{TOKEN}".encode()).decode()
ASKED = {"path": "auth-check", "login": True, "retries": 0}


@pytest.fixture(autouse=True)
def _no_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_controller, "_clients", {})


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a module both ways, and gives the result that both must come to."""

    def ran(module: str, options: Options) -> Options:
        internal: Options = {"_ansible_module_name": f"fedora.copr.{module}", "_ansible_diff": True}
        if "inject_invocation" in PASS_VARS:
            internal["_ansible_inject_invocation"] = True
        with module_arguments({**options, **internal}), pytest.raises(SystemExit):
            module_named(module).main()
        printed = shown_by_ansible(json.loads(capsys.readouterr().out))
        assert run_here(Call(module, options, False, True, True, None)) == printed
        return printed

    return ran


def repeating(status: str) -> Callable[[socket.socket, bytes], None]:
    """Return a server's talk that repeats the header Authorization in many forms."""

    def talk(connection: socket.socket, request: bytes) -> None:
        head = request.decode("latin-1")
        header = head.partition("Basic ")[2].partition("\r\n")[0]
        login, _colon, token = base64.b64decode(header).decode().partition(":")
        forms = [header, quote(header, safe=""), header.rstrip("="), login, token, quote(token, "")]
        body = {
            "error": f"No: {' '.join(forms)}",
            "message": " ".join(forms),
            "name": "alice",
            token: {header: forms},
        }
        connection.sendall(http(json.dumps(body).encode(), status))

    return talk


@pytest.fixture(params=["200 OK", "401 UNAUTHORIZED", "403 FORBIDDEN", "500 ERROR"])
def server(request: pytest.FixtureRequest) -> Iterator[RawServer]:
    """Return a server that repeats what it was sent."""
    with raw_server(repeating(request.param)) as raw:
        yield raw


def config(url: str) -> str:
    return f"[copr-cli]\ncopr_url = {url}\nlogin = {LOGIN}\ntoken = {TOKEN}\n"


@pytest.mark.parametrize("source", ["options", "environment", "file", "content", "COPR_CONFIG"])
def test_a_server_that_repeats_the_login(
    server: RawServer,
    run: Run,
    source: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options: Options = {**ASKED}
    if source == "options":
        options |= {"copr_url": server.url, "copr_login": LOGIN, "copr_token": TOKEN}
    elif source == "environment":
        monkeypatch.setenv("COPR_LOGIN", LOGIN)
        monkeypatch.setenv("COPR_TOKEN", TOKEN)
        monkeypatch.setenv("COPR_URL", server.url)
    elif source == "file":
        (tmp_path / "config").write_text(config(server.url))
        options["config_file"] = str(tmp_path / "config")
    elif source == "content":
        options["config_content"] = config(server.url)
    else:
        monkeypatch.setenv("COPR_CONFIG", config(server.url))
    shown = json.dumps(run("copr_api", options))
    assert f"Basic {HEADER}" in server.heads[0]
    for secret in (LOGIN, TOKEN, quote(TOKEN, ""), HEADER[:-2]):
        assert secret not in shown
    assert HIDDEN_PART in shown


# Of each module the options, beside those that it must have, that hold an address with a password.
ADDRESSES: dict[str, list[Options]] = {
    "copr_build": [
        {"scm": {"clone_url": f"https://oauth2:{SECRET}@example.org/hello.git"}},
        {"scm": {"clone_url": f"https://{SECRET}@example.org/hello.git"}, "pin": True},
        {"url": [f"https://me:{SECRET}@example.org/hello-1-1.src.rpm"]},
        {"custom": {"script": f"git clone https://me:{SECRET}@example.org/x"}},
        {"custom": {"script": "true", "repos": [f"https://me:{SECRET}@example.org/x"]}},
        {"scm": {"clone_url": f"https://me:{SECRET}@example.org/hello.git"}, "colour": "red"},
        {"scm": {"clone_url": f"https://me:{SECRET}@example.org/hello.git", "colour": "red"}},
        {"url": [f"https://me:{SECRET}@example.org/hello-1-1.src.rpm"], "wait": "perhaps"},
    ],
    "copr_project": [
        {"homepage": f"https://me:{SECRET}@example.org/"},
        {"contact": f"https://me:{SECRET}@example.org/"},
        {"additional_repos": [f"https://me:{SECRET}@example.org/"]},
        {"runtime_dependencies": [f"https://me:{SECRET}@example.org/"]},
        {"description": f"See https://me:{SECRET}@example.org/"},
    ],
    "copr_api": [
        {"path": "package/add", "method": "POST", "body": {"a": {"b": [f"https://x:{SECRET}@y/"]}}},
        {"path": f"https://me:{SECRET}@example.org/"},
        {"path": "package/add", "method": "POST", "body": {f"https://x:{SECRET}@y/": 1}},
    ],
}
CASES = [(module, options) for module, each in ADDRESSES.items() for options in each]


@pytest.mark.parametrize(("module", "options"), CASES)
def test_an_address_with_a_password(demo: Lab, run: Run, module: str, options: Options) -> None:
    demo.forget()
    needed: Options = {} if module == "copr_api" else {"project": "alice/demo"}
    if module == "copr_build":
        needed["wait"] = False
    login = {"copr_url": demo.sim.url, "copr_login": "alice-login", "copr_token": "alice-token"}
    result = run(module, {**login, **needed, **options})
    assert result["failed"] is True
    assert SECRET not in json.dumps(result)
    assert demo.calls == []


@pytest.mark.parametrize("module", MODULES)
def test_an_address_of_the_server_with_a_password(run: Run, module: str) -> None:
    good, _bad = MODULES[module]
    result = run(module, {**good, "copr_url": f"https://me:{SECRET}@example.org"})
    assert "must not contain credentials" in result["msg"]
    assert SECRET not in json.dumps(result)


@pytest.mark.parametrize("module", MODULES)
def test_the_text_of_a_config_file_in_place_of_its_path(run: Run, module: str) -> None:
    good, _bad = MODULES[module]
    result = run(module, {**good, "config_file": config("http://127.0.0.1:1")})
    assert "use config_content" in result["msg"]
    assert TOKEN not in json.dumps(result)
    assert LOGIN not in json.dumps(result)


@pytest.mark.parametrize(
    "text",
    [
        f"[copr-cli]\nlogin = {LOGIN}\n{TOKEN}\n",
        f"login = {LOGIN}\ntoken = {TOKEN}\n",
        f"login={LOGIN} token={TOKEN}",
        f"[copr-cli]\nlogin = {LOGIN}\ntokne = {TOKEN}\n",
        f"[copr-cli]\ngssapi = {TOKEN}\n",
    ],
)
@pytest.mark.parametrize("source", ["content", "COPR_CONFIG"])
def test_a_text_that_is_no_config(
    run: Run, text: str, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options: Options = {}
    if source == "content":
        options["config_content"] = text
    else:
        monkeypatch.setenv("COPR_CONFIG", text)
    result = run("copr_auth_info", options)
    assert result["error"]["kind"] == "configuration"
    assert ("COPR_CONFIG" if source == "COPR_CONFIG" else "config_content") in result["msg"]
    assert TOKEN not in json.dumps(result)
    assert LOGIN not in json.dumps(result)


@pytest.mark.parametrize("value", ["", " "])
def test_empty_variables_are_as_if_not_set(
    demo: Lab, run: Run, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in set(ENVIRONMENT.values()) - {"COPR_URL"}:
        monkeypatch.setenv(name, value)
    options = {"copr_url": demo.sim.url, "project": "alice/demo"}
    result = run("copr_project_info", options)
    assert not result.get("failed"), result["msg"]
    arguments = result["invocation"]["module_args"]
    assert arguments["request_timeout"] == 60.0
    assert arguments["config_file"] is None


def test_a_server_that_repeats_a_new_login(tmp_path: Path) -> None:
    """The items of a loop share a client; what one item gets must not show in the next."""
    login, token = "made-login-0af3", "made-token/b00c"
    forms = {login, token, quote(token, ""), base64.b64encode(f"{login}:{token}".encode()).decode()}
    made = {"api_login": login, "api_token": token, "expiration": token}

    def talk(connection: socket.socket, request: bytes) -> None:
        header = base64.b64encode(f"{LOGIN}:{TOKEN}".encode())
        if header in request:
            connection.sendall(http(json.dumps(made).encode(), "200 OK"))
        else:
            told = {"error": f"No: {' '.join(forms)} {LOGIN} {TOKEN}"}
            connection.sendall(http(json.dumps(told).encode(), "403 FORBIDDEN"))

    with raw_server(talk) as server:
        path = tmp_path / "config"
        path.write_text(config(server.url) + "# expiration date: 2020-01-01\n")
        options = {"config_file": str(path), "retries": 0}
        first = run_here(Call("copr_token", options, False, True, True, None))
        assert token in path.read_text()
        path.write_text(path.read_text().replace("unknown", "2020-01-01"))
        second = run_here(Call("copr_token", options, False, True, True, None))
    assert first is not None
    assert second is not None
    assert (first["changed"], second["error"]["kind"]) == (True, "permission")
    assert HIDDEN_PART in second["msg"]
    for secret in (*forms, LOGIN, TOKEN):
        assert secret not in json.dumps([first, second])
