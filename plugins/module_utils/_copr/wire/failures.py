# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a failure of the HTTP library means, and whether the server may have acted.

Decided by the types and codes of exceptions; their texts depend on versions and languages.
"""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .errors import CoprError
from .libraries import REQUESTS_TROUBLE
from .settings import Settings
from .watch import Watch

if REQUESTS_TROUBLE is None:
    import requests
    import urllib3

if TYPE_CHECKING:
    import requests
    import urllib3

_NAME_MISMATCH = 62
# What is wrong with a certificate, by OpenSSL's error codes (X509_V_ERR).
_CERTIFICATES = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is self-signed and not trusted by this machine",
    19: "its certificate authority is not trusted by this machine",
    20: "its certificate authority is not known to this machine",
    21: "its certificate authority is not known to this machine",
    _NAME_MISMATCH: "its certificate is for a different name",
    64: "its certificate is for a different address",
}
_OF_AN_AUTHORITY = frozenset({18, 19, 20, 21})


def named(error: Exception, watch: Watch, method: str, path: str, settings: Settings) -> CoprError:
    """Return the error for a failure of the library.

    C(path) is below the server's address, or a whole address. The failure does not show whether
    the server may have acted; C(watch) does: it knows whether any of the request was sent.
    """
    host = urlsplit(settings.url).netloc if path.startswith("/") else urlsplit(path).netloc
    failures = requests.exceptions
    configuration = partial(CoprError, "configuration", method=method, path=path)
    if isinstance(error, failures.InvalidProxyURL):
        return configuration("A proxy address in the environment is not valid.")
    if isinstance(error, (failures.InvalidURL, failures.MissingSchema, failures.InvalidSchema)):
        return configuration(f"{path} is not a valid address.")
    if not isinstance(error, (failures.RequestException, urllib3.exceptions.HTTPError)):
        # What requests raises when the file of ca_path is gone.
        return configuration(
            f"No secure connection to {host}: {settings.verify} can't be used as ca_path."
        )
    if watch.sent:
        return _lost(error, watch, method, path, host)
    if isinstance(error, failures.SSLError):
        return CoprError(
            "unreachable",
            f"No secure connection to {host}: {_trouble_with_tls(error, settings)}",
            method=method,
            path=path,
        )
    return CoprError(
        "unreachable",
        f"{host} could not be reached: {_reason(error)}.",
        method=method,
        path=path,
        transient=True,
    )


def _lost(error: Exception, watch: Watch, method: str, path: str, host: str) -> CoprError:
    """Return the error for a request that was sent, at least in part, without a whole answer."""
    late = _has(error, (TimeoutError, socket.timeout, urllib3.exceptions.TimeoutError))
    return CoprError(
        "timeout" if late else "unreachable",
        f"{host} did not answer within {watch.seconds:g} seconds."
        if late
        else f"The connection to {host} broke before the answer was complete.",
        method=method,
        path=path,
        transient=True,
        maybe_done=True,
    )


def _reason(error: Exception) -> str:
    proxy = _has(error, urllib3.exceptions.ProxyError)
    if _has(error, socket.gaierror):
        return "the proxy's name can't be resolved" if proxy else "its name can't be resolved"
    if _has(error, ConnectionRefusedError):
        return f"the {'proxy refused the connection' if proxy else 'connection was refused'}"
    if _has(error, (TimeoutError, socket.timeout, urllib3.exceptions.TimeoutError)):
        return "connecting took too long"
    if any(
        isinstance(each, OSError) and each.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH)
        for each in _chain(error)
    ):
        return "there is no route to its network"
    return "the proxy can't be used" if proxy else "the connection failed"


def _trouble_with_tls(error: Exception, settings: Settings) -> str:
    for each in _chain(error):
        if isinstance(each, ssl.SSLCertVerificationError):
            # Python's own check of names, which urllib3 1 may use, gives no code.
            code = int(getattr(each, "verify_code", _NAME_MISMATCH))
            known = _CERTIFICATES.get(code, f"its certificate can't be verified (code {code})")
            if code not in _OF_AN_AUTHORITY:
                return f"{known}."
            if isinstance(settings.verify, str):
                return f"{known}; the authority is not in ca_path, {settings.verify}."
            return f"{known}. If the server uses its own certificate authority, set ca_path."
        if type(each).__name__ == "CertificateError":  # urllib3 1 has one of its own
            return "its certificate is for a different name."
        if getattr(each, "reason", None) in ("NO_CERTIFICATE_OR_CRL_FOUND", "NO_START_LINE"):
            return f"ca_path {settings.verify} contains no certificates."
        if getattr(each, "reason", None) in (
            "UNSUPPORTED_PROTOCOL",
            "TLSV1_ALERT_PROTOCOL_VERSION",
        ):
            return "it supports no TLS version that this machine supports."
    return "it does not speak TLS, or it closes the connection; check the port."


def _has(error: BaseException, kinds: type | tuple[type, ...]) -> bool:
    return any(isinstance(each, kinds) for each in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and its causes, however the libraries keep them.

    A CoprError among them belongs to an earlier request, which is being handled.
    """
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, BaseException) or isinstance(each, CoprError) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
