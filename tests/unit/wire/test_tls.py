# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What keeps a connection from being secure is named, each for what it is."""

from __future__ import annotations

import io
import os
import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import (
    Credentials,
    Settings,
    settings_from,
)

from unit.rawserver import http, issued, raw_server

PROJECT = b'{"id": 1, "chroot_repos": {}}'


def failure(url: str, ca_path: Path | None = None) -> CoprError:
    settings = settings_from({"copr_url": url, "ca_path": ca_path and str(ca_path), "retries": 0})
    with pytest.raises(CoprError) as caught:
        Client(settings).get("project")
    error = caught.value
    assert error.message.startswith("No secure connection to ")
    assert (error.kind, error.transient, error.maybe_done) == ("unreachable", False, False)
    return error


def test_an_authority_that_is_not_trusted(tmp_path: Path) -> None:
    context, _certificate = issued(tmp_path)
    with raw_server(http(PROJECT), context) as server:
        error = failure(server.url)
    assert "its certificate authority is not known to this machine" in error.message
    assert "set ca_path" in error.message


def test_a_server_that_signs_for_itself() -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with authority.cert_pem.tempfile() as own, authority.private_key_pem.tempfile() as key:
        context.load_cert_chain(own, key)
    with raw_server(http(PROJECT), context) as server:
        error = failure(server.url)
    assert "its certificate is self-signed and not trusted by this machine" in error.message


def test_an_authority_that_is_not_in_ca_path(tmp_path: Path) -> None:
    context, _certificate = issued(tmp_path)
    _context, other = issued(tmp_path / "other")
    with raw_server(http(PROJECT), context) as server:
        error = failure(server.url, other)
    assert f"not in ca_path, {other}" in error.message
    assert "set ca_path" not in error.message


@pytest.mark.parametrize(
    ("days", "says"), [((-9, -2), "has expired"), ((2, 9), "is not valid yet")]
)
def test_a_certificate_out_of_its_time(tmp_path: Path, days: tuple[int, int], says: str) -> None:
    context, certificate = issued(tmp_path, days=days)
    with raw_server(http(PROJECT), context) as server:
        error = failure(server.url, certificate)
    assert says in error.message
    assert "ca_path" not in error.message


def test_a_certificate_for_another_address(tmp_path: Path) -> None:
    context, certificate = issued(tmp_path, "127.0.0.2")
    with raw_server(http(PROJECT), context) as server:
        error = failure(server.url, certificate)
    assert "is for a different" in error.message


def test_a_port_that_does_not_speak_tls() -> None:
    with raw_server(http(PROJECT), patience=1) as server:
        error = failure(server.url.replace("http:", "https:"))
    assert "does not speak TLS" in error.message


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1:DeprecationWarning")
def test_a_version_that_this_machine_does_not_take(tmp_path: Path) -> None:
    context, certificate = issued(tmp_path)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with raw_server(http(PROJECT), context) as server:
        error = failure(server.url, certificate)
    assert "no TLS version that this machine supports" in error.message


def test_a_ca_path_without_certificates(tmp_path: Path) -> None:
    context, _certificate = issued(tmp_path)
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing\n", encoding="utf-8")
    with raw_server(http(PROJECT), context) as server:
        error = failure(server.url, empty)
    assert f"{empty} contains no certificates" in error.message


def nonsense(connection: socket.socket, _request: bytes) -> None:
    """Say below TLS what is no TLS, as a machine in between does that has lost its way."""
    os.write(connection.fileno(), b"HTTP/1.1 502 Bad Gateway\r\n\r\n" * 4)
    connection.recv(1)


def cut(connection: socket.socket, _request: bytes) -> None:
    """Break the connection below TLS."""
    with socket.socket(fileno=os.dup(connection.fileno())) as below:
        below.shutdown(socket.SHUT_RDWR)


def goodbye(connection: ssl.SSLSocket, _request: bytes) -> None:
    """End TLS in good order, as a server that wants no more of a file."""
    connection.unwrap()


@pytest.mark.parametrize("talk", [nonsense, cut, goodbye])
def test_what_breaks_once_the_request_is_sent_is_a_lost_answer(
    tmp_path: Path, talk: Callable[..., None]
) -> None:
    context, certificate = issued(tmp_path)
    file = io.BytesIO(b"x" * 16 * 1024 * 1024)
    with raw_server(talk, context) as server:
        credentials = Credentials("login", "token")
        settings = Settings(url=server.url, credentials=credentials, verify=str(certificate))
        with pytest.raises(CoprError) as caught:
            Client(settings).submit_file("build/create/upload", {}, file, "a-1-1.src.rpm")
    error = caught.value
    assert (error.kind, error.transient, error.maybe_done) == ("unreachable", True, True)
    assert "broke" in error.message
