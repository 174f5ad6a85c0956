# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong on the way, each named for what it is."""

from __future__ import annotations

import gzip
import socket
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible_collections.fedora.copr.plugins.module_utils._copr.clock import Clock
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import (
    Credentials,
    Settings,
    settings_from,
)

from tools.checkout import CHECKOUT
from unit.lab import EPEL, F43, Lab, attempt
from unit.rawserver import http, issued, raw_server, unused_port

PROJECT = b'{"id": 1, "chroot_repos": {}}'


def client(url: str, **settings: Any) -> Client:
    options: dict[str, Any] = {"retries": 0, "timeout": 5.0, **settings}
    return Client(Settings(url=url, **options), clock=Clock(sleep=lambda seconds: None))


def failure(url: str, **settings: Any) -> CoprError:
    with pytest.raises(CoprError) as caught:
        client(url, **settings).get("project")
    assert caught.value.method == "GET"
    assert caught.value.path == "/api_3/project"
    return caught.value


def test_a_server_that_is_down_is_unreachable() -> None:
    error = failure(f"http://127.0.0.1:{unused_port()}")
    assert error.kind == "unreachable"
    assert "refused" in error.message
    assert (error.transient, error.maybe_done) == (True, False)


def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    error = failure("https://copr.invalid")
    assert error.kind == "unreachable"
    assert "resolved" in error.message
    assert error.maybe_done is False


def test_a_certificate_that_is_not_trusted_is_told(tmp_path: Path) -> None:
    context, _certificate = issued(tmp_path)
    with raw_server(http(PROJECT), context) as server:
        error = failure(server.url)
    assert error.kind == "unreachable"
    assert "certificate" in error.message
    assert "ca_path" in error.message
    assert error.transient is False


def test_a_server_without_tls_is_told() -> None:
    with raw_server(http(PROJECT), patience=1) as server:
        error = failure(server.url.replace("http:", "https:"))
    assert (error.kind, "TLS" in error.message) == ("unreachable", True)


@pytest.mark.parametrize("bundle", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_ca_path_is_trusted_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bundle: str
) -> None:
    context, certificate = issued(tmp_path)
    _other, unrelated = issued(tmp_path / "other")
    monkeypatch.setenv(bundle, str(unrelated))
    with raw_server(http(PROJECT), context) as server:
        settings = settings_from({"copr_url": server.url, "ca_path": str(certificate)})
        assert Client(settings).get("project")["id"] == 1


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_validate_certs_off_trusts_everybody_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, _certificate = issued(tmp_path)
    _other, unrelated = issued(tmp_path / "other")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(unrelated))
    with raw_server(http(PROJECT), context) as server:
        settings = settings_from({"copr_url": server.url, "validate_certs": False})
        assert Client(settings).get("project")["id"] == 1


def test_a_server_that_says_nothing_times_out() -> None:
    with raw_server(lambda connection, _request: connection.recv(1)) as server:
        error = failure(server.url, timeout=0.2)
    assert error.kind == "timeout"
    assert "0.2 seconds" in error.message
    assert error.maybe_done is True


