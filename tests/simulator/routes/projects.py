# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/project: get, list, search, add, edit, regenerate-repos, delete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import flask

from .. import body, chroot_set, lifecycle, lookup, render, rights
from ..current import user, world
from ..errors import BadRequest, Forbidden, NotFound, RefusedWrite, ServerError
from ..paging import Paging, asked_paging
from ..project_form import DEFAULTS, chroot_names, read_edit, read_new_project
from ..races import let_others_in
from ..routing import Endpoints
from ..world import Project

api = Endpoints("project", "/project")
api.no_others()

COLUMNS = {
    "id": lambda project: project.id,
    "name": lambda project: project.name,
    "created_on": lambda project: project.created_on,
    "description": lambda project: project.settings["description"],
}
COMPUTED = ("full_name",)
SHORTEST_WORD = 3
INDEXED_EVERY = 600
"""Seconds after which a new project is found by its words."""


@api.get()
def get() -> dict[str, Any]:
    """One project."""
    return render.project(body.project_in_query())


@api.get("/list")
def list_projects() -> dict[str, Any]:
    """Answer the projects of an owner, or all; an unknown owner has an empty list."""
    paging = asked_paging("copr", COLUMNS, COMPUTED)
    owner = flask.request.args.get("ownername")
    everything = world().projects.values()
    return _page(paging, world().projects_of(owner) if owner else everything)


@api.get("/search")
def search() -> dict[str, Any]:
    """Projects by parts of ``owner/name``, or by words.

    The server looks words up in an index that a periodic job fills, so that fresh projects are not
    found by them.
    """
    (query,) = body.required_arguments("query")
    paging = asked_paging("copr", COLUMNS, COMPUTED)
    by_name = not query or "/" in query
    found = _found_by_name(query) if by_name else _found_by_words(query)
    # Newest first, and as asked only within one second.
    ordered = paging.sort(found, COLUMNS)
    ordered.sort(key=lambda one: int(one.created_on), reverse=True)
    return paging.answer([render.project(one) for one in paging.cut(ordered)])


def _found_by_name(query: str) -> list[Project]:
    """Projects whose owner and name have the two parts of the query in them.

    For projects of groups, too, the owner is the user who made them, unless the query names a group
    with an at sign.
    """
    owner, _slash, name = query.lower().partition("/")
    return [
        project
        for project in world().projects.values()
        if _belongs_to(project, owner) and name in project.name.lower()
    ]


def _belongs_to(project: Project, part: str) -> bool:
    if part.startswith("@"):
        return project.owner.startswith("@") and part[1:] in project.owner.lower()[1:]
    return part in project.created_by.lower()


def _found_by_words(query: str) -> list[Project]:
    """Projects the index knows by now, with all the words in their names or texts."""
    if len(query) < SHORTEST_WORD:
        raise BadRequest(f"A word to search for has {SHORTEST_WORD} characters or more.")
    indexed_until = world().now() - INDEXED_EVERY
    known = [one for one in world().projects.values() if one.created_on < indexed_until]
    words = query.lower().split()
    return [one for one in known if all(word in _searched_text(one) for word in words)]


def _searched_text(project: Project) -> str:
    texts = (project.full_name, project.settings["description"], project.settings["instructions"])
    return " ".join(texts).lower()


def _page(paging: Paging, found: Iterable[Project]) -> dict[str, Any]:
    page = paging.cut(paging.sort(found, COLUMNS))
    return paging.answer([render.project(project) for project in page])


@api.post("/add/<ownername>")
def add(ownername: str) -> dict[str, Any]:
    """Make a project. With exist_ok=True one that exists is answered as it is, unchecked."""
    _check_owner(ownername)
    fields = body.fields()
    known = world().projects.get(f"{ownername}/{str(fields.get('name', '')).strip()}")
    if known and flask.request.args.get("exist_ok") == "True":
        return render.project(known)
    form = read_new_project(fields)
    if known:
        form.refuse("name", f"{ownername} has a project '{known.name}' already.")
    form.check_by_lines()
    names = chroot_names(form) or []
    _check_rights_to_add(ownername, form.values)
    form.check_storable()
    let_others_in()
    if met := world().projects.get(f"{ownername}/{form['name']}"):
        return _made_by_another(met)
    settings = {name: form.get(name, default) for name, default in DEFAULTS.items()}
    project = world().add_project(ownername, form["name"], settings, by=user().name)
    chroot_set.write(project, chroot_set.changes_to(project, names))
    return render.project(project)


