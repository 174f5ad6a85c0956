# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client: requests to the API with login and retries, and in check mode only GET."""

from __future__ import annotations

import copy
import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import IO, Any, Callable, TypeVar

from ..clock import REAL_TIME, Clock
from .answers import Answer, Shape, read_answer
from .at_once import at_once
from .auth import Login, login_for
from .errors import CoprError
from .retry import with_retries
from .secrets import secrets_of_proxies
from .settings import Credentials, Settings
from .transport import Began, Transport
from .upload import Sent, form_with, multipart

API = "/api_3/"
# How many independent requests are sent at once. A session keeps at most MOST_CONNECTIONS open.
CONNECTIONS, MOST_CONNECTIONS = 4, 10

T = TypeVar("T")


@dataclass
class _Who:
    """Who sends the requests of a client and of its copies, once that is known."""

    login: Login | None = None
    user: dict[str, Any] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client:
    """Talks to one Copr frontend. Knows requests and responses, but not projects and builds."""

    def __init__(
        self,
        settings: Settings,
        *,
        read_only: bool = False,
        clock: Clock = REAL_TIME,
    ) -> None:
        """Prepare a client; nothing is sent yet.

        C(read_only) is the last safeguard of check mode: whatever a caller does, only GET is sent.
        """
        self.settings = settings
        self.clock = clock
        self._read_only = read_only
        self._transport = Transport(settings)
        self._who = _Who()
        self._former_secrets: set[str] = set()
        self._connections = CONNECTIONS
        self._turns = threading.BoundedSemaphore(CONNECTIONS)
        self._until = math.inf
        self._at_least = 0.0

    def hurried(self, seconds: float, at_least: float = 0.0) -> Client:
        """Return this client for requests that are sent once and must be answered soon.

        Together they have C(seconds) seconds from now, but each has at least C(at_least) seconds.
        """
        client = copy.copy(self)
        client.settings = replace(self.settings, retries=0)
        client._until = self.clock.now() + seconds
        client._at_least = at_least
        return client

    def with_connections(self, connections: int) -> Client:
        """Return this client with this many connections, 1 to MOST_CONNECTIONS."""
        client = copy.copy(self)
        client._connections = connections
        client._turns = threading.BoundedSemaphore(connections)
        return client

    def at_once(self, calls: Sequence[Callable[[], T]]) -> list[T]:
        """Call functions that send requests, several at a time, and return what they return.

        See at_once. The functions may call this in turn: however many threads that creates, the
        number of requests in progress never exceeds the number of connections.
        """
        return at_once(self._connections, calls)

    def log_in_with(self, credentials: Credentials) -> None:
        """Use this login and token from now on. The previous ones remain secret."""
        if credentials == self.settings.credentials:
            return
        self._former_secrets |= self.settings.secrets
        self.settings = replace(self.settings, credentials=credentials)
        self._who = _Who()

    def patiently(self, send: Callable[[], T], *, repeatable: bool = True) -> T:
        """Return what C(send), a function that sends requests, returns; retry as with_retries does.

        Only needed to download files, or to check more than the shape of a response.
        """
        return with_retries(
            send,
            repeatable=repeatable,
            retries=self.settings.retries,
            sleep=self.clock.sleep,
        )

    def get(
        self,
        path: str,
        query: dict[str, Any] | None = None,
        *,
        login: bool = False,
        shape: Shape = dict,
    ) -> Any:
        """Return the JSON of a GET, which is retried as with_retries does.

        Args:
            path: below C(/api_3/).
            query: arguments; those with the value None are left out.
            login: for the few GETs that need one. The others are sent without secrets.
            shape: what the response must look like; any other is a transient failure.
        """
        given = {key: value for key, value in (query or {}).items() if value is not None}
        return self.patiently(lambda: self._once("GET", path, shape, login=login, params=given))

    def change(
        self,
        method: str,
        path: str,
        body: dict[str, Any],
        query: dict[str, Any] | None = None,
        *,
        repeatable: bool = True,
        file: tuple[str, str, bytes] | None = None,
        shape: Shape = dict,
    ) -> Any:
        """Send a change and return the answer's JSON, which must have C(shape).

        C(file) is sent with the body: the name of its form field, its file name and its content.

        C(repeatable) says that sending it twice does the same as once. Otherwise it is sent
        again only if the server has certainly not acted on it.
        """
        sent = {"json": body} if file is None else {"files": form_with(body, *file)}
        return self.patiently(
            lambda: self._once(method, path, shape, login=True, params=query, **sent),
            repeatable=repeatable,
        )

    def submit(self, path: str, body: dict[str, Any], *, shape: Shape = dict) -> Any:
        """Send a POST that must not be sent twice, once, and return the answer's JSON.

        When C(maybe_done) is set on the CoprError that this raises, only a look at the server
        can tell whether the work was done.
        """
        return self._once("POST", path, shape, login=True, json=body)

    def submit_file(
        self,
        path: str,
        body: dict[str, Any],
        stream: IO[bytes],
        name: str,
        sent: Sent | None = None,
        *,
        shape: Shape = dict,
    ) -> Any:
        """Send a file with its form once, as C(submit); the file is read while it is sent.

        C(sent) is called with the number of bytes sent.
        """
        form = multipart(body, stream, name, sent)
        headers = {"Content-Type": form.content_type}
        return self._once("POST", path, shape, login=True, data=form, headers=headers)

    @property
    def secrets(self) -> set[str]:
        """All secrets that are sent, in every form in which a server may repeat them."""
        session = self._who.login.secrets if self._who.login else set()
        return self.settings.secrets | self._former_secrets | session | secrets_of_proxies()

    def user(self) -> dict[str, Any]:
        """Return id and name of the user logged in (GET /auth-check, the only check of a login)."""
        if self._who.user is None:
            self._who.user = dict(self.get("auth-check", login=True, shape={"name": str}))
        return self._who.user

    def whoami(self) -> str:
        """Return the name of the user logged in."""
        return str(self.user()["name"])

    def download(self, url: str, *, last: int | None = None) -> Iterator[bytes]:
        """Yield the pieces of a result file; results are public and stored on another host.

        C(last) asks only for this many bytes from its end; some hosts send the whole file instead.
        """
        return self._transport.download(url, last=last, limit=self._limit)

    def download_raw(self, url: str, began: Began, *, first: int = 0) -> Iterator[bytes]:
        """Yield the pieces of a result file as its host stores it, from byte C(first) on.

        C(began) is called with where they begin and the size of the file (Transport.download_raw).
        """
        return self._transport.download_raw(url, began, first=first, limit=self._limit)

    @property
    def _limit(self) -> float:
        """The seconds that the next request may take."""
        return max(self._at_least, self._until - self.clock.now())

    def _once(self, method: str, path: str, shape: Shape, *, login: bool, **arguments: Any) -> Any:
        if self._read_only and method != "GET":
            raise AssertionError(f"check mode must not send {method} {path}")
        if not login:
            with self._turns:
                answer = self._transport.send(
                    method, API + path, None, limit=self._limit, **arguments
                )
            return read_answer(answer, shape)
        with self._turns:
            answer = self._signed(method, API + path, **arguments)
        try:
            return read_answer(answer, shape)
        except CoprError as error:
            if error.status == 401:
                error.message += self._about_login()
            raise

    def _signed(self, method: str, path: str, **arguments: Any) -> Answer:
        with self._who.lock:
            if self._who.login is None:
                self._who.login = login_for(self.settings, self._kerberos_session)
            login = self._who.login
        sign = login.sign
        answer = self._transport.send(method, path, sign, limit=self._limit, **arguments)
        # A file that was sent is at its end and can't be sent again from here.
        if answer.status == 401 and "data" not in arguments and login.renew():
            answer = self._transport.send(method, path, sign, limit=self._limit, **arguments)
        return answer

    def _about_login(self) -> str:
        credentials = self.settings.credentials
        if credentials is None or self.settings.gssapi:
            return ""
        told = f" They come from {credentials.origin}."
        if credentials.expires:
            told += f" The expiration date of the token is {credentials.expires.isoformat()}."
        return told

    def _kerberos_session(self, auth: Any) -> tuple[str, str]:
        """Log in with a Kerberos ticket; return the user's name and the session cookie."""
        path = f"{API}gssapi_login/"
        user = read_answer(self._transport.send("GET", path, auth, limit=self._limit))
        cookie = self._transport.session_cookie()
        if cookie is None:
            raise CoprError(
                "authentication", "The server returned no session for the Kerberos ticket."
            )
        return str(user.get("name")), cookie
