# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client: requests to the API with login, patience and, in check mode, nothing but GET."""

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
# How many requests are sent at once where several have nothing to do with each other. More than
# MOST_CONNECTIONS a session does not keep open.
CONNECTIONS, MOST_CONNECTIONS = 4, 10

T = TypeVar("T")


@dataclass
class _Who:
    """Who sends the requests of a client and of its copies, once that is known."""

    login: Login | None = None
    user: dict[str, Any] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client:
    """Talks to one Copr frontend. Knows requests and answers, nothing of projects and builds."""

    def __init__(
        self,
        settings: Settings,
        *,
        read_only: bool = False,
        clock: Clock = REAL_TIME,
    ) -> None:
        """Prepare a client; nothing is sent yet.

        C(read_only) is the last line of check mode: whatever a caller does, only GET is sent.
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
        """Return this client for requests that are sent once, and must be answered soon.

        All of them together have so many seconds from now, but each has C(at_least) so many.
        """
        client = copy.copy(self)
        client.settings = replace(self.settings, retries=0)
        client._until = self.clock.now() + seconds
        client._at_least = at_least
        return client

    def with_connections(self, connections: int) -> Client:
        """Return this client for so many requests at once, 1 to MOST_CONNECTIONS."""
        client = copy.copy(self)
        client._connections = connections
        client._turns = threading.BoundedSemaphore(connections)
        return client

    def at_once(self, calls: Sequence[Callable[[], T]]) -> list[T]:
        """Call functions that send requests, several at a time, and return what they return.

        As at_once does. Functions may do the same in turn: however many threads that makes, so
        many requests are on their way as the client has connections.
        """
        return at_once(self._connections, calls)

    def log_in_with(self, credentials: Credentials) -> None:
        """Use this login and token from now on. Those used so far remain secret."""
        if credentials == self.settings.credentials:
            return
        self._former_secrets |= self.settings.secrets
        self.settings = replace(self.settings, credentials=credentials)
        self._who = _Who()

    def patiently(self, send: Callable[[], T], *, repeatable: bool = True) -> T:
        """Return what a function returns that sends requests, called again as with_retries does.

        Only what downloads files, or looks at more than the shape of an answer, needs this.
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
        """Return the JSON of a GET, repeated while that is worthwhile.

        Args:
            path: below C(/api_3/).
            query: arguments; those that are None are left out.
            login: for the few GETs that need one. The others are public and get no secrets.
            shape: what the answer must look like; another one is a failure that may pass.
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

        C(file) goes with the body: its part of the form, its name and its content.

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
        """Send a file with its form once, as C(submit); it is read as it goes over the wire.

        C(sent) is told how far it has come, in bytes.
        """
        form = multipart(body, stream, name, sent)
        headers = {"Content-Type": form.content_type}
        return self._once("POST", path, shape, login=True, data=form, headers=headers)

    @property
    def secrets(self) -> set[str]:
        """All that is sent and must not be shown, in every form in which a server may repeat it."""
        session = self._who.login.secrets if self._who.login else set()
        return self.settings.secrets | self._former_secrets | session | secrets_of_proxies()

    def user(self) -> dict[str, Any]:
        """Return id and name of the user logged in (GET /auth-check, the one proof of a login)."""
        if self._who.user is None:
            self._who.user = dict(self.get("auth-check", login=True, shape={"name": str}))
        return self._who.user

    def whoami(self) -> str:
        """Return the name of the user logged in."""
        return str(self.user()["name"])

    def download(self, url: str, *, last: int | None = None) -> Iterator[bytes]:
        """Yield the pieces of a result file; results are public and lie on another host.

        C(last) asks for so many bytes from its end. A host that can't do that sends all of it.
        """
        return self._transport.download(url, last=last, limit=self._limit)

    def download_raw(self, url: str, began: Began, *, first: int = 0) -> Iterator[bytes]:
        """Yield the pieces of a result file as its host has it, from a byte on, not unpacked.

        C(began) is told where they begin, and the size of all (Transport.download_raw).
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
            told += f" The token there was to expire on {credentials.expires.isoformat()}."
        return told

    def _kerberos_session(self, auth: Any) -> tuple[str, str]:
        """Log in with a Kerberos ticket; return the user's name and the session cookie."""
        path = f"{API}gssapi_login/"
        user = read_answer(self._transport.send("GET", path, auth, limit=self._limit))
        cookie = self._transport.session_cookie()
        if cookie is None:
            raise CoprError("authentication", "The server gave no session for the Kerberos ticket.")
        return str(user.get("name")), cookie
