# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How a request is authenticated: with a token, or with the session of a Kerberos login."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Protocol
from urllib.parse import urlsplit

from .errors import CoprError
from .libraries import kerberos_library
from .secrets import forms_of
from .settings import Credentials, Settings

if TYPE_CHECKING:
    import requests

SESSION_LIFETIME = 10 * 3600.0

# Takes an authentication of requests; returns the user's name and the session cookie.
FetchSession = Callable[[Any], "tuple[str, str]"]


class Login(Protocol):
    """A way to log in: adds credentials to a request, and can renew them after a 401.

    Attributes:
        secrets: the secrets that it sends, other than the credentials of the settings.
    """

    secrets: set[str]

    def sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Return the request with credentials."""

    def renew(self) -> bool:
        """Return whether there is a new login to try after a 401."""


class TokenLogin:
    """HTTP Basic with the login and token of the API."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self.secrets: set[str] = set()

    def sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the Authorization header."""
        request.prepare_auth((self._credentials.login, self._credentials.token))
        return request

    def renew(self) -> bool:
        """Return False: a token that was refused stays refused."""
        return False


class KerberosLogin:
    """The cookie that C(/api_3/gssapi_login) gives for a Kerberos ticket.

    It is stored where the official client stores it, in the same format and under the same lock,
    so that both share one login.
    """

    def __init__(self, url: str, fetch: FetchSession) -> None:
        """Take the server's address, and the function that asks it for a session."""
        self._fetch = fetch
        cache = Path(os.path.expanduser("~/.cache/copr"))
        self._file = cache / f"{urlsplit(url).netloc}-session"
        self._cookie: str | None = None
        self.secrets: set[str] = set()

    def sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the session cookie; log in first if none is stored."""
        if self._cookie is None:
            with self._lock():
                self._cookie = self._kept() or self._log_in()
        self.secrets |= forms_of(self._cookie)
        request.headers["Cookie"] = f"session={self._cookie}"
        return request

    def renew(self) -> bool:
        """Log in again and return True: the server may have ended the stored session."""
        with self._lock():
            self._cookie = self._log_in()
        return True

    def _log_in(self) -> str:
        negotiate = kerberos_library().HTTPSPNEGOAuth(opportunistic_auth=True)

        def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
            signed: requests.PreparedRequest = negotiate(request)
            _scheme, _blank, ticket = signed.headers.get("Authorization", "").partition(" ")
            self.secrets |= forms_of(ticket)
            return signed

        name, cookie = self._fetch(sign)
        self._keep(name, cookie)
        return cookie

    def _kept(self) -> str | None:
        try:
            session = json.loads(self._file.read_text(encoding="utf-8"))
            return str(session["session"]) if session["expiration"] > time.time() else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, name: str, cookie: str) -> None:
        session = {"name": name, "session": cookie, "expiration": time.time() + SESSION_LIFETIME}
        with contextlib.suppress(OSError):
            descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "w", encoding="utf-8") as stream:
                json.dump(session, stream, indent=4)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        """Hold the lock file of the official client, if its folder is writable."""
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):
                self._file.parent.mkdir(parents=True, exist_ok=True)
                lock = stack.enter_context(open(f"{self._file}.lock", "a", encoding="utf-8"))
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def login_for(settings: Settings, fetch: FetchSession) -> Login:
    """Return the way to log in that the settings call for.

    Raises CoprError (authentication) if they have no credentials, and (configuration) if secrets
    would be sent unencrypted.
    """
    if not settings.may_send_secrets:
        raise CoprError(
            "configuration",
            f"Credentials are never sent over plain HTTP, and copr_url is {settings.url}; "
            "use its https address.",
        )
    if settings.gssapi:
        return KerberosLogin(settings.url, fetch)
    if settings.credentials:
        return TokenLogin(settings.credentials)
    raise CoprError(
        "authentication",
        f"This needs a login to {settings.url}, and no credentials were found; set copr_login "
        "and copr_token, or save the file from the server's /api/ page as ~/.config/copr.",
    )
