# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sending one request and receiving its response, with every failure as a CoprError."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from http.client import OK, PARTIAL_CONTENT
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Callable, Optional
from urllib.parse import urljoin, urlsplit

from .answers import TRANSIENT_STATUSES, Answer
from .errors import CoprError
from .failures import named
from .libraries import REQUESTS_TROUBLE
from .settings import Settings
from .version import VERSION
from .watch import Watch, watched_by

if REQUESTS_TROUBLE is None:
    import requests
    import urllib3

    from .watch import WatchedAdapter

if TYPE_CHECKING:
    import requests
    import urllib3

    Signer = Callable[[requests.PreparedRequest], requests.PreparedRequest]

# The public server's bot wall lets user agents pass whose name begins with "copr".
USER_AGENT = f"copr-ansible-collection/{VERSION}"
LARGEST_ANSWER = 256 * 1024 * 1024
# The server must begin its response within the timeout, and has this many timeouts to complete it.
PATIENCE = 3
MOST_REDIRECTS = 5
PIECE = 256 * 1024

# Called with the byte of a file at which its pieces begin, and the size of the file, if known.
Began = Callable[[int, Optional[int]], object]
_CONTENT_RANGE = re.compile(r"bytes (?P<first>\d+)-\d+/(?P<size>\d+|\*)")


