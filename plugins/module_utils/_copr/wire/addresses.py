# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials in addresses, C(https://user:password@host/): found, refused and hidden.

Copr shows everything that a project or a build contains to everybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from .errors import CoprError
from .secrets import HIDDEN_PART, forms_of

# What stands between "//" and the last "@" before the path. The second form is a password with a
# slash, a question mark or a hash in it, which makes a port that is not a number. Without the
# limits, the time would grow with the square of a text's length.
_ADDRESS = re.compile(
    r"""(?P<scheme>[a-z][a-z0-9+.-]{0,63})://
    (?P<user>[^\s/?\#"'<>]+ | [^\s/?\#"'<>:@\[(),;]+:(?!\d*[/?\#])[^\s"'<>]{0,4000}?)@""",
    re.IGNORECASE | re.VERBOSE,
)
_VARIABLE = re.compile(r"\$\w+|\$\{\w+\}")


def refuse_credentials(option: str, value: Any) -> None:
    """Raise CoprError (invalid) for an address with credentials in an option, at any depth.

    A user name alone counts as well, because many forges accept a token there. With SSH it does
    not count, because it is public there. A shell variable in a script is not a secret.
    """
    for place, text in _texts(option, value):
        if any(_logins_in(text)):
            raise CoprError(
                "invalid",
                f"{place} contains an address with credentials, which Copr would show to everyone; "
                "remove them from the address.",
            )


def credentials_in(value: Any) -> set[str]:
    """Return the secret parts of the addresses in a value, at any depth, in every form.

    The user name of a login with a password is secret only together with the password.
    """
    secrets: set[str] = set()
    for _place, text in _texts("", value):
        for login in _logins_in(text):
            name, _colon, password = login.partition(":")
            secrets |= {login, unquote(login)} | forms_of(password or name)
    return secrets


def without_credentials(text: str) -> str:
    """Return a text in which the credentials of addresses are hidden."""

    def hidden(found: re.Match[str]) -> str:
        if not _is_login(found):
            return found[0]
        return f"{found['scheme']}://{HIDDEN_PART}@"

    return _ADDRESS.sub(hidden, text)


def _logins_in(text: str) -> Iterator[str]:
    """Yield the logins in the addresses of a text, as C(user:password) or C(user)."""
    return (found["user"] for found in _ADDRESS.finditer(text) if _is_login(found))


def _is_login(found: re.Match[str]) -> bool:
    name, _colon, password = found["user"].partition(":")
    if "ssh" in found["scheme"].lower() and not password:
        return False
    return _VARIABLE.fullmatch(password or name) is None


def _texts(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts in a value at any depth, each with the name of its place."""
    unfinished = [(place, value)]
    while unfinished:
        where, item = unfinished.pop()
        if isinstance(item, str):
            yield where, item
        elif isinstance(item, Mapping):
            unfinished += [(f"{where}.{key}", each) for key, each in item.items()]
            unfinished += [(where, str(key)) for key in item]
        elif isinstance(item, (list, tuple)):
            unfinished += [(where, each) for each in item]
