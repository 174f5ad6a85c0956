# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A package: a name in a project, and the source stored for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, Literal, TypedDict

from ..nouns.build import BUILD, is_final, label, list_builds
from ..nouns.names import ProjectName
from ..nouns.normal import parts
from ..nouns.project import require_project
from ..nouns.resource import Field, Resource, Thing, Values, by_name, flag, number, texts
from ..nouns.rights import refuse_unless_editable
from ..wire.client import Client
from ..wire.errors import CoprError, error_context
from ..wire.pages import rows_of
from ..wire.shapes import TextOrNull, shape_of
from .kinds import STORED_KINDS

Newest = Literal["latest", "latest_succeeded"]


class Package(TypedDict):
    """The fields that are read of a package."""

    id: int
    name: str
    source_type: TextOrNull
    source_dict: dict[str, Any]


_SHAPE = shape_of(Package)
_NAME = re.compile(r"[-+_.a-zA-Z0-9]{1,100}")

FIELDS = by_name(
    *(kind.stored() for kind in STORED_KINDS.values()),
    Field("webhook_rebuild", flag(), False),
    Field("max_builds", number(), 0, write_only=True),
    Field("timeout", number(), clear="", write_only=True),
    Field("chroot_denylist", texts(), [], normalize=parts, write_only=True),
)


def fetch_package(
    client: Client, project: ProjectName, name: str, *, build: Newest | None = None
) -> dict[str, Any]:
    """Return a package of a project (GET /package), with one of its builds if asked for.

    Raises CoprError (not_found) if the project or the package does not exist.
    """
    query = {**project.query, "packagename": name}
    shape: dict[str, Any] = dict(_SHAPE)
    if build is not None:
        query[f"with_{build}_build"] = "True"
        shape["builds"] = {build: (BUILD, type(None))}
    try:
        return dict(client.get("package", query, shape=shape))
    except CoprError as error:
        if error.kind == "not_found":
            error.message = f"{project} has no package {name!r}: {error.server_message}"
        raise


def list_packages(
    client: Client, project: ProjectName, *, builds: bool = False
) -> Iterator[dict[str, Any]]:
    """Return the packages of a project (GET /package/list), with their newest builds if asked."""
    query: dict[str, Any] = {**project.query, "order": "id", "order_type": "ASC"}
    shape: dict[str, Any] = dict(_SHAPE)
    if builds:
        query.update(with_latest_build="True", with_latest_succeeded_build="True")
        build = (BUILD, type(None))
        shape["builds"] = {"latest": build, "latest_succeeded": build}
    return rows_of(client, "package/list", query, row=shape)


def fetch_latest_build(
    client: Client, project: ProjectName, name: str, *, succeeded: bool
) -> dict[str, Any] | None:
    """Return the newest build of a package, or its newest successful one; None if it has none.

    Raises CoprError (not_found) if the package does not exist.
    """
    which: Newest = "latest_succeeded" if succeeded else "latest"
    build = fetch_package(client, project, name, build=which)["builds"][which]
    return None if build is None else dict(build)


# --- packages as objects of a project ----------------------------------------------------------


def _read(
    client: Client, project: ProjectName, names: Collection[str] | None, _fields: Collection[str]
) -> dict[str, Thing]:
    """Return packages: one by GET /package, more or all by GET /package/list."""
    if names is None or len(names) > 1:
        return {row["name"]: as_thing(row) for row in list_packages(client, project)}
    found: dict[str, Thing] = {}
    for name in names:
        try:
            found[name] = as_thing(fetch_package(client, project, name))
        except CoprError as error:
            if error.kind != "not_found":
                raise
            require_project(client, project)
    return found


def as_thing(package: Thing) -> Thing:
    """Return a package with its source under the name of its kind, in normal form."""
    sources = {
        name: kind.describe(package["source_dict"]) if package["source_type"] == name else None
        for name, kind in STORED_KINDS.items()
    }
    return {**package, **sources, "webhook_rebuild": bool(package.get("auto_rebuild"))}


def _create(client: Client, project: ProjectName, name: str, values: Values) -> None:
    """Create a package (POST /package/add); it is fine if somebody else creates it first."""
    _refuse_name(project, name)
    kind = _kind_of(project, name, values, {})
    try:
        _send(client, "add", project, name, kind, values)
    except CoprError as error:
        if error.status not in (409, 500):
            raise
        if not _read(client, project, [name], ()):
            raise


def _change(
    client: Client, project: ProjectName, name: str, values: Values, package: Thing
) -> None:
    """Change a package (POST /package/edit), or remove its source (PUT /package/reset)."""
    sources = [values[kind] for kind in STORED_KINDS if kind in values]
    if sources and not any(sources):
        with error_context(f"reset {PACKAGE.subject(project, name)}"):
            body = {**project.query, "package_name": name}
            client.change("PUT", "package/reset", body, shape=_SHAPE)
        return
    _send(client, "edit", project, name, _kind_of(project, name, values, package), values, package)


