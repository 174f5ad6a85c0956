# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/package: get, list, add, edit, reset, build, delete."""

from __future__ import annotations

import fnmatch
import re
from typing import Any

import flask

from .. import body, lifecycle, lookup, render, rights
from ..build_options import LONGEST_TIMEOUT, read_options, selected
from ..current import user, world
from ..errors import BadRequest, Conflict, Crash, Forbidden, NotFound, RefusedWrite
from ..fields import Field, Form, Invalid, boolean, integer, read_form, text
from ..paging import asked_paging
from ..races import let_others_in
from ..routing import Endpoints
from ..sources import NAME_RULE, PACKAGE_SOURCES, newest_chroot, package_name, source_dict
from ..submit import check_rights, submit
from ..world import Package, Project
from .builds import complain, forget

api = Endpoints("package", "/package")
api.no_others()

COLUMNS = {"id": lambda package: package.id, "name": lambda package: package.name}
PATTERN = re.compile(r"[a-z0-9_*.+-]+")


@api.get()
def get() -> dict[str, Any]:
    """One package; any value of the two arguments but an empty one counts as true here."""
    (name,) = body.required_arguments("ownername", "projectname", "packagename")[2:]
    project = body.project_in_query()
    return render.package(
        project,
        lookup.package(project, name),
        latest=bool(flask.request.args.get("with_latest_build")),
        succeeded=bool(flask.request.args.get("with_latest_succeeded_build")),
    )


@api.get("/list")
def list_packages() -> dict[str, Any]:
    """Answer the packages of a project, oldest first."""
    project = body.project_in_query()
    paging = asked_paging("package", COLUMNS)
    latest = body.argument_is_true("with_latest_build")
    succeeded = body.argument_is_true("with_latest_succeeded_build")
    page = paging.cut(paging.sort(project.packages.values(), COLUMNS))
    return paging.answer(
        [render.package(project, one, latest=latest, succeeded=succeeded) for one in page]
    )


def _denylist(raw: Any) -> str:
    """Read chroot patterns, separated by commas; each must match an active chroot."""
    if not text(raw).strip():
        return ""
    patterns = [part.strip() for part in text(raw).split(",")]
    for pattern in patterns:
        if not PATTERN.fullmatch(pattern):
            raise Invalid(f"'{pattern}' is no pattern of chroots")
        if not fnmatch.filter(world().active_chroots(), pattern):
            raise Invalid(f"'{pattern}' matches no chroot")
    return ", ".join(patterns)


def _read(source_type: str, fields: dict[str, Any]) -> Form:
    """Read the body of add and edit."""
    if source_type not in PACKAGE_SOURCES:
        raise BadRequest(f"Packages cannot have sources of type {source_type}")
    table = (
        Field("package_name", package_name, required=NAME_RULE),
        *(field for field in PACKAGE_SOURCES[source_type] if field.name != "package_name"),
        Field("webhook_rebuild", boolean),
        Field("max_builds", integer(0, 100)),
        Field("timeout", integer(0, LONGEST_TIMEOUT)),
        Field("chroot_denylist", _denylist),
    )
    form = read_form(table, fields)
    form.check_by_lines()
    return form


@api.post("/add/<ownername>/<projectname>/<packagename>/<source_type>")
def add(ownername: str, projectname: str, packagename: str, source_type: str) -> dict[str, Any]:
    """Make a package. It gets the name in the body; the one in the path is what is answered."""
    project = _editable(ownername, projectname)
    form = _read(source_type, body.fields())
    name = form["package_name"]
    if name in project.packages:
        raise Conflict(f"Project {project.full_name} has a package {name} already.")
    form.check_storable()
    let_others_in()
    if name in project.packages:
        raise RefusedWrite
    package = world().add_package(project, name)
    _store(package, source_type, source_dict(source_type, form, []), form)
    if packagename not in project.packages:
        raise Crash
    return render.package(project, project.packages[packagename])


