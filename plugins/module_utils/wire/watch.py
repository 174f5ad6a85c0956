# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ending a connection when its time is up, however slowly the other side goes on talking.

The time limit of a socket is one for each piece. A server that sends its headers or a body byte by
byte stays below it for ever.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any, TypeVar

from .libraries import REQUESTS_TROUBLE

if REQUESTS_TROUBLE is None:
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

T = TypeVar("T")


class Watch:
    """Watches over one request and its answer.

    Attributes:
        expired: whether the connection was ended because its time was up.
    """

    def __init__(self, seconds: float) -> None:
        """Take the seconds that the server has from the end of the request to that of the headers.

        C(within) watches over what comes after them.
        """
        self.expired = False
        self.seconds = seconds
        self._socket: socket.socket | None = None

    def take(self, connected: socket.socket | None) -> None:
        """Take note of the socket that the answer comes from."""
        self._socket = connected

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """End the connection if what is done here takes longer."""
        timer = threading.Timer(max(0.0, seconds), self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _end(self) -> None:
        if self._socket is not None:
            self.expired = True
            with contextlib.suppress(OSError):
                # That of a TLS socket would pull it away from under the thread that reads it.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


# What watches over the request that this thread is sending.
_current: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextlib.contextmanager
def watching(seconds: float) -> Iterator[Watch]:
    """Watch over the requests that a session with a WatchedAdapter sends in here."""
    watch = Watch(seconds)
    token = _current.set(watch)
    try:
        yield watch
    finally:
        _current.reset(token)


def _watched(connected: socket.socket | None, read: Callable[[], T]) -> T:
    """Read an answer under the eyes of the watch."""
    watch = _current.get()
    if watch is None:
        return read()
    watch.take(connected)
    with watch.within(watch.seconds):
        return read()


if REQUESTS_TROUBLE is None:

    class _Connection(HTTPConnection):
        def getresponse(self) -> Any:
            return _watched(self.sock, super().getresponse)

    class _TlsConnection(HTTPSConnection):
        def getresponse(self) -> Any:
            return _watched(self.sock, super().getresponse)

    class _Pool(HTTPConnectionPool):
        ConnectionCls = _Connection

    class _TlsPool(HTTPSConnectionPool):
        ConnectionCls = _TlsConnection

    POOLS = {"http": _Pool, "https": _TlsPool}

    class WatchedAdapter(HTTPAdapter):
        """Sends requests over connections that a watch can end, through a proxy, too."""

        def init_poolmanager(
            self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
        ) -> None:
            """Have the pools make such connections."""
            super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
            self.poolmanager.pool_classes_by_scheme = POOLS

        def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
            """Have the pools of a proxy make such connections."""
            manager = super().proxy_manager_for(proxy, **proxy_kwargs)
            if not proxy.lower().startswith("socks"):
                manager.pool_classes_by_scheme = POOLS
            return manager