def _made_by_another(project: Project) -> dict[str, Any]:
    """Answer a request that has met another one, which has made the project."""
    if flask.request.args.get("exist_ok") != "True":
        raise BadRequest(f"Project '{project.full_name}' was made by another request meanwhile.")
    return render.project(project)


def _check_owner(ownername: str) -> None:
    if ownername.startswith("@"):
        if ownername[1:] not in world().groups:
            raise NotFound(f"There is no group {ownername[1:]}.")
    elif ownername not in world().users:
        raise NotFound(f"There is no user {ownername}.")


def _check_rights_to_add(ownername: str, values: dict[str, Any]) -> None:
    if user().is_admin:
        return
    if not rights.belongs_to(world(), user(), ownername):
        raise Forbidden(f"User '{user().name}' may not make projects of '{ownername}'.")
    if values.get("persistent"):
        raise Forbidden("Only administrators may make persistent projects.")
    if values.get("auto_prune") is False:
        raise Forbidden("Only administrators may switch auto_prune off.")
    if "storage" in values:
        raise Forbidden("Only administrators may choose the storage.")


@api.put("/edit/<ownername>/<projectname>", deprecated="POST")
def edit(ownername: str, projectname: str) -> dict[str, Any]:
    """Change what is given and not null; ``chroots`` replaces the whole set."""
    project = lookup.project(world(), ownername, projectname)
    form = read_edit(body.fields())
    form.check_by_lines()
    names = chroot_names(form)
    if not rights.may_edit(world(), user(), project):
        raise Forbidden("Only owners and administrators may change a project.")
    auto_prune = form.get("auto_prune", project.settings["auto_prune"])
    if not auto_prune and not user().is_admin:
        raise Forbidden("Only administrators may switch auto_prune off.")
    form.check_storable()
    if "storage" in form.values:
        raise RefusedWrite
    chroots = None if names is None else chroot_set.changes_to(project, names)
    let_others_in()
    if chroots is not None:
        chroot_set.check_insertable(project, chroots)
        chroot_set.write(project, chroots)
    settings = {name: value for name, value in form.values.items() if name in DEFAULTS}
    project.settings.update(settings)
    if project.settings["persistent"]:
        project.settings["delete_after_days"] = None
    # The answer is read anew, so that it tells what others have written meanwhile.
    let_others_in()
    return render.project(project)


@api.put("/regenerate-repos/<ownername>/<projectname>", deprecated="POST", masked=False)
def regenerate_repos(ownername: str, projectname: str) -> dict[str, Any]:
    """Have the repositories made anew, a step later."""
    project = editable_project(ownername, projectname)
    world().remake_repositories(project)
    return render.project(project)


def editable_project(ownername: str, projectname: str) -> Project:
    """Find a project the user may edit, with the 403 of the endpoints about permissions."""
    project = lookup.project(world(), ownername, projectname)
    if not rights.may_edit(world(), user(), project):
        message = f"User '{user().name}' has no administrator's rights in '{project.full_name}'"
        raise Forbidden(message)
    return project


@api.delete("/delete/<ownername>/<projectname>", deprecated="POST")
def delete(ownername: str, projectname: str) -> dict[str, Any]:
    """Delete a project with its builds; ``verify`` in the body is not looked at."""
    project = lookup.project(world(), ownername, projectname)
    if flask.request.is_json:
        body.required_json()
    allowed = rights.may_delete(world(), user(), project)
    if project.settings["persistent"]:
        raise Forbidden("A persistent project cannot be deleted.")
    if not allowed and project.builds and not rights.may_edit(world(), user(), project):
        raise BadRequest(f"You may not delete build(s) {_ids(project.builds)}.\n")
    if not allowed:
        raise Forbidden("Only owners may delete a project.")
    running = [b.id for b in project.builds.values() if not lifecycle.is_finished(world(), b)]
    if running:
        raise BadRequest(f"Build(s) {_ids(running)} have not ended yet.\n")
    if any(_has_packages_though_canceled(project, number) for number in project.builds):
        raise RefusedWrite
    answer = render.project(project)
    let_others_in()
    if world().projects.get(project.full_name) is not project:
        raise ServerError("The project cannot be deleted: it is being deleted already.")
    world().remove_project(project)
    return answer


def _ids(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))


def _has_packages_though_canceled(project: Project, number: int) -> bool:
    """Tell a build that keeps the server from deleting its project."""
    build = project.builds[number]
    return build.canceled_on is not None and any(
        render.built_packages(build, chroot) for chroot in build.chroots
    )
