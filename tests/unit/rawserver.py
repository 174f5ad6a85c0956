# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server below HTTP, for answers that no well-behaved one gives."""

from __future__ import annotations

import contextlib
import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import trustme

Talk = Callable[[socket.socket, bytes], object]


class RawServer:
    """Accepts connections on a free port of loopback and lets a function talk on each."""

    def __init__(
        self, talk: Talk, context: ssl.SSLContext | None = None, patience: float = 30.0
    ) -> None:
        self.heads: list[str] = []
        self._talk, self._context, self._patience = talk, context, patience
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        scheme = "http" if context is None else "https"
        self.url = f"{scheme}://{self.address}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Stop listening, and wait for what is still being said."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                connection, _peer = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.settimeout(self._patience)
            if self._context is not None:
                connection = self._context.wrap_socket(connection, server_side=True)
            with contextlib.closing(connection):
                request = b""
                while b"\r\n\r\n" not in request:
                    piece = connection.recv(65536)
                    if not piece:
                        return
                    request += piece
                self.heads.append(request.partition(b"\r\n\r\n")[0].decode("latin-1"))
                self._talk(connection, request)


@contextlib.contextmanager
def raw_server(
    talk: Talk | bytes, context: ssl.SSLContext | None = None, patience: float = 30.0
) -> Iterator[RawServer]:
    """Run a server that says the same bytes to everybody, or lets a function talk.

    C(patience) are the seconds that it waits for a request, or for what is sent to be taken.
    """
    said = talk
    server = RawServer(
        (lambda connection, _request: connection.sendall(said))
        if isinstance(said, bytes)
        else said,
        context,
        patience,
    )
    try:
        yield server
    finally:
        server.close()


def http(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    """Return an answer of HTTP/1.1 after which the connection is closed."""
    fields = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body


def issued(
    into: Path, host: str = "127.0.0.1", *, days: tuple[int, int] = (-1, 1)
) -> tuple[ssl.SSLContext, Path]:
    """Return what a TLS server needs, and the file of the authority to trust.

    C(days) are the first and the last on which it is valid, counted from today.
    """
    authority = trustme.CA()
    now = datetime.datetime.now(datetime.timezone.utc)
    first, last = (now + datetime.timedelta(days=day) for day in days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host, not_before=first, not_after=last).configure_cert(context)
    into.mkdir(parents=True, exist_ok=True)
    file = into / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return context, file


def unused_port() -> int:
    """Return a port of loopback on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