@api.post("/edit/<ownername>/<projectname>/<packagename>")
@api.post("/edit/<ownername>/<projectname>/<packagename>/<source_type>")
def edit(
    ownername: str, projectname: str, packagename: str, source_type: str | None = None
) -> dict[str, Any]:
    """Change a package; what is not given keeps its value, but for scm_type."""
    project = _editable(ownername, projectname)
    package = project.packages.get(packagename)
    if package is None:
        raise NotFound(f"Project {project.full_name} has no package {packagename}.")
    source_type = source_type or package.source_type
    fields = body.fields()
    if fields and source_type == package.source_type:
        fields = {**_stored(package, fields), **fields}
    form = _read(source_type, fields)
    form.check_storable()
    versions = package.source_dict.get("python_versions", [])
    _store(package, source_type, source_dict(source_type, form, versions), form)
    return render.package(project, package)


def _stored(package: Package, given: dict[str, Any]) -> dict[str, Any]:
    """Give the stored source as a body, as the server fills its form with it.

    It does so with its own names, so that scm_type is left out; and it fills in the text None for a
    spec that was never given, which then is refused.
    """
    stored = {name: value for name, value in package.source_dict.items() if value is not None}
    stored.pop("type", None)
    if package.source_type == "scm" and package.source_dict["spec"] is None:
        stored["spec"] = "None"
    renamed = {"srpm_build_method": "source_build_method"}
    aliases = {name: (f"script_{name}", renamed.get(name)) for name in stored}
    return {
        name: value
        for name, value in stored.items()
        if name not in given and not any(alias in given for alias in aliases[name])
    }


def _store(package: Package, source_type: str, source: dict[str, Any], form: Form) -> None:
    package.source_type = source_type
    package.source_dict = source
    for name in ("webhook_rebuild", "max_builds", "timeout", "chroot_denylist"):
        if name in form.values:
            setattr(package, name, form[name])


def _editable(ownername: str, projectname: str) -> Project:
    project = lookup.project(world(), ownername, projectname)
    if not rights.may_edit(world(), user(), project):
        raise Forbidden("You may not add or change packages of this project.")
    return project


def _package_in_body() -> tuple[Project, Package]:
    """Find the package named by the body; a missing name is looked up as None."""
    project = body.project_in_body()
    name = body.fields().get("package_name")
    return project, lookup.package(project, name if name is None else str(name))


@api.put("/reset", deprecated="POST", warns_strangers=True)
def reset() -> dict[str, Any]:
    """Take its source from a package."""
    project, package = _package_in_body()
    if not rights.may_edit(world(), user(), project):
        raise Forbidden(f"You may not reset package {package.id}.")
    package.source_type, package.source_dict = "unset", {}
    return render.package(project, package)


@api.post("/build")
def build() -> dict[str, Any]:
    """Build a package from its stored source; its chroots are known at once."""
    project, package = _package_in_body()
    if not rights.may_build(world(), user(), project):
        raise Forbidden("You may not build in this project.")
    form = read_options(project, body.fields())
    form.check_by_lines()
    if package.source_type not in PACKAGE_SOURCES:
        raise BadRequest(f"Package {package.name} has no source it could be built from.")
    check_rights(project, form, "User '{0}' may not build in '{1}'".format)
    source = package.source_dict
    if package.source_type == "custom":
        source = newest_chroot(source)
    submitted = submit(
        project, form, package.source_type, source,
        package_name=package.name,
        chroots=selected(project, form) or _allowed_chroots(project, package),
        timeout=package.timeout,
    )  # fmt: skip
    return render.build(submitted)


def _allowed_chroots(project: Project, package: Package) -> list[str]:
    """All chroots but those on the denylist; a list that denies everything has no effect."""
    enabled = project.enabled_chroots()
    denied = {
        name
        for pattern in package.chroot_denylist.split(",")
        for name in fnmatch.filter(enabled, pattern.strip())
    }
    return [name for name in enabled if name not in denied] or enabled


@api.delete("/delete", deprecated="POST", warns_strangers=True)
def delete() -> dict[str, Any]:
    """Delete a package with all its builds."""
    project, package = _package_in_body()
    if not rights.may_edit(world(), user(), project):
        raise Forbidden(f"You may not delete package {package.id}.")
    builds = [one for one in project.builds.values() if one.package_name == package.name]
    complain([], [one.id for one in builds if not lifecycle.is_finished(world(), one)], [])
    answer = render.package(project, package)
    let_others_in()
    for one in builds:
        forget(one)
    project.packages.pop(package.name, None)
    return answer