class Transport:
    """A session of requests, bound to one server's settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session = self._new_session()
        # Results are public and lie on other hosts, so that nothing of the login goes there.
        self._files = self._new_session()
        self._files.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))

    def send(
        self,
        method: str,
        path: str,
        sign: Signer | None,
        *,
        limit: float = math.inf,
        **arguments: Any,
    ) -> Answer:
        """Send one request once and return the answer, whatever its status.

        Args:
            path: below the server's address, with a slash in front.
            sign: puts credentials on the request; None sends none.
            limit: seconds that all of it may take, if that is less than the settings allow.
            arguments: C(params), C(json), C(data) or C(headers) as requests takes them.

        The server must begin its response within the timeout of the settings, counted from the end
        of the request, and finish it within PATIENCE times as long. Redirects are followed only on
        the same server, and keep the method; requests itself would turn a redirected POST into a
        GET, to which Copr would answer with success.
        Raises CoprError if no complete response arrives.
        """
        url = self._settings.url + path
        timeout = self._settings.timeout
        watch = Watch(timeout, limit)
        for _hop in range(MOST_REDIRECTS):
            try:
                with watched_by(watch):
                    response = self._session.request(
                        method,
                        url,
                        auth=sign or _unsigned,
                        allow_redirects=False,
                        **self._terms(),
                        **arguments,
                    )
                with response:
                    if not response.is_redirect:
                        watch.allow(PATIENCE * timeout)
                        body = self._read(response)
                        return Answer(method, path, response.status_code, response.headers, body)
                    url = _redirected(method, path, url, response, "data" in arguments)
                    arguments.pop("params", None)  # they are in the new address
            except UnicodeError as error:
                raise CoprError(
                    "invalid", f"The request to {path} contains characters that cannot be sent."
                ) from error
            except _failures() as error:
                raise named(error, watch, method, path, self._settings) from error
        raise CoprError(
            "server", f"The server redirects {path} in a loop.", method=method, path=path
        )

    def session_cookie(self) -> str | None:
        """Return the cookie C(session), if an answer has set one."""
        return self._session.cookies.get("session")

    def download(
        self, url: str, *, last: int | None = None, limit: float = math.inf
    ) -> Iterator[bytes]:
        """Yield the pieces of a public file on any host; no credentials go with this.

        C(last) asks only for this many bytes from its end; some hosts send the whole file instead.
        Each piece may take as long as the body of a response, and all together C(limit) seconds.
        Raises CoprError (not_found, server, unreachable, timeout).
        """
        # A part of a compressed response could not be decompressed.
        part = {"Range": f"bytes=-{last}", "Accept-Encoding": "identity"} if last else {}
        yield from self._file(url, part, limit, _pieces)

    def download_raw(
        self, url: str, began: Began, *, first: int = 0, limit: float = math.inf
    ) -> Iterator[bytes]:
        """Yield the pieces of a public file as its host stores it, packed or not; see C(download).

        C(first) asks for the file from this byte on. Before the first piece, C(began) is called
        with the byte at which the pieces begin, and the size of the whole file, None if the host
        does not report it. A host that can't send a part begins at 0. The first piece is empty: a
        caller that stops there makes the host send no more.
        """
        headers = {"Accept-Encoding": "identity"}
        if first:
            headers["Range"] = f"bytes={first}-"

        def pieces(response: requests.Response) -> Iterator[bytes]:
            began(*_extent(response))
            yield b""
            yield from _raw_pieces(response)

        yield from self._file(url, headers, limit, pieces)

    def _file(
        self,
        url: str,
        headers: dict[str, str],
        limit: float,
        pieces: Callable[[requests.Response], Iterator[bytes]],
    ) -> Iterator[bytes]:
        """Yield what C(pieces) makes of the response to a request for a file, within C(limit)."""
        if urlsplit(url).scheme not in ("http", "https"):
            raise CoprError(
                "server",
                f"The server gave {url!r} as the address of a file, but only http and https can be "
                "fetched.",
            )
        watch = Watch(self._settings.timeout, limit)
        taken = (OK, PARTIAL_CONTENT) if "Range" in headers else (OK,)
        try:
            with watched_by(watch):
                response = self._files.get(url, headers=headers, **self._terms())
            with response:
                if response.status_code not in taken:
                    raise _no_file(url, response.status_code)
                yield from _paced(pieces(response), watch, PATIENCE * self._settings.timeout)
        except _failures() as error:
            raise named(error, watch, "GET", url, self._settings) from error

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        if self._settings.verify is False:
            # The user has asked for it, so a warning with every request does not help.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        session.headers["User-Agent"] = USER_AGENT
        session.max_redirects = MOST_REDIRECTS
        # What is read decides what is changed, so a cache in between must not answer.
        session.headers["Cache-Control"] = "no-cache"
        for scheme in ("http://", "https://"):
            session.mount(scheme, WatchedAdapter())
        # A session that has an authentication of its own does not send credentials from ~/.netrc.
        session.auth = _unsigned
        return session

    def _read(self, response: requests.Response) -> bytes:
        """Return the whole body, unless it is larger than LARGEST_ANSWER."""
        body = bytearray()
        for piece in _pieces(response):
            body += piece
            if len(body) > LARGEST_ANSWER:
                raise requests.exceptions.ContentDecodingError("the answer is too large")
        return bytes(body)

    def _terms(self) -> dict[str, Any]:
        """Return the arguments that every request of the library gets.

        An environment variable overrides the C(verify) of a session, but not that of a request.
        The library needs a timeout, although the connections keep their own.
        """
        return {
            "stream": True,
            "timeout": self._settings.timeout,
            "verify": self._settings.verify,
        }


def _no_file(url: str, status: int) -> CoprError:
    return CoprError(
        "not_found" if status == 404 else "server",
        f"{url} answered with status {status}.",
        status=status,
        method="GET",
        path=url,
        transient=status in TRANSIENT_STATUSES,
    )


def _failures() -> tuple[type[Exception], ...]:
    """Return what the libraries raise; an invalid file of certificates raises OSError."""
    return (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


def _paced(pieces: Iterator[bytes], watch: Watch, seconds: float) -> Iterator[bytes]:
    """Yield the pieces of a file; each PIECE bytes may take so long, however long the file is."""
    size = 0
    watch.allow(seconds)
    for piece in pieces:
        yield piece
        size += len(piece)
        if size >= PIECE:
            size = 0
            watch.allow(seconds)


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """Yield a body, and check that it is complete, which urllib3 1 does not do."""
    yield from response.iter_content(PIECE)
    _refuse_cut(response)


def _raw_pieces(response: requests.Response) -> Iterator[bytes]:
    """Yield a body as it comes, not unpacked: logs are sent as C(Content-Encoding: gzip)."""
    yield from response.raw.stream(PIECE, decode_content=False)
    _refuse_cut(response)


def _refuse_cut(response: requests.Response) -> None:
    announced = _announced(response)
    if announced is not None and response.raw.tell() < announced:
        raise requests.exceptions.ConnectionError("the answer was cut off")


def _announced(response: requests.Response) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else None


def _extent(response: requests.Response) -> tuple[int, int | None]:
    """Return the byte of a file at which a response begins, and the size of the whole file."""
    if response.status_code != PARTIAL_CONTENT:
        return 0, _announced(response)
    found = _CONTENT_RANGE.match(response.headers.get("Content-Range", ""))
    if found is None:
        raise requests.exceptions.InvalidHeader("the answer does not say which part it is")
    return int(found["first"]), int(found["size"]) if found["size"] != "*" else None


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
        f"{url} redirects to {target}, and neither credentials nor changes are sent there; set "
        "copr_url to the server's own address.",
        status=response.status_code,
        method=method,
        path=path,
    )
