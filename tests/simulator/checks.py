# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kinds of values that several bodies share: web addresses, repositories, modules."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from .current import world
from .fields import Invalid, Keep, Reader, stripped, text

PACKAGE_NAME = re.compile(r"[-+_.a-zA-Z0-9]+")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
IMAGE = re.compile(r"[^\s/:@]+(\.[^\s/:@]+)*(:\d+)?(/[^\s/:@]+)*(:[^\s/:@]+)?(@\S+)?")


def is_web_address(value: str, *, dotted: bool = False) -> bool:
    """Whether a text is an http or https URL, if need be with a dotted host and no login."""
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", value):
        return False
    return not dotted or ("." in host and "@" not in parts.netloc)


def web_address(*, empty: Any = None) -> Reader:
    """Read an http or https URL; ``empty`` is called for a blank text."""

    def read(raw: Any) -> Any:
        value = stripped(raw)
        if not value and empty is not None:
            return empty()
        if not is_web_address(value, dotted=True):
            raise Invalid("This is no web address.")
        return value

    return read


def contact(empty: Any) -> Reader:
    """Read an e-mail address or a URL."""

    def read(raw: Any) -> Any:
        value = stripped(raw)
        if not value:
            return empty()
        if not EMAIL.fullmatch(value) and not is_web_address(value, dotted=True):
            raise Invalid("A contact is an e-mail address or a web address.")
        return value

    return read


def repositories(raw: Any) -> str:
    """Addresses of repositories, separated by blanks: http, https or copr://owner/project."""
    words = text(raw).split()
    for word in words:
        copr = re.fullmatch(r"copr://([^/\s]+/[^/\s]+)/?", word)
        if copr is None and not is_web_address(word):
            raise Invalid(f"Repositories are http or https addresses ('{word}' is none).")
        if copr is not None and copr[1] not in world().projects:
            raise Invalid(f"{word} does not exist.")
    return " ".join(words)


def words(raw: Any) -> str:
    """Words separated by single blanks."""
    return " ".join(text(raw).split())


def modules(raw: Any) -> str:
    """Read module toggles ``name:stream``; an empty list keeps them, an empty text clears them."""
    if raw == []:
        raise Keep
    toggles = re.split(r"[,\s]+", " ".join(map(text, raw)) if isinstance(raw, list) else text(raw))
    toggles = [toggle for toggle in toggles if toggle]
    seen: set[str] = set()
    for toggle in toggles:
        name, colon, stream = toggle.partition(":")
        bare = name.removeprefix("!")
        if not colon or not stream or ":" in stream:
            raise Invalid(f"Module '{toggle}' is not of the form module:stream")
        if not re.fullmatch(r"[-\w]+", bare):
            raise Invalid(f"Module name '{bare}' has characters that are not allowed")
        if bare in seen:
            raise Invalid(f"Module '{bare}' is given more than once")
        seen.add(bare)
    return ", ".join(toggles)


def image(raw: Any) -> str:
    """Read the name of a container image."""
    value = stripped(raw)
    if value and not IMAGE.fullmatch(value):
        raise Invalid("An image is named like name[:tag] or registry/name[:tag]")
    return value
