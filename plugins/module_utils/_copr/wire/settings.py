# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connection settings: server, credentials, time limits; from options and the config file."""

from __future__ import annotations

import configparser
import datetime
import io
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from .config_text import SECTION, expiration_date
from .errors import CoprError
from .near import nearest
from .secrets import forms_of_login

PUBLIC_COPR = "https://copr.fedorainfracloud.org"
DEFAULT_CONFIG_FILE = "~/.config/copr"
LONGEST_TIMEOUT = 24 * 3600.0
EXPIRES_SOON = datetime.timedelta(days=14)

# The environment variable used for a connection option that a task does not set.
ENVIRONMENT = {
    "copr_url": "COPR_URL",
    "copr_login": "COPR_LOGIN",
    "copr_token": "COPR_TOKEN",
    "copr_username": "COPR_USERNAME",
    "config_file": "COPR_CONFIG",
    "config_content": "COPR_CONFIG",
    "gssapi": "COPR_GSSAPI",
    "validate_certs": "COPR_VALIDATE_CERTS",
    "ca_path": "COPR_CA_PATH",
    "request_timeout": "COPR_REQUEST_TIMEOUT",
    "retries": "COPR_RETRIES",
}
KEYS = ("copr_url", "encrypted", "gssapi", "login", "token", "username")

_TOKEN = re.compile(r"\btoken\s*[=:]")


@dataclass(frozen=True)
class Credentials:
    """An API login and token.

    Attributes:
        expires: the last day of the token, if known.
        origin: where they come from, for messages.
        file: the config file that they come from, if any.
    """

    login: str
    token: str
    expires: datetime.date | None = None
    origin: str = "the options copr_login and copr_token"
    file: str | None = None

    def __repr__(self) -> str:
        return f"Credentials(login=..., token=..., origin={self.origin!r})"

    def expiry_notice(self, today: datetime.date) -> str | None:
        """Return a sentence when the token has expired or soon will, else None."""
        if self.expires is None or self.expires - today > EXPIRES_SOON:
            return None
        verb, advice = "expires", "Get a new one"
        if self.expires < today:
            verb = "expired"
        elif self.file:
            advice = "Renew it with copr_token, or get a new one"
        return (
            f"The API token in {self.origin} {verb} on {self.expires.isoformat()}. "
            f"{advice} from the /api/ page of your Copr server."
        )


@dataclass(frozen=True)
class Settings:
    """All that a client needs to know before its first request.

    Attributes:
        url: the frontend's address, without a slash at the end.
        credentials: login and token, if any are known.
        username: the owner of projects named without one, if known without asking the server.
        gssapi: log in with the Kerberos ticket instead of a token.
        verify: check certificates with the system's authorities (True), with those of a
            file (its path), or not at all (False).
        timeout: seconds to wait for the connection, and for each piece of a response.
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
    def secrets(self) -> set[str]:
        """The secrets in these settings, in every form."""
        if self.credentials is None:
            return set()
        return forms_of_login(self.credentials.login, self.credentials.token)

    @property
    def has_login(self) -> bool:
        """Whether there are credentials to log in with."""
        return self.gssapi or self.credentials is not None

    @property
    def may_send_secrets(self) -> bool:
        """Whether a token may be sent to this server: over TLS, or to this machine."""
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


def from_environment(option: str) -> str | None:
    """Return the value that the environment has for a connection option; empty counts as unset.

    COPR_CONFIG contains a path, or the text of the file, as is common in CI.
    """
    value = os.environ.get(ENVIRONMENT[option], "")
    if not value.strip():
        return None
    unfit = {"config_file": is_config_text(value), "config_content": not is_config_text(value)}
    return None if unfit.get(option) else value


def is_config_text(config: str) -> bool:
    """Return whether this is the text of a config file, and not a path."""
    return "\n" in config or f"[{SECTION}]" in config or bool(_TOKEN.search(config))


def settings_from(options: Mapping[str, Any]) -> Settings:
    """Combine the connection options of a task with the official client's config file.

    Options take precedence. Credentials from the file are used only for the server that the file
    names, so that they are never sent to another server that a task sets.

    Raises CoprError (configuration) for a file that is missing, unreadable or malformed, an
    invalid address, and a login without a token or the reverse. No message quotes what may be
    a secret.
    """
    stored = _stored(options)
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


def _stored(options: Mapping[str, Any]) -> ConfigFile:
    """Return the settings from the config file, or from its text in config_content."""
    path, content = options.get("config_file"), options.get("config_content")
    if path and is_config_text(path):
        raise CoprError(
            "configuration",
            "config_file contains the text of a config file, not its path; use config_content.",
        )
    if path and content:
        # One of them comes from the environment, for an option that the task does not set.
        if content == from_environment("config_content"):
            content = None
        elif not from_environment("config_file"):
            raise CoprError("configuration", "Set config_file or config_content, not both.")
    if not content:
        return read_config_file(path or None)
    origin = "config_content"
    if content == from_environment("config_content"):
        origin = f"the environment variable {ENVIRONMENT['config_content']}"
    return _parse_config(content, origin, f"The text in {origin}")


@dataclass(frozen=True)
class ConfigFile:
    """The settings in the official client's config file, and its text with its own line ends."""

    url: str | None = None
    credentials: Credentials | None = None
    username: str | None = None
    gssapi: bool = False
    text: str = field(default="", repr=False)


