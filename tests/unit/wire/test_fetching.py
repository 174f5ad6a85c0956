# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts that cut, drip, lie or can't send a part: no file gets its name that is not whole."""

from __future__ import annotations

import gzip
import re
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.clock import Clock
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.fetching import fetch, size_at
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.listing import (
    links_in,
    list_folder,
    names_in,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import Settings

from unit.rawserver import http, raw_server

BODY = bytes(range(256)) * 40
Talk = Callable[[socket.socket, bytes], None]


def client(**settings: Any) -> Client:
    options: dict[str, Any] = {"url": "https://copr.invalid", "retries": 2, "timeout": 5.0}
    return Client(Settings(**{**options, **settings}), clock=Clock(sleep=lambda _seconds: None))


def fetched(url: str, path: Path, size: int | None = len(BODY), **settings: Any) -> list[int]:
    """Fetch a file, and return how much of it was told to be here, piece by piece."""
    arrived: list[int] = []
    fetch(client(**settings), url, str(path), size, lambda _path: True, arrived.append)
    return arrived


def failure(url: str, path: Path, size: int | None = len(BODY), **settings: Any) -> CoprError:
    with pytest.raises(CoprError) as caught:
        fetched(url, path, size, **settings)
    assert not path.exists()
    return caught.value


def part(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def first_asked(request: bytes) -> int:
    found = re.search(rb"Range: bytes=(\d+)-", request)
    return int(found[1]) if found else 0


def partial(first: int, body: bytes = BODY) -> bytes:
    span = f"bytes {first}-{len(BODY) - 1}/{len(BODY)}"
    return http(body[first:], "206 Partial Content", Content_Range=span)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "file.rpm"


def test_a_transfer_that_is_cut_is_continued_from_there(path: Path) -> None:
    def talk(connection: socket.socket, request: bytes) -> None:
        first = first_asked(request)
        said = partial(first) if first else http(BODY)
        connection.sendall(said[: said.index(b"\r\n\r\n") + 5000])

    with raw_server(talk) as server:
        assert max(fetched(server.url, path)) == len(BODY)
    assert path.read_bytes() == BODY
    assert len(server.heads) == 3
    assert "bytes=" not in server.heads[0]
    assert all("bytes=" in head for head in server.heads[1:])
    assert not part(path).exists()


def test_a_transfer_that_is_always_cut_leaves_a_part(path: Path) -> None:
    with raw_server(http(BODY)[:-100]) as server:
        error = failure(server.url, path, retries=0)
    assert error.kind == "unreachable"
    assert part(path).read_bytes() == BODY[:-100]


def test_a_host_that_sends_no_part_begins_anew(path: Path) -> None:
    path.parent.mkdir()
    part(path).write_bytes(b"x" * 50)
    with raw_server(http(BODY)) as server:
        fetched(server.url, path)
    assert path.read_bytes() == BODY


@pytest.mark.parametrize(
    "said",
    [
        http(BODY[1:]),
        http(BODY + b"more"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2804\r\n"
        + BODY
        + b"more\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    ],
    ids=["shorter", "longer", "longer in chunks", "shorter in chunks"],
)
def test_another_size_than_announced_is_refused(path: Path, said: bytes) -> None:
    with raw_server(said) as server:
        error = failure(server.url, path)
    assert (error.kind, error.attempts) == ("server", 3)
    assert part(path).stat().st_size == 0


def test_a_file_that_never_ends_is_given_up_at_its_size(path: Path) -> None:
    sent = []

    def talk(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _chunk in range(2000):
            connection.sendall(b"10000\r\n" + bytes(2**16) + b"\r\n")
            sent.append(2**16)

    with raw_server(talk) as server:
        assert failure(server.url, path, retries=0).kind == "server"
    assert sum(sent) < 2000 * 2**16


@pytest.mark.parametrize(
    "said",
    [
        partial(7),
        http(BODY, "206 Partial Content"),
        http(b"", "416 Range Not Satisfiable"),
        http(BODY, "206 Partial Content", Content_Range="bytes 50-60/9"),
    ],
    ids=["another part", "part of what", "no such part", "of another file"],
)
def test_a_wrong_part_is_not_taken(path: Path, said: bytes) -> None:
    path.parent.mkdir()
    part(path).write_bytes(BODY[:50])

    def talk(connection: socket.socket, request: bytes) -> None:
        connection.sendall(said if first_asked(request) else http(BODY))

    with raw_server(talk) as server:
        error = failure(server.url, path, retries=0)
        assert error.transient
    if error.kind == "server":
        assert part(path).stat().st_size == 0


def test_a_part_that_no_host_continues_does_not_stay_for_ever(path: Path) -> None:
    path.parent.mkdir()
    part(path).write_bytes(BODY[:50])

    def talk(connection: socket.socket, request: bytes) -> None:
        wrong = http(b"", "416 Range Not Satisfiable")
        connection.sendall(wrong if first_asked(request) else http(BODY))

    with raw_server(talk) as server:
        fetched(server.url, path)
    assert path.read_bytes() == BODY


def test_a_whole_part_only_gets_its_name(path: Path) -> None:
    path.parent.mkdir()
    part(path).write_bytes(BODY)
    with raw_server(http(BODY)) as server:
        fetched(server.url, path)
        assert server.heads == []
    assert path.read_bytes() == BODY


def test_a_file_that_drips_is_given_up(path: Path) -> None:
    def drip(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(http(BODY)[: -len(BODY)])
        until = time.monotonic() + 30
        while time.monotonic() < until:
            connection.sendall(b" ")
            time.sleep(0.01)

    with raw_server(drip) as server:
        assert failure(server.url, path, retries=0, timeout=0.1).kind == "timeout"


def test_what_is_packed_is_not_unpacked(path: Path) -> None:
    packed = gzip.compress(BODY)
    with raw_server(http(packed, Content_Encoding="gzip")) as server:
        assert size_at(client(), server.url) == len(packed)
        fetched(server.url, path, len(packed))
        assert "Accept-Encoding: identity" in server.heads[0]
    assert path.read_bytes() == packed


def test_a_host_that_tells_no_size_is_believed_when_it_ends(path: Path) -> None:
    said = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    with raw_server(said) as server:
        assert size_at(client(), server.url) is None
        fetched(server.url, path, None)
    assert path.read_bytes() == b"abc"


def test_an_empty_file_is_fetched(path: Path) -> None:
    with raw_server(http(b"")) as server:
        assert size_at(client(), server.url) == 0
        fetched(server.url, path, 0)
    assert path.read_bytes() == b""


def test_what_is_damaged_is_fetched_anew_and_never_gets_its_name(path: Path) -> None:
    with raw_server(http(BODY)) as server:
        with pytest.raises(CoprError) as caught:
            fetch(client(), server.url, str(path), len(BODY), lambda _path: False, print)
        assert len(server.heads) == 3
    assert caught.value.kind == "server"
    assert not path.exists()


def test_an_address_that_is_no_file_of_a_web_server_is_refused(path: Path) -> None:
    assert failure("file:///etc/passwd", path).kind == "server"


LIGHTTPD = """
<tr class="d"><td class="n"><a href="../">..</a>/</td></tr>
<tr class="d"><td class="n"><a href="fedora-review/">fedora-review</a>/</td></tr>
<tr><td class="n"><a href="libstdc%2b%2b-1.0-1.x86_64.rpm">libstdc++-1.0-1.x86_64.rpm</a></td></tr>
<tr><td class="n"><a href="state.log.gz">state.log.gz</a></td></tr>
"""
APACHE = """
<a href="?C=N;O=D">Name</a> <a href="/results/alice/demo/">Parent Directory</a>
<a href="a&amp;b.log">a&amp;b.log</a> <A HREF='/results/alice/demo/1-x/hello.spec'>hello.spec</A>
<a name="top">No link</a>
"""


def test_names_are_read_from_the_pages_of_web_servers() -> None:
    url = "https://copr.invalid/results/alice/demo/1-x/"
    assert names_in(links_in(LIGHTTPD), url) == ["libstdc++-1.0-1.x86_64.rpm", "state.log.gz"]
    assert names_in(links_in(APACHE), url) == ["a&b.log", "hello.spec"]


def test_a_page_of_something_in_between_is_no_list() -> None:
    with raw_server(http(b"<html>We will be back soon.")) as server:
        with pytest.raises(CoprError) as caught:
            list_folder(client(), f"{server.url}/")
        assert len(server.heads) == 3
    assert caught.value.kind == "server"


def test_a_folder_that_does_not_exist_has_nothing() -> None:
    with raw_server(http(b"", "404 Not Found")) as server:
        assert list_folder(client(), f"{server.url}/") == []
