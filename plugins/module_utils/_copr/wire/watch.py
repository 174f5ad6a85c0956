# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connections that keep the time limit of a request, and know whether any of it was sent.

The time limit of a socket applies to each piece that it reads. A server or proxy that sends byte by
byte never reaches it. So each read gets no more than what is left of the request's time.
"""

from __future__ import annotations

import contextlib
import functools
import http.client
import io
import math
import socket
import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit

from .libraries import REQUESTS_TROUBLE
from .settings import is_loopback

if REQUESTS_TROUBLE is None:
    from requests.adapters import HTTPAdapter
    from urllib3.connection import HTTPConnection

LONGEST_CONNECT = 15.0


class Watch:
    """Watches the time of one request.

    Attributes:
        sent: whether the other side may have seen any of the request.
        seconds: the time that was allowed last.
    """

    def __init__(self, seconds: float, limit: float = math.inf) -> None:
        """Set the time to connect, for each piece sent, and for the headers; and the limit for all.

        C(limit) counts from now, and later calls of C(allow) do not extend it.
        """
        # Until a connection says otherwise, assume that it was sent.
        self.sent = True
        self.seconds = min(seconds, limit)
        self._piece = self.seconds
        self._limit = limit
        self._last = time.monotonic() + limit
        self._end = self._last

    def allow(self, seconds: float) -> None:
        """Allow this many seconds from now."""
        self.seconds = min(seconds, self._limit)
        self._end = min(self._last, time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that are left; raise socket.timeout if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise socket.timeout("the time is up")
        return left

    def connecting(self) -> float:
        """Allow time to connect, and return it in seconds."""
        self.allow(min(LONGEST_CONNECT, self._piece))
        return self.left()

    def sending(self) -> float:
        """Allow time for a piece, and for the response that may follow it; return it in seconds."""
        self.sent = True
        self.allow(self._piece)
        return self.left()


# The watch of the request that is being sent.
_current: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextlib.contextmanager
def watched_by(watch: Watch) -> Iterator[None]:
    """Use a watch for the requests that a session with a WatchedAdapter sends in this context.

    It also covers the bodies of their responses, wherever those are read.
    """
    token = _current.set(watch)
    try:
        yield
    finally:
        _current.reset(token)


class _Stream(io.RawIOBase):
    """Data from a socket, as long as there is time left."""

    def __init__(self, connected: socket.socket, watch: Watch) -> None:
        self._socket, self._watch = connected, watch
        # Keeps the socket open until this is closed, as http.client needs it.
        self._raw: Any = connected.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(self._watch.left())
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _WatchedSocket:
    """Replaces a socket where http.client only makes a file of it."""

    def __init__(self, connected: socket.socket, watch: Watch) -> None:
        self._socket, self._watch = connected, watch

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Stream(self._socket, self._watch))


class _Response(http.client.HTTPResponse):
    def __init__(self, sock: Any, *arguments: Any, **more: Any) -> None:
        watch = _current.get()
        file_of: Any = sock if watch is None else _WatchedSocket(sock, watch)
        super().__init__(file_of, *arguments, **more)


if REQUESTS_TROUBLE is None:

    class _Connection(HTTPConnection):
        # http.client reads with this the responses of servers, and of proxies that open a tunnel.
        response_class = _Response

        def connect(self) -> None:
            watch = _current.get()
            if watch is None:
                super().connect()
                return
            self.timeout = watch.connecting()
            try:
                super().connect()
            finally:
                # What was sent so far went to a proxy, or belongs to TLS.
                watch.sent = False

        def send(self, data: Any) -> None:
            if self.sock is None:
                self.connect()
            watch = _current.get()
            if watch is not None and self.sock is not None:
                self.sock.settimeout(watch.sending())
            super().send(data)

    @functools.cache
    def _watched(pool: Any) -> Any:
        """Return a class of connection pools like this one, of watched connections."""
        connection = type("WatchedConnection", (_Connection, pool.ConnectionCls), {})
        return type("WatchedPool", (pool,), {"ConnectionCls": connection})

    def _watch_over(manager: Any) -> None:
        pools = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: _watched(pools[scheme]) for scheme in pools}

    class WatchedAdapter(HTTPAdapter):
        """Sends requests over watched connections, and to this machine without a proxy."""

        def init_poolmanager(
            self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
        ) -> None:
            """Make the pools use watched connections."""
            super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
            _watch_over(self.poolmanager)

        def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
            """Make the pools of a proxy use watched connections."""
            known = proxy in self.proxy_manager
            manager = super().proxy_manager_for(proxy, **proxy_kwargs)
            if not known:
                _watch_over(manager)
            return manager

        def send(self, request: Any, *arguments: Any, **more: Any) -> Any:
            """Send a request, which may be the target of another server's redirect."""
            if is_loopback(urlsplit(request.url).hostname or ""):
                more["proxies"] = None
            return super().send(request, *arguments, **more)
