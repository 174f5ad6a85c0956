# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request over the wire and its answer back, with every failure on the way named."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Callable
from urllib.parse import urljoin, urlsplit

from .answers import TRANSIENT_STATUSES, Answer
from .errors import CoprError
from .libraries import REQUESTS_TROUBLE
from .settings import Settings
from .version import VERSION

if REQUESTS_TROUBLE is None:
    import requests
    import urllib3

if TYPE_CHECKING:
    import requests
    import urllib3

    Signer = Callable[[requests.PreparedRequest], requests.PreparedRequest]

# The public server's bot wall lets agents pass whose name begins with "copr".
USER_AGENT = f"copr-ansible-collection/{VERSION}"
CONNECT_TIMEOUT = 15.0
LARGEST_ANSWER = 256 * 1024 * 1024
# An answer may come in pieces, each within the timeout; so many timeouts bound their sum.
PATIENCE = 10
MOST_REDIRECTS = 5
PIECE = 256 * 1024


class Transport:
    """A session of requests, bound to one server's settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session = self._new_session()

    def send(self, method: str, path: str, sign: Signer | None, **arguments: Any) -> Answer:
        """Send one request once and return the answer, whatever its status.

        Args:
            path: below the server's address, with a slash in front.
            sign: puts credentials on the request; None sends none.
            arguments: C(params), C(json), C(data) or C(headers) as requests takes them.

        Redirects are followed only on the same server, and keep the method; requests itself
        would turn a redirected POST into a GET, which Copr would answer with success.
        Raises CoprError for everything that keeps an answer from arriving whole.
        """
        url = self._settings.url + path
        for _hop in range(MOST_REDIRECTS):
            try:
                with self._session.request(
                    method,
                    url,
                    auth=sign or _unsigned,
                    allow_redirects=False,
                    **self._terms(),
                    **arguments,
                ) as response:
                    if not response.is_redirect:
                        body = self._read(response)
                        return Answer(method, path, response.status_code, response.headers, body)
                    url = _redirected(method, path, url, response, "data" in arguments)
                    arguments.pop("params", None)  # they are in the new address
            except UnicodeError as error:
                raise CoprError(
                    "invalid", f"{path} is asked with a text that no request can carry."
                ) from error
            except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
                raise _named(error, method, path, self._settings) from error
        raise CoprError(
            "server", f"The server redirects {path} in circles.", method=method, path=path
        )

    def session_cookie(self) -> str | None:
        """Return the cookie C(session), if an answer has set one."""
        return self._session.cookies.get("session")

    def download(self, url: str) -> Iterator[bytes]:
        """Yield the pieces of a public file on any host; no credentials go with this.

        Raises CoprError (not_found, server, unreachable, timeout).
        """
        if urlsplit(url).scheme not in ("http", "https"):
            raise CoprError("server", f"The server gave {url!r} as the address of a file.")
        try:
            with self._new_session() as session, session.get(url, **self._terms()) as response:
                if response.status_code != 200:
                    raise CoprError(
                        "not_found" if response.status_code == 404 else "server",
                        f"{url} answered with status {response.status_code}.",
                        status=response.status_code,
                        method="GET",
                        path=url,
                        transient=response.status_code in TRANSIENT_STATUSES,
                    )
                yield from self._pieces(response)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise _named(error, "GET", url, self._settings) from error

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        if self._settings.verify is False:
            # The user has asked for it; a warning with every request helps nobody.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        session.headers["User-Agent"] = USER_AGENT
        # With an authentication of its own, a session does not send what a ~/.netrc holds.
        session.auth = _unsigned
        return session

    def _read(self, response: requests.Response) -> bytes:
        """Return the whole body, unless it is absurdly large."""
        body = bytearray()
        for piece in self._pieces(response):
            body += piece
            if len(body) > LARGEST_ANSWER:
                raise requests.exceptions.ContentDecodingError("the answer is too large")
        return bytes(body)

    def _pieces(self, response: requests.Response) -> Iterator[bytes]:
        """Yield the body as it comes, unless it drips for ever."""
        deadline = time.monotonic() + PATIENCE * self._settings.timeout
        for piece in _as_it_arrives(response):
            yield piece
            if time.monotonic() > deadline:
                raise requests.exceptions.ReadTimeout("the answer takes too long")

    def _terms(self) -> dict[str, Any]:
        """Return the arguments that every request of the library gets.

        C(verify) of a session would give way to an environment variable; that of a request
        does not.
        """
        timeout = self._settings.timeout
        return {
            "stream": True,
            "timeout": (min(CONNECT_TIMEOUT, timeout), timeout),
            "verify": self._settings.verify,
        }


def _as_it_arrives(response: requests.Response) -> Iterator[bytes]:
    """Yield what has come, however little; C(iter_content) waits until a piece is full."""
    read1 = getattr(response.raw, "read1", None)
    if read1 is None:  # urllib3 before 2.1
        yield from response.iter_content(PIECE)
        return
    while True:
        piece = read1(PIECE, decode_content=True)
        if not piece:
            return
        yield piece


def _unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _redirected(method: str, path: str, url: str, response: requests.Response, spent: bool) -> str:
    """Return the address to use instead, if it is on the same server and keeps the method.

    C(spent) says that the body was a file, which is at its end and can't be sent again.
    """
    target = urljoin(url, response.headers["Location"])
    here, there = urlsplit(url), urlsplit(target)
    same_server = (here.scheme, here.netloc) == (there.scheme, there.netloc)
    keeps_method = method == "GET" or response.status_code in (307, 308)
    if same_server and keeps_method and not spent:
        return target
    raise CoprError(
        "configuration",
        f"{url} redirects to {target}, where neither credentials nor changes are sent; set "
        "copr_url to the server's own address.",
        status=response.status_code,
        method=method,
        path=path,
    )


def _named(error: Exception, method: str, path: str, settings: Settings) -> CoprError:
    """Say what a failure of the library means, and whether the server may have acted."""
    host = urlsplit(settings.url).netloc if path.startswith("/") else urlsplit(path).netloc
    failures = requests.exceptions
    if isinstance(error, failures.SSLError):
        return CoprError(
            "unreachable",
            f"No secure connection to {host}: TLS failed, or its certificate is not trusted "
            "here. If the server has an authority of its own, set ca_path.",
            method=method,
            path=path,
        )
    if isinstance(error, (failures.InvalidURL, failures.MissingSchema, failures.InvalidSchema)):
        return CoprError("configuration", f"{path} is no usable address.", method=method, path=path)
    if _never_arrived(error):
        return CoprError(
            "unreachable",
            f"{host} could not be reached: {_reason(error)}.",
            method=method,
            path=path,
            transient=True,
        )
    if isinstance(error, failures.Timeout) or "timed out" in str(error):
        return CoprError(
            "timeout",
            f"{host} did not answer within {settings.timeout:g} seconds.",
            method=method,
            path=path,
            transient=True,
            maybe_done=True,
        )
    return CoprError(
        "unreachable",
        f"The connection to {host} broke before the answer was complete.",
        method=method,
        path=path,
        transient=True,
        maybe_done=True,
    )


def _never_arrived(error: Exception) -> bool:
    """Return whether no connection came about, so that the server can't have seen the request."""
    if isinstance(error, (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)):
        return True
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _reason(error: Exception) -> str:
    text = str(getattr(error.args[0], "reason", error) if error.args else error)
    if "Name or service not known" in text or "resolve" in text or "getaddrinfo" in text:
        return "its name can't be resolved"
    if "refused" in text:
        return "the connection was refused"
    if "timed out" in text:
        return "connecting took too long"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy in between can't be used"
    return "no connection came about"
