# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which server to talk to, as whom, and how patiently: options and the official config file."""

from __future__ import annotations

import configparser
import datetime
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .errors import CoprError

PUBLIC_COPR = "https://copr.fedorainfracloud.org"
DEFAULT_CONFIG_FILE = "~/.config/copr"
SECTION = "copr-cli"
LONGEST_TIMEOUT = 24 * 3600.0
EXPIRES_SOON = datetime.timedelta(days=14)

_EXPIRATION_COMMENT = re.compile(r"^\s*#\s*expiration date:\s*(\d{4}-\d{2}-\d{2})", re.MULTILINE)


@dataclass(frozen=True)
class Credentials:
    """An API login and token, and the day the token ends where that is known."""

    login: str
    token: str
    expires: datetime.date | None = None
    origin: str = "the options"

    def __repr__(self) -> str:
        return f"Credentials(login=..., token=..., origin={self.origin!r})"

    def expiry_notice(self, today: datetime.date) -> str | None:
        """Return a sentence when the token has expired or soon will, else None."""
        if self.expires is None or self.expires - today > EXPIRES_SOON:
            return None
        verb = "expired" if self.expires < today else "expires"
        return (
            f"The API token in {self.origin} {verb} on {self.expires.isoformat()}. "
            "Get a new one from the /api/ page of your Copr server."
        )


@dataclass(frozen=True)
class Settings:
    """All that a client needs to know before its first request.

    Attributes:
        url: the frontend's address, without a slash at the end.
        credentials: login and token, if any are known.
        username: whose projects a plain C(name) means, if known without asking the server.
        gssapi: log in with the Kerberos ticket instead of a token.
        verify: check certificates with the system's authorities (True), with those of a
            file (its path), or not at all (False).
        timeout: seconds to wait for the server to connect, and for each piece of an answer.
        retries: how often a request that is safe to repeat is sent again.
    """

    url: str = PUBLIC_COPR
    credentials: Credentials | None = None
    username: str | None = None
    gssapi: bool = False
    verify: bool | str = True
    timeout: float = 60.0
    retries: int = 4

    @property
    def may_send_secrets(self) -> bool:
        """Whether a token may travel to this server: over TLS, or to this very machine."""
        parts = urlsplit(self.url)
        return parts.scheme == "https" or is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Return whether a host name or address can only mean this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def settings_from(options: Mapping[str, Any]) -> Settings:
    """Combine the connection options of a task with the official client's config file.

    An option that is given wins. Credentials found in the file are used only for the server
    that the file names, so that pointing a task at another server cannot send them there.

    Raises CoprError (configuration) for a file that is missing, unreadable or malformed, an
    address that is none, and half a pair of credentials.
    """
    stored = read_config_file(options.get("config_file"))
    url = _checked_url(options.get("copr_url") or stored.url or PUBLIC_COPR)
    at_home = url == _checked_url(stored.url or PUBLIC_COPR)
    credentials = _credentials_from(options) or (stored.credentials if at_home else None)
    gssapi = options.get("gssapi")
    if gssapi is None:
        gssapi = stored.gssapi and at_home and credentials is None
    return Settings(
        url=url,
        credentials=credentials,
        username=options.get("copr_username") or (stored.username if at_home else None),
        gssapi=bool(gssapi),
        verify=_verification(options),
        timeout=_positive("request_timeout", options.get("request_timeout"), Settings.timeout),
        retries=_not_negative("retries", options.get("retries"), Settings.retries),
    )


@dataclass(frozen=True)
class ConfigFile:
    """What the official client's config file says."""

    url: str | None = None
    credentials: Credentials | None = None
    username: str | None = None
    gssapi: bool = False


def read_config_file(path: str | None) -> ConfigFile:
    """Read C(~/.config/copr) or the file at C(path), in the format the Copr server hands out.

    The key C(encrypted), which allows the official client to use plain HTTP, is accepted and
    changes nothing here: a loopback address never needs it and no other address gets a token
    over plain HTTP. A missing file is an error only when its path was given.
    """
    shown = path or DEFAULT_CONFIG_FILE
    try:
        with open(os.path.expanduser(shown), encoding="utf-8") as stream:
            text = stream.read()
    except FileNotFoundError as error:
        if path is None:
            return ConfigFile()
        raise _unusable(shown, "it does not exist") from error
    except UnicodeDecodeError as error:
        raise _unusable(shown, "it is not a text file") from error
    except ValueError as error:
        raise _unusable(shown, "its name is impossible") from error
    except OSError as error:
        raise _unusable(shown, (error.strerror or "it can't be opened").lower()) from error
    return _parse_config(text, shown)


