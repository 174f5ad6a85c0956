# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Werkzeug's development server, taught to keep connections open.

Its own handler closes the connection after each answer; real servers do not, and how many
connections a client opens is a matter of tests and benchmarks here.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterable, Iterator
from typing import IO, Any, cast

from werkzeug.datastructures import Headers
from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import LimitedStream

from .faults import DELIVERY, Delivery, WsgiApp

LARGEST_REST = 2**20
"""How much of a body that nobody read is read to keep a connection; beyond, it is closed."""


DROPS = 64
"""In how many pieces an answer comes that drips."""


class KeepAliveHandler(WSGIRequestHandler):
    """Serves the requests of one connection, one after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """Serve one request."""
        environ = self.make_environ()
        if not environ.get("wsgi.input_terminated"):
            length = int(self.headers.get("Content-Length") or 0)
            environ["wsgi.input"] = LimitedStream(cast("IO[bytes]", self.rfile), length)
        delivery = environ[DELIVERY] = Delivery()
        parts, status, headers = run_wsgi_app(self.server.app, environ)
        try:
            if delivery.how == "none":
                self.close_connection = True
            else:
                self._drain(environ["wsgi.input"])
                self._send_head(status, headers)
                self._send_body(parts, headers, delivery)
        finally:
            if hasattr(parts, "close"):
                parts.close()

    def _drain(self, body: IO[bytes]) -> None:
        """Read what is left of the request, or give the connection up."""
        try:
            rest = body.read(LARGEST_REST)
        except ClientDisconnected:
            self.close_connection = True
        else:
            self.close_connection = self.close_connection or len(rest) == LARGEST_REST

    def _send_head(self, status: str, headers: Headers) -> None:
        code, _blank, reason = status.partition(" ")
        self.send_response_only(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)

    def _send_body(self, parts: Iterable[bytes], headers: Headers, delivery: Delivery) -> None:
        if self.command == "HEAD":
            self.end_headers()
        elif "Content-Length" in headers:
            self._send_whole(parts, delivery)
        else:
            self._send_chunks(parts)

    def _send_whole(self, parts: Iterable[bytes], delivery: Delivery) -> None:
        if delivery.how in ("half", "reset"):
            whole = b"".join(parts)
            parts = [whole[: len(whole) // 2]]
            self.close_connection = True
        elif delivery.how == "drip":
            parts = _drops(b"".join(parts), delivery.pause)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        for part in parts:
            self.wfile.write(part)
        if delivery.how == "reset":
            # With nothing to linger for, closing sends a reset in place of the usual goodbye.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

    def _send_chunks(self, parts: Iterable[bytes]) -> None:
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for part in filter(None, parts):
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing; the doorkeeper knows what was asked."""


def _drops(body: bytes, pause: float) -> Iterator[bytes]:
    """Yield a body in DROPS pieces with a pause before each."""
    size = len(body) // DROPS + 1
    for start in range(0, len(body), size):
        time.sleep(pause)
        yield body[start : start + size]


class Server(ThreadedWSGIServer):
    """A server on a free port of the loopback interface, or on a given one."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, app: WsgiApp, port: int) -> None:
        super().__init__("127.0.0.1", port, app, handler=KeepAliveHandler)

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.server_port}"
