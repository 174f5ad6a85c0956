# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every request has an end, however slowly the server goes on talking."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ansible_collections.fedora.copr.plugins.module_utils.clock import Clock
from ansible_collections.fedora.copr.plugins.module_utils.wire import transport
from ansible_collections.fedora.copr.plugins.module_utils.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils.wire.settings import Settings

from unit.lab import STEP, Lab
from unit.rawserver import http, raw_server, self_signed

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
@pytest.mark.parametrize("old_library", [False, True])
def test_what_drips_is_given_up(
    talk: Talk, old_library: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if old_library:
        # Without read1, as urllib3 before 2.1.
        monkeypatch.setattr(
            transport, "_as_it_arrives", lambda response: response.iter_content(transport.PIECE)
        )
    with raw_server(talk) as server, pytest.raises(CoprError) as caught:
        client(server.url).get("project")
    assert (caught.value.kind, caught.value.maybe_done) == ("timeout", True)


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize("where", ["headers", "body"])
def test_what_drips_over_tls_is_given_up(tmp_path: Path, where: str) -> None:
    context, certificate = self_signed(tmp_path)
    with raw_server(TALKS[where], context) as server, pytest.raises(CoprError) as caught:
        client(server.url, verify=str(certificate)).get("project")
    assert caught.value.kind == "timeout"


@pytest.mark.usefixtures("_soon")
@pytest.mark.parametrize("where", ["headers"])
def test_a_file_whose_headers_drip_is_given_up(where: str) -> None:
    with raw_server(TALKS[where]) as server, pytest.raises(CoprError) as caught:
        list(client(server.url).download(f"{server.url}/x"))
    assert caught.value.kind == "timeout"


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


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    with raw_server(http(PROJECT)) as server:
        for _request in range(3):
            client(server.url).get("project")
        time.sleep(0.05)
        ours = [each for each in threading.enumerate() if isinstance(each, threading.Timer)]
    assert ours == []
    assert threading.active_count() <= before


@pytest.mark.usefixtures("_soon")
def test_a_hurried_client_takes_the_time_that_is_left() -> None:
    with raw_server(TALKS["headers"]) as server:
        patient = Client(Settings(url=server.url, retries=3, timeout=FOR_EVER))
        with pytest.raises(CoprError) as caught:
            patient.hurried(LIMIT).get("project")
    assert (caught.value.kind, caught.value.attempts) == ("timeout", 1)


def test_the_last_looks_of_a_wait_have_no_more_time_than_is_left(
    demo: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits: list[float] = []
    send = transport.Transport.send

    def note(self: transport.Transport, *arguments: object, **more: object) -> object:
        if more.get("limit") is not None:
            limits.append(float(str(more["limit"])))
        return send(self, *arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(transport.Transport, "send", note)
    wait = {"wait_timeout": 30.0, "poll_interval": STEP}
    demo.fail("copr_build", project="alice/demo", url=["https://a.org/slow-1-1.src.rpm"], **wait)
    assert limits == [20.0, 10.0, 10.0]


def test_no_cache_may_answer_what_decides() -> None:
    with raw_server(http(PROJECT)) as server:
        client(server.url).get("project")
    assert "Cache-Control: no-cache" in server.heads[0]


@pytest.mark.parametrize("old_library", [False, True])
def test_a_body_that_is_cut_off_is_not_taken_for_whole(
    old_library: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if old_library:
        # As urllib3 1, which looks at no length.
        def pieces(response: object) -> Iterator[bytes]:
            response.raw.enforce_content_length = False  # type: ignore[attr-defined]
            yield from response.iter_content(transport.PIECE)  # type: ignore[attr-defined]

        monkeypatch.setattr(transport, "_as_it_arrives", pieces)
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nName: hello"
    with raw_server(cut) as server, pytest.raises(CoprError) as caught:
        list(client(server.url).download(f"{server.url}/hello.spec"))
    assert (caught.value.kind, caught.value.transient) == ("unreachable", True)
