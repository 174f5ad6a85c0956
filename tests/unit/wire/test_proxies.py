# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Through a proxy: what it may see, and what its failures prove."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.clock import Clock
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import (
    Credentials,
    Settings,
)

from unit.lab import Lab, attempt
from unit.rawserver import Talk, http, issued, raw_server, unused_port

PROJECT = b'{"id": 1, "chroot_repos": {}}'
VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
# No name that a test must not reach is ever resolved: the proxy is asked for it.
ELSEWHERE = "http://copr.example.org"
# An address for documentation, at which there is no machine.
FAR_AWAY = "192.0.2.1"


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what names a proxy for everything."""
    for variable in (*VARIABLES, "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(variable, raising=False)

    def proxy(url: str) -> None:
        for variable in VARIABLES:
            monkeypatch.setenv(variable, url)

    return proxy


def client(url: str, **settings: Any) -> Client:
    plain = Settings(url=url, retries=0, timeout=5.0, **settings)
    return Client(plain, clock=Clock(sleep=lambda seconds: None))


def failure(url: str) -> CoprError:
    _answer, error = attempt(client(url).get, "project")
    assert error is not None
    return error


def test_what_goes_to_this_machine_goes_through_no_proxy(
    demo: Lab, use: Callable[[str], None]
) -> None:
    with raw_server(http(PROJECT)) as proxy:
        use(proxy.url)
        demo.do("copr_project", project="alice/demo", description="new")
        assert demo.settings()["description"] == "new"
        url = f"{demo.sim.url}/results/alice/demo/nothing"
        assert attempt(lambda: list(demo.client().download(url)))[1] is not None
        assert proxy.heads == []


def test_other_servers_are_reached_through_the_proxy(use: Callable[[str], None]) -> None:
    with raw_server(http(PROJECT)) as proxy:
        use(proxy.url)
        assert client(ELSEWHERE).get("project")["id"] == 1
        assert proxy.heads[0].startswith(f"GET {ELSEWHERE}/api_3/project")


def reset(connection: socket.socket, _request: bytes) -> None:
    """Break the connection after the request was read, as when its other side breaks."""
    linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    connection.close()


@pytest.mark.parametrize("says", [reset, b"", b"nonsense\r\n\r\n"])
def test_a_proxy_that_breaks_off_may_have_passed_the_request_on(
    use: Callable[[str], None], says: Any
) -> None:
    with raw_server(says) as proxy:
        use(proxy.url)
        error = failure(ELSEWHERE)
    assert (error.kind, error.transient, error.maybe_done) == ("unreachable", True, True)


def tunnel(target: str) -> Talk:
    """Return a proxy that makes tunnels, each of them to C(target)."""

    def relay(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def talk(connection: socket.socket, _request: bytes) -> None:
        host, _colon, port = target.partition(":")
        with socket.create_connection((host, int(port))) as server:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=relay, args=(server, connection), daemon=True)
            back.start()
            relay(connection, server)
            back.join()

    return talk


def submission_through(proxy: str, certificate: Path, use: Callable[[str], None]) -> CoprError:
    use(proxy)
    settings = {"credentials": Credentials("login", "token"), "verify": str(certificate)}
    caller = client(f"https://{FAR_AWAY}", **settings)
    _answer, error = attempt(caller.submit, "build/create/url", {})
    assert error is not None
    return error


@pytest.mark.parametrize("says", [reset, b"", b"nonsense\r\n\r\n"])
def test_a_tunnel_that_breaks_off_may_have_passed_a_submission_on(
    use: Callable[[str], None], tmp_path: Path, says: Any
) -> None:
    context, certificate = issued(tmp_path, FAR_AWAY)
    with raw_server(says, context) as server, raw_server(tunnel(server.address)) as proxy:
        error = submission_through(proxy.url, certificate, use)
        assert server.heads[0].startswith("POST /api_3/build/create/url")
    assert (error.kind, error.transient, error.maybe_done) == ("unreachable", True, True)


@pytest.mark.parametrize(
    "says", [reset, b"", b"HTTP/1.1 403 No\r\n\r\n", b"HTTP/1.1 200 Yes\r\n\r\n"]
)
def test_a_tunnel_that_is_not_made_has_passed_nothing_on(
    use: Callable[[str], None], tmp_path: Path, says: Any
) -> None:
    _context, certificate = issued(tmp_path, FAR_AWAY)
    with raw_server(says) as proxy:
        error = submission_through(proxy.url, certificate, use)
    assert (error.kind, error.maybe_done) == ("unreachable", False)


def test_a_redirect_to_this_machine_goes_through_no_proxy(use: Callable[[str], None]) -> None:
    with raw_server(http(b"here")) as here:
        with raw_server(http(b"", "302 Found", Location=f"{here.url}/x")) as proxy:
            use(proxy.url)
            assert b"".join(client(ELSEWHERE).download(f"{ELSEWHERE}/x")) == b"here"
        assert len(proxy.heads) == len(here.heads) == 1


def test_a_proxy_without_a_usable_address(use: Callable[[str], None]) -> None:
    use("http://")
    error = failure(ELSEWHERE)
    assert (error.kind, "proxy" in error.message) == ("configuration", True)


@pytest.mark.parametrize(
    ("proxy", "says"),
    [
        ("http://127.0.0.1:{port}", "proxy refused the connection"),
        ("http://proxy.invalid:3128", "proxy's name can't be resolved"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_can_not_be_reached_has_passed_nothing_on(
    use: Callable[[str], None], proxy: str, says: str, scheme: str
) -> None:
    use(proxy.format(port=unused_port()))
    error = failure(f"{scheme}://copr.example.org")
    assert (error.kind, error.transient, error.maybe_done) == ("unreachable", True, False)
    assert says in error.message


def test_a_proxy_that_refuses_a_tunnel_has_passed_nothing_on(use: Callable[[str], None]) -> None:
    with raw_server(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n") as proxy:
        use(proxy.url)
        error = failure("https://copr.example.org")
    assert (error.kind, error.transient, error.maybe_done) == ("unreachable", True, False)
    assert "proxy" in error.message
