# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every request has an end, however slowly the server goes on talking."""

from __future__ import annotations

import contextlib
import io
import math
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from ansible_collections.fedora.copr.plugins.module_utils._copr.clock import Clock
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire import transport, watch
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import (
    Credentials,
    Settings,
)

from unit.lab import STEP, Lab
from unit.rawserver import http, issued, raw_server

# Seconds: the limit of a request, and how long a server goes on dripping.
LIMIT, FOR_EVER = 0.3, 20.0
PROJECT = b'{"id": 1, "chroot_repos": {}}'
HEADERS = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
Talk = Callable[[socket.socket, bytes], None]


def dripping(at_once: bytes, drops: bytes) -> Talk:
    """Return a server that says something, and then the same few bytes again and again."""

    def talk(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(at_once)
        until = time.monotonic() + FOR_EVER
        while time.monotonic() < until:
            for byte in drops:
                connection.sendall(bytes([byte]))
                time.sleep(0.02)

    return talk


def client(url: str, verify: bool | str = True) -> Client:
    settings = Settings(url=url, retries=0, timeout=LIMIT, verify=verify)
    return Client(settings, clock=Clock(sleep=lambda seconds: None))


@pytest.fixture
def _soon() -> Iterator[None]:
    """Fail what takes far longer than the limits allow, on the slowest machine, too."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < FOR_EVER / 2


TALKS = {
    "status line": dripping(b"", b"H"),
    "headers": dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"),
    "body": dripping(HEADERS, b" "),
    "chunks": dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
}


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS)
def test_what_drips_is_given_up(talk: Talk) -> None:
    with raw_server(talk) as server, pytest.raises(CoprError) as caught:
        client(server.url).get("project")
    assert (caught.value.kind, caught.value.maybe_done) == ("timeout", True)


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize("where", ["headers", "body"])
def test_what_drips_over_tls_is_given_up(tmp_path: Path, where: str) -> None:
    context, certificate = issued(tmp_path)
    with raw_server(TALKS[where], context) as server, pytest.raises(CoprError) as caught:
        client(server.url, verify=str(certificate)).get("project")
    assert caught.value.kind == "timeout"


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize("where", TALKS)
def test_a_file_that_drips_is_given_up(where: str) -> None:
    with raw_server(TALKS[where]) as server, pytest.raises(CoprError) as caught:
        list(client(server.url).download(f"{server.url}/x"))
    assert caught.value.kind == "timeout"


@pytest.mark.usefixtures("_soon")
def test_a_tunnel_whose_headers_drip_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with raw_server(TALKS["headers"]) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        with pytest.raises(CoprError) as caught:
            client("https://copr.example.org").get("project")
    assert (caught.value.kind, caught.value.maybe_done) == ("unreachable", False)
    assert "took too long" in caught.value.message


@pytest.mark.usefixtures("_soon")
def test_a_handshake_that_drips_is_given_up() -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        with contextlib.suppress(OSError), listener.accept()[0] as connection:
            connection.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16 KiB
            while True:
                connection.sendall(b"\x02")
                time.sleep(0.02)

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    with listener, pytest.raises(CoprError) as caught:
        client(f"https://127.0.0.1:{listener.getsockname()[1]}").get("project")
    thread.join()
    assert (caught.value.kind, caught.value.maybe_done) == ("unreachable", False)


@pytest.mark.usefixtures("_soon")
def test_redirects_of_a_file_end() -> None:
    def talk(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(http(b"", "302 Found", Location="/x"))

    with raw_server(talk) as server, pytest.raises(CoprError) as caught:
        list(client(server.url).download(f"{server.url}/x"))
    assert caught.value.kind == "unreachable"
    assert len(server.heads) <= transport.MOST_REDIRECTS + 1


def slow(connection: socket.socket, request: bytes) -> None:
    """Take a file slowly, and then answer."""
    size = int(request.lower().partition(b"content-length:")[2].split()[0])
    taken = len(request.partition(b"\r\n\r\n")[2])
    while taken < size:
        # What the buffers of the system hold when the last piece is sent is taken at once.
        time.sleep(LIMIT / 6 if taken < size / 2 else 0)
        taken += len(connection.recv(256 * 1024))
    connection.sendall(http(PROJECT))


def upload(url: str) -> Any:
    settings = Settings(url=url, timeout=LIMIT, credentials=Credentials("login", "token"))
    file = io.BytesIO(b"x" * 16 * 1024 * 1024)
    return Client(settings).submit_file("build/create/upload", {}, file, "a-1-1.src.rpm")


def test_a_file_may_be_sent_for_long_while_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "LONGEST_CONNECT", LIMIT / 10)
    started = time.monotonic()
    with raw_server(slow) as server:
        assert upload(server.url)["id"] == 1
    assert time.monotonic() - started > 2 * LIMIT


def silent(_connection: socket.socket, _request: bytes) -> None:
    """Take nothing, and say nothing."""
    time.sleep(4 * LIMIT)


@pytest.mark.usefixtures("_soon")
def test_a_file_that_is_not_taken_is_given_up() -> None:
    with raw_server(silent) as server, pytest.raises(CoprError) as caught:
        upload(server.url)
    assert (caught.value.kind, caught.value.maybe_done) == ("timeout", True)


def test_a_file_may_take_long_while_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "PATIENCE", 1)
    monkeypatch.setattr(transport, "PIECE", 1)

    def talk(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
        for _piece in range(10):
            time.sleep(LIMIT / 5)
            connection.sendall(b"x")

    with raw_server(talk) as server:
        assert b"".join(client(server.url).download(f"{server.url}/x")) == b"x" * 10


@pytest.mark.usefixtures("_soon")
def test_a_hurried_client_takes_the_time_that_is_left() -> None:
    with raw_server(TALKS["headers"]) as server:
        patient = Client(Settings(url=server.url, retries=3, timeout=FOR_EVER))
        with pytest.raises(CoprError) as caught:
            patient.hurried(LIMIT).get("project")
    assert (caught.value.kind, caught.value.attempts) == ("timeout", 1)


def test_the_last_looks_of_a_wait_and_the_details_have_no_more_time_than_is_left(
    demo: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[float] = []
    send = transport.Transport.send

    def note(self: transport.Transport, *arguments: object, **more: object) -> object:
        limits.append(float(str(more["limit"])))
        return send(self, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(transport.Transport, "send", note)
    wait: dict[str, Any] = {"wait_timeout": 30.0, "poll_interval": STEP}
    demo.fail("copr_build", project="alice/demo", url=["https://a.org/slow-1-1.src.rpm"], **wait)
    assert [limit for limit in limits if limit < math.inf] == [20.0, 10.0, 10.0, 60.0]


def test_the_requests_of_a_look_share_the_time_that_is_left() -> None:
    clock = Clock(now=iter((0.0, 0.0, 15.0, 25.0, 60.0)).__next__)
    hurried = Client(Settings(), clock=clock).hurried(30.0, at_least=10.0)
    assert [hurried._limit for _request in range(4)] == [30.0, 15.0, 10.0, 10.0]


def test_no_cache_may_answer_what_decides() -> None:
    with raw_server(http(PROJECT)) as server:
        client(server.url).get("project")
    assert "Cache-Control: no-cache" in server.heads[0]


@pytest.mark.parametrize("old_library", [False, True])
def test_a_body_that_is_cut_off_is_not_taken_for_whole(
    old_library: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if old_library:
        # urllib3 1 looks at no length.
        make = urllib3.HTTPResponse.__init__

        def lax(self: Any, *arguments: Any, **more: Any) -> None:
            make(self, *arguments, **{**more, "enforce_content_length": False})

        monkeypatch.setattr(urllib3.HTTPResponse, "__init__", lax)
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nName: hello"
    with raw_server(cut) as server, pytest.raises(CoprError) as caught:
        list(client(server.url).download(f"{server.url}/hello.spec"))
    assert (caught.value.kind, caught.value.transient) == ("unreachable", True)
