# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project: its attributes, how the server reads and writes them, and how a result shows one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Callable, Literal

from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.pages import PAGE, rows_of
from .names import ProjectName

# What is read of a project and of its repository data.
PROJECT = {"id": int, "name": str, "ownername": str, "full_name": str, "chroot_repos": dict}
_REPOSITORY_DATA = {"dependencies": [{"type": str, "data": dict}]}

# Where the value of an attribute can be read: in the project itself, in its repository data
# (GET /rpmrepo), or nowhere.
Source = Literal["project", "rpmrepo", "nowhere"]


def _as_is(value: Any) -> Any:
    return value


def _none_if_empty(value: Any) -> Any:
    return value or None


def _none_if_never(value: Any) -> Any:
    return None if value == -1 else value


def _words(value: Any) -> list[str]:
    """Take lists apart as the server does: at blanks, whether between entries or within one."""
    return " ".join(value or []).split()


def _without_scheme(value: Any) -> list[str]:
    return [re.sub(r"^https?://", "", word) for word in _words(value)]


@dataclass(frozen=True)
class Attribute:
    """One attribute of a project, as POST /project/add and PUT /project/edit take it.

    Attributes:
        default: what the server assumes on creation when the attribute is left out.
        seen: where it can be read.
        clear: what to send to bring it back to the default, where that is another value.
        fixed: why an edit can't change it, for attributes that only creation can set.
        stuck: why it can't go back to its default once it has another value.
        clean: brings a value into the form in which the server gives it back.
        unordered: a list whose order means nothing.
    """

    name: str
    default: Any
    seen: Source = "project"
    clear: Any = None
    fixed: str | None = None
    stuck: str | None = None
    clean: Callable[[Any], Any] = _as_is
    unordered: bool = False

    def wanted(self, value: Any) -> Any:
        """Return what the server will show for a value that a user gave; null is the default."""
        return self.default if value is None else self.clean(value)

    def sent(self, wanted: Any) -> Any:
        """Return what an edit sends to reach a wanted value."""
        return self.clear if wanted == self.default and self.clear is not None else wanted

    def same(self, one: Any, other: Any) -> bool:
        """Return whether two values mean the same to the server."""
        if self.unordered:
            return set(one or []) == set(other or [])
        return bool(one == other)


_NEVER_CLEARED = "Copr keeps the old value when it is sent an empty one"

ATTRIBUTES: dict[str, Attribute] = {
    attribute.name: attribute
    for attribute in (
        Attribute("description", ""),
        Attribute("instructions", ""),
        Attribute("homepage", None, stuck=_NEVER_CLEARED, clean=_none_if_empty),
        Attribute("contact", None, stuck=_NEVER_CLEARED, clean=_none_if_empty),
        Attribute("additional_repos", [], clean=_words),
        Attribute("runtime_dependencies", [], seen="rpmrepo", clean=_words, unordered=True),
        Attribute("packit_forge_projects_allowed", [], clean=_without_scheme, unordered=True),
        Attribute("repo_priority", None, stuck=_NEVER_CLEARED),
        Attribute("delete_after_days", None, seen="rpmrepo", clear=-1, clean=_none_if_never),
        Attribute("bootstrap", "default"),
        Attribute("isolation", "default"),
        Attribute("enable_net", False),
        Attribute("devel_mode", False),
        Attribute("unlisted_on_hp", False),
        Attribute("auto_prune", True),
        Attribute("module_hotfixes", False),
        Attribute("appstream", False),
        Attribute("follow_fedora_branching", True),
        Attribute("multilib", False, seen="nowhere"),
        Attribute("fedora_review", False, seen="nowhere"),
        Attribute(
            "persistent", False, fixed="a project is made persistent when it is created, or never"
        ),
        Attribute("storage", None, fixed="the storage is chosen when a project is created"),
    )
}


def fetch_project(client: Client, name: ProjectName) -> dict[str, Any] | None:
    """Return the project as GET /project shows it, or None if there is none of that name."""
    try:
        return dict(client.get("project", dict(name.query), shape=PROJECT))
    except CoprError as error:
        if error.kind == "not_found":
            return None
        raise


def require_project(client: Client, name: ProjectName) -> dict[str, Any]:
    """Return the project, or raise CoprError (not_found)."""
    project = fetch_project(client, name)
    if project is None:
        raise CoprError(
            "not_found", f"The project {name} does not exist.", status=404, path="project"
        )
    return project


def list_projects(
    client: Client,
    owner: str | None,
    *,
    order: str = "id",
    order_type: str = "ASC",
    page: int = PAGE,
) -> Iterator[dict[str, Any]]:
    """Return the projects of an owner, or all of the server's (GET /project/list)."""
    query = {"ownername": owner, "order": order, "order_type": order_type}
    return rows_of(client, "project/list", query, row=PROJECT, page=page)


def search_projects(client: Client, words: str, *, page: int = PAGE) -> Iterator[dict[str, Any]]:
    """Return the projects that a search finds, newest first (GET /project/search).

    With a slash, parts of owner and name are compared; without one, words in an index that the
    server fills from time to time, so that new projects are not found at once.
    """
    return rows_of(client, "project/search", {"query": words}, row=PROJECT, page=page)


def fetch_repository_data(client: Client, name: ProjectName) -> dict[str, Any]:
    """Return the attributes that only GET /rpmrepo shows.

    The server keeps this answer for up to two minutes, so right after a change it may be old.
    The last part of the path is not looked at.
    """
    answer = client.get(f"rpmrepo/{name.owner}/{name.name}/any", shape=_REPOSITORY_DATA)
    dependencies = [_dependency(entry) for entry in answer["dependencies"]]
    return {
        "delete_after_days": answer.get("delete_after_days"),
        "runtime_dependencies": dependencies,
    }


def _dependency(entry: Mapping[str, Any]) -> str:
    data = entry.get("data") or {}
    if entry.get("type") == "copr":
        return f"copr://{data.get('owner')}/{data.get('projectname')}"
    return str(data.get("pattern"))


def enabled_chroots(project: Mapping[str, Any]) -> list[str]:
    """Return the enabled chroots: the keys of C(chroot_repos), the one list there is of them."""
    return sorted(project["chroot_repos"])


def show(project: Mapping[str, Any]) -> dict[str, Any]:
    """Return the project as results show it: the API's own fields, and C(chroots) sorted."""
    return {**project, "chroots": enabled_chroots(project)}


def web_url(client: Client, project: Mapping[str, Any]) -> str:
    """Return the address of a project's page for people."""
    owner = str(project["ownername"])
    path = f"g/{owner[1:]}" if owner.startswith("@") else owner
    return f"{client.settings.url}/coprs/{path}/{project['name']}/"


def planned(name: ProjectName, attributes: Mapping[str, Any], chroots: list[str]) -> dict[str, Any]:
    """Return a project that does not exist yet, in the form that the server would give it."""
    readable = {
        attribute.name: attribute.default
        for attribute in ATTRIBUTES.values()
        if attribute.seen == "project"
    }
    readable.update({key: value for key, value in attributes.items() if key in readable})
    return {
        "id": None,
        "name": name.name,
        "ownername": name.owner,
        "full_name": str(name),
        **readable,
        "chroot_repos": dict.fromkeys(chroots),
    }


def forked(name: ProjectName, origin: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fork that does not exist yet: a copy of all but contact and auto_prune."""
    return {
        **origin,
        "id": None,
        "name": name.name,
        "ownername": name.owner,
        "full_name": str(name),
        "contact": None,
        "auto_prune": True,
        "persistent": False,
        "chroot_repos": dict.fromkeys(origin["chroot_repos"]),
    }
