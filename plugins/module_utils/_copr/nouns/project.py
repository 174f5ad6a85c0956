# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A project: its fields, the requests about it, and how a result shows one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypedDict

from ..wire.client import Client
from ..wire.errors import CoprError, error_context
from ..wire.pages import PAGE, rows_of
from ..wire.shapes import shape_of
from .names import REPOSITORY, ProjectName
from .normal import null_if_never, stripped_or_null, without_scheme, words
from .resource import Field, Resource, Thing, Values, by_name, flag, number, text, texts


class Project(TypedDict):
    """The fields that are read of a project, besides its attributes, which servers may lack."""

    id: int
    name: str
    ownername: str
    full_name: str
    chroot_repos: dict[str, Any]


class Dependency(TypedDict):
    """A repository that is needed to install from a project."""

    type: str
    data: dict[str, Any]


class RepositoryData(TypedDict):
    """The fields that are read of the repositories of a project."""

    results_url: str
    repos: dict[str, dict[str, Any]]
    directories: dict[str, dict[str, Any]]
    dependencies: list[Dependency]


SHAPE = shape_of(Project)
_REPOSITORY_DATA = shape_of(RepositoryData)

_NEVER_CLEARED = "Copr ignores an empty value"
_ON_CREATION = "it can only be set when a project is created"

# What POST /project/add and PUT /project/edit accept, besides the chroots.
ATTRIBUTES = by_name(
    Field("description", text(), ""),
    Field("instructions", text(), ""),
    Field("homepage", text(), cannot_clear=_NEVER_CLEARED, normalize=stripped_or_null),
    Field("contact", text(), cannot_clear=_NEVER_CLEARED, normalize=stripped_or_null),
    Field("additional_repos", texts(), [], normalize=words),
    Field("runtime_dependencies", texts(), [], normalize=words, unordered=True, cached=True),
    Field("packit_forge_projects_allowed", texts(), [], normalize=without_scheme, unordered=True),
    Field("repo_priority", number(), cannot_clear=_NEVER_CLEARED),
    Field(
        "delete_after_days",
        number(),
        clear=-1,
        normalize=null_if_never,
        cached=True,
        not_exported="the days count down ({value} left), and each run would reset them",
    ),
    Field("bootstrap", text(choices=["default", "on", "off", "image"]), "default"),
    Field("isolation", text(choices=["default", "nspawn", "simple"]), "default"),
    Field("enable_net", flag(), False),
    Field("devel_mode", flag(), False),
    Field("unlisted_on_hp", flag(), False),
    Field("auto_prune", flag(), True),
    Field("module_hotfixes", flag(), False),
    Field("appstream", flag(), False),
    Field("follow_fedora_branching", flag(), True),
    Field("multilib", flag(), False, write_only=True),
    Field("fedora_review", flag(), False, write_only=True),
    Field(
        "persistent",
        flag(),
        False,
        create_only=_ON_CREATION,
    ),
    Field(
        "storage",
        text(choices=["backend", "pulp"]),
        create_only=_ON_CREATION,
        not_exported="it is {value}, and only an administrator of Copr can set it",
    ),
)
# The set of enabled chroots, which an edit replaces as a whole.
CHROOTS = Field("chroots", texts(), [], gathers=True)


def fetch_project(client: Client, name: ProjectName) -> dict[str, Any] | None:
    """Return the project as GET /project shows it, or None if it does not exist."""
    try:
        return dict(client.get("project", dict(name.query), shape=SHAPE))
    except CoprError as error:
        if error.kind == "not_found":
            return None
        raise


def require_project(client: Client, name: ProjectName) -> dict[str, Any]:
    """Return the project, or raise CoprError (not_found)."""
    project = fetch_project(client, name)
    if project is None:
        raise CoprError(
            "not_found",
            f"The project {name} does not exist.{group_hint(client, name)}",
            status=404,
            path="project",
        )
    return project


def read_project(
    client: Client, name: ProjectName
) -> tuple[dict[str, Any] | None, CoprError | None]:
    """Return a project; or None, and the error for that, which is only a warning in check mode."""
    try:
        return require_project(client, name), None
    except CoprError as error:
        if error.kind != "not_found":
            raise
        return None, error


def group_hint(client: Client, name: ProjectName) -> str:
    """Return a hint for a project that does not exist, if a group has one of that name."""
    group = ProjectName(f"@{name.owner}", name.name)
    try:
        if name.owner.startswith("@") or fetch_project(client, group) is None:
            return ""
    except CoprError:
        # The hint is only here to help.
        return ""
    return f" Did you mean {group}, the project of a group?"


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
    return rows_of(client, "project/list", query, row=SHAPE, page=page)


def search_projects(client: Client, words: str, *, page: int = PAGE) -> Iterator[dict[str, Any]]:
    """Return the projects that a search finds, newest first (GET /project/search).

    With a slash, it matches parts of owner and name; without one, words in an index that the server
    updates from time to time, so new projects are not found immediately.
    """
    return rows_of(client, "project/search", {"query": words}, row=SHAPE, page=page)


def fetch_repositories(client: Client, name: ProjectName) -> dict[str, Any]:
    """Return the response of GET /rpmrepo for a project; repository_data and days_left read it.

    The server caches this response for up to two minutes, so right after a change it may be old.
    It ignores the last part of the path.
    """
    path = f"rpmrepo/{name.owner}/{name.name}/any"
    return dict(client.get(path, shape=_REPOSITORY_DATA))


