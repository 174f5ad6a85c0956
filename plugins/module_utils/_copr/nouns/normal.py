# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the server normalizes values: the only place that has these rules.

Each function takes a value from a user or from the server, and returns the form in which the server
keeps it. Applied twice, each returns the same as once. The rules come from the
frontend's forms.py, and from what its logic does to values afterwards; docs/copr.md lists which
field follows which.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlparse, urlsplit

# The parts of an address that decide what is fetched from it.
Address = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def as_is(value: Any) -> Any:
    """Return a value that the server keeps unchanged, such as a description."""
    return value


def stripped(value: Any) -> str:
    """Return a text without blanks and line ends around it; null is the empty text."""
    return "" if value is None else str(value).strip()


def stripped_or_null(value: Any) -> str | None:
    """Return the same, for a field in which the server replaces an empty text with null."""
    return stripped(value) or None


def null_if_never(value: Any) -> Any:
    """Return null for -1, which is how a request says that nothing is to be deleted."""
    return None if value == -1 else value


def words(value: str | Iterable[Any] | None) -> list[str]:
    """Return the words of a text or a list; blanks split entries of a list, too."""
    if isinstance(value, str):
        return value.split()
    return " ".join(map(str, value or ())).split()


def word_set(value: str | Iterable[Any] | None) -> list[str]:
    """Return words whose order does not matter, sorted, each once."""
    return sorted(set(words(value)))


def parts(value: str | Iterable[Any] | None) -> list[str]:
    """Return the comma-separated parts of a text or a list, stripped, without empty ones."""
    text = value if isinstance(value, str) else ",".join(map(str, value or ()))
    return [part.strip() for part in text.split(",") if part.strip()]


def without_scheme(value: str | Iterable[Any] | None) -> list[str]:
    """Return addresses of forge projects without their scheme, query and fragment."""
    return [kept for kept in map(_host_and_path, words(value)) if kept]


def _host_and_path(word: str) -> str:
    try:
        parts = urlparse(word)
    except ValueError:
        # The server fails for such a word, and so does the task.
        return word
    kept = parts.netloc + parts.path
    # If this looks like an address again, it would lose its scheme, too, when it is sent back.
    return kept if kept == word else _host_and_path(kept)


def script(value: Any) -> str:
    """Return a script with Unix line ends, if its first line has none, and one at its end."""
    text = str(value or "")
    if text and not text.endswith("\n"):
        text += "\n"
    while text.split("\n", 1)[0].endswith("\r"):
        text = text.replace("\r\n", "\n")
    return text


def namespace(value: Any) -> str:
    """Return a namespace of a dist-git: a path without doubled and outer slashes at its end."""
    text = str(value or "")
    while text:
        # The server strips after it has simplified the path. A blank after the last slash
        # protects that slash, so it takes one more round until nothing changes.
        simple = posixpath.normpath(text).strip()
        if simple == text:
            break
        text = simple
    return text


def upload_name(name: str) -> str:
    """Return the name under which the server keeps an uploaded file.

    Letters lose their accents, blanks and slashes become C(_), and everything except ASCII letters,
    digits, C(.), C(_) and C(-) is dropped; so different names can become the same.
    """
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    text = "_".join(text.replace("/", " ").split())
    return re.sub(r"[^A-Za-z0-9_.-]", "", text).strip("._")


def address(url: str) -> Address:
    """Return the parts of a web address that two equal ones share, decoded, without the fragment.

    Raises ValueError for an invalid address.
    """
    parts = urlsplit(stripped(url))
    path = tuple(unquote(part) for part in (parts.path or "/").split("/"))
    query = tuple(unquote(part) for part in re.split("([&=])", parts.query))
    return parts.scheme.lower(), parts.netloc.lower(), path, query


def file_name(url: str) -> str:
    """Return the decoded file name at the end of an address; empty if there is none."""
    try:
        return unquote(urlsplit(stripped(url)).path.rpartition("/")[2])
    except ValueError:
        return ""


def plain(name: str) -> str:
    """Return a name as the Python Package Index compares it, with any case and dashes."""
    return re.sub(r"[-_.]+", "-", name).lower()