def _kind_of(project: ProjectName, name: str, values: Values, package: Thing) -> str:
    """Return the kind of source that a package will have.

    Raises CoprError (invalid) if it has none, or a dist-git source with another name: the server
    has a single field for both names.
    """
    for kind in STORED_KINDS:
        source = values.get(kind)
        if source:
            if source.get("package_name", name) != name:
                raise CoprError(
                    "invalid",
                    f"{PACKAGE.subject(project, name)} can't be built from the distgit package "
                    f"{source['package_name']}: both must have the same name.",
                )
            return kind
    if package.get("source_type") in STORED_KINDS:
        return str(package["source_type"])
    raise CoprError(
        "invalid",
        f"{PACKAGE.subject(project, name)} has no source; set one of {', '.join(STORED_KINDS)}.",
    )


def _send(
    client: Client,
    call: Literal["add", "edit"],
    project: ProjectName,
    name: str,
    kind: str,
    values: Values,
    package: Thing | None = None,
) -> None:
    """Send a package with its whole source: fields that an edit omits may be reset to defaults."""
    source = values.get(kind) or (package or {})[kind]
    lists = {"builddeps": " ".join}
    fields = {key: lists[key](value) if key in lists else value for key, value in source.items()}
    others = {
        key: FIELDS[key].sent(value) for key, value in values.items() if key not in STORED_KINDS
    }
    if "chroot_denylist" in others:
        others["chroot_denylist"] = ", ".join(others["chroot_denylist"])
    verb = "create" if call == "add" else "change"
    with error_context(f"{verb} {PACKAGE.subject(project, name)}"):
        path = f"package/{call}/{project.owner}/{project.name}/{name}/{kind}"
        client.change("POST", path, {"package_name": name, **fields, **others}, shape=_SHAPE)


def _delete(client: Client, project: ProjectName, name: str) -> bool:
    """Delete a package with its builds (DELETE /package/delete); False if it did not exist."""
    body = {**project.query, "package_name": name}
    try:
        with error_context(f"delete {PACKAGE.subject(project, name)}"):
            client.change("DELETE", "package/delete", body, shape={"name": str})
    except CoprError as error:
        if error.kind == "not_found":
            # An earlier try, whose response was lost, may have deleted it.
            return (error.attempts or 1) > 1
        if error.status == 400:
            _refuse_running(client, project, name)
        raise
    return True


def _foresee(
    client: Client, project: ProjectName, name: str, package: Thing, values: Values | None
) -> None:
    if values is None:
        _refuse_running(client, project, name)
        return
    if not package:
        _refuse_name(project, name)
    if any(values.get(kind) for kind in STORED_KINDS) or not any(
        kind in values for kind in STORED_KINDS
    ):
        _kind_of(project, name, values, package)


def _refuse_name(project: ProjectName, name: str) -> None:
    """Refuse a name that Copr treats as empty (forms.py), or that a URL can't contain."""
    if not _NAME.fullmatch(name) or name in (".", ".."):
        raise CoprError(
            "invalid",
            f"{name!r} is not a valid package name in {project}: a name has 1 to 100 characters, "
            "which must be ASCII letters, digits, or one of - + _ .",
        )


def _refuse_running(client: Client, project: ProjectName, name: str) -> None:
    running = [build for build in list_builds(client, project, package=name) if not is_final(build)]
    if running:
        raise CoprError(
            "conflict",
            f"{PACKAGE.subject(project, name)} can't be deleted while it has unfinished builds: "
            f"{', '.join(map(label, running))}. Wait for them, or cancel them.",
        )


def _shown(name: str, package: Thing) -> dict[str, Any]:
    kind = next((kind for kind in STORED_KINDS if package.get(kind)), None)
    return {
        "id": package.get("id"),
        "name": name,
        "ownername": package.get("ownername"),
        "projectname": package.get("projectname"),
        "source_type": kind or _type_without_kind(package),
        "source": package[kind] if kind else {},
        "webhook_rebuild": package["webhook_rebuild"],
    }


def _type_without_kind(package: Thing) -> str:
    """Return the server's name for the source of a package that has none of our kinds."""
    shown = package.get("source_type")
    return "unset" if shown is None or shown in STORED_KINDS else str(shown)


def _blank(project: ProjectName, _name: str) -> Thing:
    return {**project.query, **PACKAGE.defaults()}


PACKAGE: Resource = Resource(
    noun="package",
    plural="packages",
    key="package",
    fields=FIELDS,
    read=_read,
    change=_change,
    create=_create,
    delete=_delete,
    foresee=_foresee,
    allowed=refuse_unless_editable,
    alternatives=tuple(STORED_KINDS),
    alternatives_rule=(
        "must have exactly one kind of source; use state reset of copr_package to remove it."
    ),
    blank=_blank,
    shown=_shown,
)