def repository_data(repositories: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attributes that only GET /rpmrepo shows."""
    return {
        "delete_after_days": repositories.get("delete_after_days"),
        "runtime_dependencies": [_dependency(entry) for entry in repositories["dependencies"]],
    }


def days_left(repositories: Mapping[str, Any]) -> dict[str, int]:
    """Return the chroots whose results are to be deleted, with the days left.

    Those are the chroots that have ended, and those that the project has disabled. Only GET
    /rpmrepo lists them.
    """
    return {
        f"{release}-{arch}": int(data["delete_after_days"])
        for release, repo in repositories["repos"].items()
        for arch, data in (repo.get("arch") or {}).items()
        if isinstance(data, dict) and data.get("delete_after_days") is not None
    }


def fetch_repository_data(client: Client, name: ProjectName) -> dict[str, Any]:
    """Return the attributes that only GET /rpmrepo shows."""
    return repository_data(fetch_repositories(client, name))


def _dependency(entry: Mapping[str, Any]) -> str:
    data = entry.get("data") or {}
    if entry.get("type") == "copr":
        return f"{REPOSITORY}{data.get('owner')}/{data.get('projectname')}"
    return str(data.get("pattern"))


def name_of(project: Mapping[str, Any]) -> ProjectName:
    """Return the identity of a project as GET /project and the lists show it."""
    return ProjectName(project["ownername"], project["name"])


def enabled_chroots(project: Mapping[str, Any]) -> list[str]:
    """Return the enabled chroots: the keys of C(chroot_repos), which is the only list of them."""
    return sorted(project["chroot_repos"])


def show(project: Mapping[str, Any]) -> dict[str, Any]:
    """Return the project as results show it: the API's own fields, and C(chroots) sorted."""
    return PROJECT.shown("", as_thing(project))


def web_url(client: Client, project: Mapping[str, Any]) -> str:
    """Return the address of a project's page for people."""
    owner = str(project["ownername"])
    path = f"g/{owner[1:]}" if owner.startswith("@") else owner
    return f"{client.settings.url}/coprs/{path}/{project['name']}/"


def blank(name: ProjectName) -> dict[str, Any]:
    """Return a project that does not exist yet, in the form that the server would give it."""
    hidden = [field.name for field in ATTRIBUTES.values() if field.write_only or field.cached]
    return {
        "id": None,
        "name": name.name,
        "ownername": name.owner,
        "full_name": str(name),
        **{field.name: field.default for field in ATTRIBUTES.values() if field.name not in hidden},
        "chroot_repos": {},
        "chroots": [],
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
        "chroots": enabled_chroots(origin),
    }


# --- changing one ----------------------------------------------------------------------------


def create_project(client: Client, name: ProjectName, fields: Values) -> None:
    """Create a project (POST /project/add).

    With exist_ok, a lost response, or somebody who creates it first, does no harm: the server
    returns an existing project as it is.
    """
    try:
        with error_context(f"create {name}"):
            client.change(
                "POST",
                f"project/add/{name.owner}",
                {"name": name.name, **fields},
                {"exist_ok": "True"},
                shape=SHAPE,
            )
    except CoprError as error:
        if error.kind == "not_found":
            error.message += group_hint(client, name)
        raise


def edit_project(client: Client, name: ProjectName, fields: Values, project: Thing) -> None:
    """Change fields of a project (PUT /project/edit)."""
    known = {key: ATTRIBUTES[key].sent(value) for key, value in fields.items() if key in ATTRIBUTES}
    try:
        with error_context(f"change {name}"):
            path = f"project/edit/{name.owner}/{name.name}"
            client.change("PUT", path, {**fields, **known}, shape=SHAPE)
    except CoprError as error:
        if error.status == 403 and project.get("auto_prune") is False:
            error.message = (
                f"An administrator has disabled auto_prune for {name}, and until it is enabled "
                "again, Copr refuses every edit by its owner; set auto_prune: true in this task, "
                "or ask the administrator to make the change."
            )
        raise


def as_thing(project: Mapping[str, Any]) -> Thing:
    """Return a project as GET /project and the lists show it, with its chroots as a field."""
    return {**project, "chroots": enabled_chroots(project)}


def needs_more(fields: Iterable[str]) -> bool:
    """Return whether these fields take a request beyond what lists show."""
    return any(ATTRIBUTES[field].cached for field in fields if field in ATTRIBUTES)


def _read(
    client: Client, name: ProjectName, _keys: Collection[str] | None, fields: Collection[str]
) -> dict[str, Thing]:
    project = fetch_project(client, name)
    if project is None:
        return {}
    more = fetch_repository_data(client, name) if needs_more(fields) else {}
    return {str(name): {**as_thing(project), **more}}


def _show_resource(_key: str, thing: Thing) -> dict[str, Any]:
    cached = {field.name for field in ATTRIBUTES.values() if field.cached}
    chroots = thing["chroots"]
    repos = {chroot: thing["chroot_repos"].get(chroot) for chroot in chroots}
    shown = {key: value for key, value in thing.items() if key not in cached}
    return {**shown, "chroot_repos": repos}


PROJECT = Resource(
    noun="",
    plural="projects",
    key="name",
    fields={**ATTRIBUTES, "chroots": CHROOTS},
    read=_read,
    change=lambda client, name, _key, fields, project: edit_project(client, name, fields, project),
    create=lambda client, name, _key, fields: create_project(client, name, fields),
    blank=lambda name, _key: blank(name),
    shown=_show_resource,
)
