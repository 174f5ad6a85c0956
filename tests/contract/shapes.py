# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shape of an answer: what it has in common with other answers to the same request.

null, true, false    stay as they are
"" and []            are empty
"text", "url", "int" are other texts, web addresses and numbers
"=succeeded"         is exactly this text, where the server has few to choose from
7                    is exactly this number, where it is a setting or a code
{section: {...}}     is a .repo file: the settings of each section, without the host of results
"build:2"            is the second build whose id was seen; so for project and package
[shape, ...]         is a list; each of its elements has one of these shapes
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

CHOICES = frozenset({
    *("state", "bootstrap", "isolation", "storage", "source_type", "type", "order", "order_type"),
    *("srpm_build_method", "source_build_method", "spec_generator", "output", "arch"),
    *("admin", "builder"),
})  # fmt: skip
"""Fields whose texts are taken from a small set."""

NUMBERS = frozenset({
    *("timeout", "memory_limit", "repo_priority", "delete_after_days", "limit", "offset"),
    *("status", "version", "epoch"),
})  # fmt: skip
"""Fields whose numbers mean something by themselves."""

BUILDERS_CHOICE = frozenset({"name", "version", "release"})
"""Fields that tell what the builder has found, which may happen to be what a request has sent."""

REPO_SETTINGS = frozenset({
    *("baseurl", "type", "skip_if_unavailable", "gpgcheck", "gpgkey", "repo_gpgcheck"),
    *("enabled", "enabled_metadata", "module_hotfixes", "priority", "cost"),
})  # fmt: skip
"""Settings of a repository that mean something to package managers."""

CHROOT = re.compile(r"[a-z]+-[\w.]+-(x86_64|aarch64|ppc64le|s390x|i386|i686)")


RESULTS = re.compile(r"https?://[^/]+/results/")

NAMED = re.compile(r"(build|package|project):\d+")
"""Names of ids."""


class Names:
    """Names of ids: build:1 is the first build that was seen, and so on."""

    def __init__(self) -> None:
        self.name_of: dict[tuple[str, int], str] = {}
        self.id_of: dict[str, int] = {}
        self._counts: dict[str, int] = {}

    def add(self, kind: str, number: int) -> str:
        """Return the name of an id; a new one gets the next name."""
        if (kind, number) not in self.name_of:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self.bind(f"{kind}:{self._counts[kind]}", number)
        return self.name_of[kind, number]

    def find(self, kind: str, number: int) -> str:
        """Return the name of an id, or what tells that it has none yet."""
        return self.name_of.get((kind, number), f"{kind}#{number}")

    def bind(self, name: str, number: int) -> None:
        """Give an id a name."""
        self.name_of[name.partition(":")[0], number] = name
        self.id_of[name] = number


def kind_of(answer: dict[str, Any], path: str) -> str | None:
    """Say what the field id of an object is the id of."""
    if "full_name" in answer or "chroot_repos" in answer:
        return "project"
    if {"source_package", "submitter", "state", "project_dirname"} & set(answer):
        return "build"
    if {"auto_rebuild", "builds"} & set(answer):
        return "package"
    kinds = {"project": "project", "webhook": "project", "build": "build", "package": "package"}
    return kinds.get(path.removeprefix("/api_3/").partition("/")[0])


class Shaper:
    """Tells the shapes of answers to one request.

    ``name`` gives an id of a kind its name, ``sent`` are the texts that the requests have sent:
    these are known, and are kept where they come back.
    """

    def __init__(self, path: str, name: Callable[[str, int], str], sent: frozenset[str]) -> None:
        self.path = path
        self.name = name
        self.sent = sent

    def shape(self, value: Any, key: str = "", in_list: bool = False) -> Any:
        """Return the shape of a value that was found under a key."""
        if isinstance(value, dict):
            return self._object(value, in_list)
        if isinstance(value, list):
            distinct: list[Any] = []
            for one in value:
                shaped = self.shape(one, key, in_list=True)
                if shaped not in distinct:
                    distinct.append(shaped)
            return sorted(distinct, key=repr)
        return self._leaf(value, key)

    def _object(self, value: dict[str, Any], in_list: bool) -> dict[str, Any]:
        kind = None if in_list else kind_of(value, self.path)
        kinds = {"id": kind, "build_id": None if in_list else "build"}
        shaped: dict[str, Any] = {}
        for field, one in sorted(value.items()):
            known = kinds.get(field)
            if known is not None and isinstance(one, int):
                shaped[field] = self.name(known, one)
            else:
                shaped[field] = self.shape(one, field, in_list)
        return shaped

    def _leaf(self, value: Any, key: str) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, (int, float)):
            return value if key in NUMBERS else "int" if isinstance(value, int) else "float"
        if value == "":
            return ""
        is_sent = value in self.sent and key not in BUILDERS_CHOICE
        if is_sent or key in CHOICES or CHROOT.fullmatch(value):
            return f"={value}"
        return "url" if value.startswith(("http://", "https://")) else "text"


def repo_file_shape(text: str) -> dict[str, Any]:
    """Return the shape of a .repo file."""
    shaped: dict[str, Any] = {}
    section: dict[str, str] = shaped
    for line in text.splitlines():
        if line.startswith("["):
            section = shaped[line.strip("[]")] = {}
        elif line.startswith("#"):
            shaped["#"] = "text"
        elif line:
            name, _equals, value = line.partition("=")
            known = name in REPO_SETTINGS
            section[name] = f"={RESULTS.sub('', value)}" if known else "text"
    return shaped


def ids_in_list(body: Any, path: str) -> list[tuple[str, int]]:
    """Return the ids of the items of an answer, in their order."""
    items = body.get("items") if isinstance(body, dict) else None
    found = []
    for item in items or []:
        kind = kind_of(item, path) if isinstance(item, dict) else None
        if kind and isinstance(item.get("id"), int):
            found.append((kind, item["id"]))
    return found


def texts_in(value: Any) -> Iterator[str]:
    """Find all texts in a value, and the words of those that are lists of words."""
    if isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)
    elif isinstance(value, str) and not value.startswith("{"):
        yield value
        yield from value.split()