def _parse_config(text: str, shown: str) -> ConfigFile:
    # The parser's own messages quote the lines they complain of, which may hold the token.
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.MissingSectionHeaderError as error:
        raise _unusable(shown, f"line {error.lineno} stands before any [section]") from error
    except configparser.ParsingError as error:
        line = error.errors[0][0] if error.errors else "?"
        raise _unusable(shown, f"line {line} can't be parsed") from error
    except (configparser.DuplicateOptionError, configparser.DuplicateSectionError) as error:
        raise _unusable(shown, f"line {error.lineno} repeats an earlier one") from error
    if not parser.has_section(SECTION):
        raise _unusable(shown, f"it has no section [{SECTION}]")
    section = parser[SECTION]
    try:
        gssapi = section.getboolean("gssapi", fallback=False)
        section.getboolean("encrypted", fallback=True)
    except ValueError as error:
        raise _unusable(shown, "gssapi and encrypted must be yes or no") from error
    login, token = section.get("login"), section.get("token")
    credentials = None
    if login and token:
        credentials = Credentials(login, token, _expiration_date(text), shown)
    elif login or token:
        raise _unusable(shown, "it has only one of login and token")
    return ConfigFile(section.get("copr_url"), credentials, section.get("username"), gssapi)


def _expiration_date(text: str) -> datetime.date | None:
    found = _EXPIRATION_COMMENT.search(text)
    if not found:
        return None
    try:
        return datetime.date.fromisoformat(found.group(1))
    except ValueError:
        return None


def _unusable(shown: str, why: str) -> CoprError:
    return CoprError("configuration", f"The config file {shown} can't be used: {why}.")


def _credentials_from(options: Mapping[str, Any]) -> Credentials | None:
    login, token = options.get("copr_login"), options.get("copr_token")
    if login and token:
        if not (login + token).isascii() or not (login + token).isprintable():
            raise CoprError(
                "configuration", "copr_login or copr_token has a character that none ever has."
            )
        return Credentials(login, token)
    if login or token:
        given, lacking = ("copr_login", "copr_token") if login else ("copr_token", "copr_login")
        raise CoprError(
            "configuration", f"{given} is set but {lacking} is not; a login needs both of them."
        )
    return None


def _checked_url(url: str) -> str:
    no_address = CoprError("configuration", "copr_url must be an http or https address.")
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        raise no_address from error
    if not usable:
        raise no_address
    if parts.username or parts.password:
        raise CoprError(
            "configuration", "copr_url must not contain credentials; use copr_login and copr_token."
        )
    if parts.path.rstrip("/").endswith("/api_3"):
        # Its answers to unknown paths would read like those about things that do not exist.
        raise CoprError(
            "configuration", "copr_url is the address of the frontend, without /api_3 at its end."
        )
    return url.strip().rstrip("/")


def _verification(options: Mapping[str, Any]) -> bool | str:
    if options.get("validate_certs") is False:
        return False
    ca_path = options.get("ca_path")
    if not ca_path:
        return True
    path = os.path.abspath(os.path.expanduser(str(ca_path)))
    if not os.path.exists(path):
        raise CoprError("configuration", f"ca_path {path} does not exist.")
    return path


def _positive(name: str, value: Any, default: float) -> float:
    if value is None:
        return default
    if not 0 < value <= LONGEST_TIMEOUT:
        raise CoprError(
            "configuration", f"{name} must be above 0 and at most a day, {LONGEST_TIMEOUT:.0f}."
        )
    return float(value)


def _not_negative(name: str, value: Any, default: int) -> int:
    if value is None:
        return default
    if value < 0:
        raise CoprError("configuration", f"{name} must be 0 or more, not {value}.")
    return int(value)