def drip(connection: socket.socket, _request: bytes) -> None:
    """Send a byte in time, until the client gives up, or for so long that it should have."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    until = time.monotonic() + 60
    while time.monotonic() < until:
        connection.sendall(b" ")
        time.sleep(0.01)


def test_a_body_that_drips_for_ever_is_given_up() -> None:
    with raw_server(drip) as server:
        error = failure(server.url, timeout=0.05)
    assert error.kind == "timeout"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a"',
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"nonsense\r\n\r\n",
    ],
)
def test_an_answer_that_breaks_off_is_a_broken_connection(said: bytes) -> None:
    with raw_server(said) as server:
        error = failure(server.url)
    assert error.kind == "unreachable"
    assert "broke" in error.message
    assert (error.transient, error.maybe_done) == (True, True)


def test_a_failure_is_not_taken_for_an_earlier_one_that_is_being_dealt_with() -> None:
    with raw_server(lambda connection, _request: time.sleep(0.6)) as silent:
        error = failure(silent.url, timeout=0.2)
    with raw_server(b"") as server:
        try:
            raise error
        except CoprError:
            assert "broke" in failure(server.url).message


def test_an_answer_that_is_absurdly_large_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "ansible_collections.fedora.copr.plugins.module_utils._copr.wire.transport"
    monkeypatch.setattr(f"{module}.LARGEST_ANSWER", 1000)
    with raw_server(http(b" " * 2000)) as server:
        assert failure(server.url).kind == "unreachable"


def test_an_answer_may_be_packed() -> None:
    body = gzip.compress(PROJECT)
    with raw_server(http(body, Content_Encoding="gzip")) as server:
        assert client(server.url).get("project")["id"] == 1


def test_a_connection_is_kept_between_requests(demo: Lab) -> None:
    ports: set[int] = set()
    app = demo.sim.doorkeeper.app

    def note(environ: dict[str, Any], start: Any) -> Any:
        ports.add(environ["REMOTE_PORT"])
        return app(environ, start)

    demo.sim.doorkeeper.app = note
    demo.do("copr_project", project="alice/demo", chroots=[F43, EPEL], description="new")
    assert len(ports) == 1


def test_the_user_agent_begins_with_copr_and_tells_the_version() -> None:
    with raw_server(http(PROJECT)) as server:
        client(server.url).get("project")
    galaxy = yaml.safe_load((CHECKOUT / "galaxy.yml").read_text(encoding="utf-8"))
    assert f"User-Agent: copr-ansible-collection/{galaxy['version']}\r" in server.heads[0]


# --- redirects ---


def redirecting(lab: Lab, status: str, target: str) -> None:
    def app(_environ: dict[str, Any], start: Any) -> list[bytes]:
        start(status, [("Location", target), ("Content-Length", "0")])
        return [b""]

    lab.before("PUT", "", lambda: app)


@pytest.mark.parametrize("status", ["307 Temporary Redirect", "308 Permanent Redirect"])
def test_a_redirect_on_the_same_server_keeps_method_body_and_login(demo: Lab, status: str) -> None:
    redirecting(demo, status, "/api_3/project/edit/alice/demo/")
    demo.do("copr_project", project="alice/demo", description="new")
    assert demo.settings()["description"] == "new"
    assert [one.user for one in demo.sim.requests if one.method == "PUT"] == ["alice", "alice"]


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "303 See Other"])
def test_a_redirect_that_would_make_a_change_a_get_is_refused(demo: Lab, status: str) -> None:
    redirecting(demo, status, "/api_3/project/edit/alice/demo/")
    error = demo.fail("copr_project", project="alice/demo", description="new")
    assert error.kind == "configuration"
    assert demo.settings()["description"] == ""


def test_a_redirected_get_asks_the_same_question(demo: Lab) -> None:
    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        target = f"/api_3/project/?{environ['QUERY_STRING']}"
        start("308 Permanent Redirect", [("Location", target), ("Content-Length", "0")])
        return [b""]

    queries: list[str] = []
    inner = demo.sim.doorkeeper.app

    def note(environ: dict[str, Any], start: Any) -> Any:
        queries.append(environ["QUERY_STRING"])
        return inner(environ, start)

    demo.before("GET", "project", lambda: app)
    demo.sim.doorkeeper.app = note
    assert demo.do("copr_project", project="alice/demo")["changed"] is False
    assert queries == ["ownername=alice&projectname=demo"] * 2


def test_redirects_in_circles_end() -> None:
    with raw_server(http(b"", "308 X", Location="/api_3/project")) as server:
        error = failure(server.url)
    assert (error.kind, "loop" in error.message) == ("server", True)


@pytest.mark.parametrize("status", ["301", "302", "303", "307", "308"])
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_another_server_gets_neither_credentials_nor_request(method: str, status: str) -> None:
    with raw_server(http(PROJECT)) as other:
        with raw_server(http(b"", f"{status} X", Location=f"{other.url}/x")) as server:
            caller = client(server.url, credentials=Credentials("login", "secret"))
            _answer, error = (
                attempt(lambda: caller.get("auth-check", login=True))
                if method == "GET"
                else attempt(caller.change, "PUT", "project/edit/a/b", {})
            )
        assert other.heads == []
    assert error is not None
    assert error.kind == "configuration"
    assert other.address in error.message
    assert "secret" not in error.message
    assert "Authorization: Basic" in server.heads[0]
