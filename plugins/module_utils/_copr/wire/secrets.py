# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hiding secrets in what leaves a task: results, messages, warnings, lines of progress."""

from __future__ import annotations

import base64
import html
import json
import re
import urllib.request
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote, urlsplit

# What Ansible shows instead of secret options.
HIDDEN_VALUE = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
HIDDEN_PART = "********"
# Hiding shorter secrets would make results unreadable and reveal the secrets by their position.
SHORTEST = 4
# Marks the end of a text that was cut, perhaps in the middle of a secret.
CUT = "…"

_ESCAPE = re.compile("%[0-9A-F]{2}")


def forms_of(secret: str) -> set[str]:
    """Return a secret in every form in which a server or a library may repeat it."""
    return _escaped({secret, unquote(secret), *_base64(secret)})


def forms_of_login(name: str, password: str) -> set[str]:
    """Return both parts of a login in every form, also as the header Authorization has them."""
    return forms_of(name) | forms_of(password) | _escaped(_base64(f"{name}:{password}"))


def secrets_of_proxies() -> set[str]:
    """Return the credentials of the proxies that the environment names, in every form."""
    secrets: set[str] = set()
    for address in urllib.request.getproxies().values():
        try:
            parts = urlsplit(address)
        except ValueError:
            continue
        if parts.password:
            name, password = unquote(parts.username or ""), unquote(parts.password)
            secrets |= forms_of_login(name, password) - forms_of(name)
    return secrets


def masked(value: Any, secrets: Collection[str]) -> Any:
    """Return JSON with secrets made unreadable, as Ansible does, but in keys as well.

    A text that is a secret becomes C(HIDDEN_VALUE), a part of a text C(HIDDEN_PART). True, false
    and null stay what they are; a number that shows a secret is hidden.
    """
    ordered = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
    # Hardly any result contains a secret, and one look at the whole is fast.
    if not _may_hold(value, ordered):
        return value
    copied = [value]
    unfinished: list[Any] = [copied]
    while unfinished:
        container = unfinished.pop()
        entries = container.items() if isinstance(container, dict) else enumerate(container)
        for key, item in list(entries):
            if isinstance(item, Mapping):
                container[key] = {_hidden(name, ordered): each for name, each in item.items()}
                unfinished.append(container[key])
            elif isinstance(item, (list, tuple, set, frozenset)):
                container[key] = list(item)
                unfinished.append(container[key])
            else:
                container[key] = _hidden(item, ordered)
    return copied[0]


def without_secrets(result: Mapping[str, Any], secrets: Collection[str]) -> dict[str, Any]:
    """Return the result of a task with secrets masked; its top-level keys stay as they are."""
    return {key: masked(value, secrets) for key, value in result.items()}


def _may_hold(value: Any, secrets: list[str]) -> bool:
    if not secrets:
        return False
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        return True
    return CUT in text or any(
        secret in text or json.dumps(secret, ensure_ascii=False)[1:-1] in text for secret in secrets
    )


def _hidden(value: Any, secrets: list[str]) -> Any:
    """Return a text or a number without secrets, of which the longest come first."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return HIDDEN_VALUE if any(secret in str(value) for secret in secrets) else value
    if not isinstance(value, str):
        return value
    if value in secrets:
        return HIDDEN_VALUE
    # First, since a form of one secret may begin with another.
    if value.endswith(CUT):
        value = _without_cut_secret(value, secrets)
    for secret in secrets:
        value = value.replace(secret, HIDDEN_PART)
    return value


def _without_cut_secret(text: str, secrets: list[str]) -> str:
    """Return a text that was cut without the beginning of a secret at its end."""
    kept = text[: -len(CUT)]
    for secret in secrets:
        for size in range(len(secret) - 1, SHORTEST - 1, -1):
            if kept.endswith(secret[:size]):
                return kept[:-size] + HIDDEN_PART + CUT
    return text


def _escaped(texts: set[str]) -> set[str]:
    """Return texts as they are, and as they stand in an address, in HTML, in JSON."""
    forms = set(texts)
    for text in texts:
        quoted = {quote(text, safe=""), quote(text), quote_plus(text)}
        forms |= quoted | {_ESCAPE.sub(lambda found: found[0].lower(), each) for each in quoted}
        forms |= {html.escape(text), json.dumps(text)[1:-1], repr(text)[1:-1]}
    return {form for form in forms if len(form) >= SHORTEST}


def _base64(text: str) -> set[str]:
    """Return base64 of a text, with and without what depends on the text that may follow it."""
    raw = text.encode("utf-8", "surrogateescape")
    whole = len(raw) // 3 * 4
    encoded = {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    return encoded | {each.rstrip("=") for each in encoded} | {each[:whole] for each in encoded}