def read_config_file(path: str | None) -> ConfigFile:
    """Read C(~/.config/copr) or the file at C(path), in the format the Copr server hands out.

    The key C(encrypted), which allows the official client to use plain HTTP, is accepted but has no
    effect here: a loopback address does not need it, and a token is never sent to any other address
    over plain HTTP. A missing file is an error only if its path was given.
    """
    shown = path or DEFAULT_CONFIG_FILE
    subject = f"The config file {shown}"
    try:
        with open(os.path.expanduser(shown), encoding="utf-8", newline="") as stream:
            text = stream.read()
    except FileNotFoundError as error:
        if path is None:
            return ConfigFile()
        raise _unusable(subject, "it does not exist") from error
    except UnicodeDecodeError as error:
        raise _unusable(subject, "it is not a text file") from error
    except ValueError as error:
        raise _unusable(subject, "its path is not valid") from error
    except OSError as error:
        raise _unusable(subject, (error.strerror or "it can't be opened").lower()) from error
    return _parse_config(text, shown, subject, shown)


def _parse_config(text: str, origin: str, subject: str, file: str | None = None) -> ConfigFile:
    # The parser's own messages quote the lines, which may contain the token.
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_file(io.StringIO(text, newline=None))
    except configparser.MissingSectionHeaderError as error:
        raise _unusable(subject, f"line {error.lineno} comes before any [section]") from error
    except configparser.ParsingError as error:
        line = error.errors[0][0] if error.errors else "?"
        raise _unusable(subject, f"line {line} can't be parsed") from error
    except (configparser.DuplicateOptionError, configparser.DuplicateSectionError) as error:
        raise _unusable(subject, f"line {error.lineno} repeats an earlier one") from error
    if not parser.has_section(SECTION):
        raise _unusable(subject, f"it has no section [{SECTION}]")
    section = parser[SECTION]
    misspelt = [near for key in section if key not in KEYS for near in nearest(key, KEYS, 1)]
    if misspelt:
        raise _unusable(subject, f"it has a misspelt key; did you mean {misspelt[0]}?")
    try:
        gssapi = section.getboolean("gssapi", fallback=False)
        section.getboolean("encrypted", fallback=True)
    except ValueError as error:
        raise _unusable(subject, "gssapi and encrypted must be yes or no") from error
    login, token = section.get("login"), section.get("token")
    credentials = None
    if login and token:
        credentials = _checked_credentials(login, token, expiration_date(text), origin, file)
    elif login or token:
        raise _unusable(subject, "it has only one of login and token")
    return ConfigFile(section.get("copr_url"), credentials, section.get("username"), gssapi, text)


def _unusable(subject: str, why: str) -> CoprError:
    end = "" if why.endswith("?") else "."
    return CoprError("configuration", f"{subject} can't be used: {why}{end}")


def _credentials_from(options: Mapping[str, Any]) -> Credentials | None:
    login, token = options.get("copr_login"), options.get("copr_token")
    if login and token:
        return _checked_credentials(login, token, None, _origin(login, token))
    if login or token:
        given, lacking = ("copr_login", "copr_token") if login else ("copr_token", "copr_login")
        raise CoprError(
            "configuration", f"{given} is set but {lacking} is not; a login needs both of them."
        )
    return None


def _origin(login: str, token: str) -> str:
    """Return where the login and the token in validated options come from."""
    values = {"copr_login": login, "copr_token": token}
    stored = [name for name, value in values.items() if from_environment(name) == value]
    given = [name for name in values if name not in stored]
    variables = [ENVIRONMENT[name] for name in stored]
    parts = [("option", given), ("environment variable", variables)]
    return " and ".join(
        f"the {kind}{'s' if len(names) > 1 else ''} {' and '.join(names)}"
        for kind, names in parts
        if names
    )


def _checked_credentials(
    login: str, token: str, expires: datetime.date | None, origin: str, file: str | None = None
) -> Credentials:
    if not may_be_sent(login + token):
        raise CoprError(
            "configuration",
            f"The login or token in {origin} contains a character that is not allowed there.",
        )
    return Credentials(login, token, expires, origin, file)


def may_be_sent(secret: str) -> bool:
    """Return whether a login or token has only characters that a request can contain."""
    return secret.isascii() and secret.isprintable()


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
        # Its responses to unknown paths look like those about objects that do not exist.
        raise CoprError(
            "configuration",
            "copr_url must be the address of the frontend, without /api_3 at its end.",
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
            "configuration",
            f"{name} must be above 0 and at most {LONGEST_TIMEOUT:.0f} seconds, which is a day.",
        )
    return float(value)


def _not_negative(name: str, value: Any, default: int) -> int:
    if value is None:
        return default
    if value < 0:
        raise CoprError("configuration", f"{name} must be 0 or more, not {value}.")
    return int(value)
