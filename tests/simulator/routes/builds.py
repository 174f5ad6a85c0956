# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/build: get, list, source-chroot, source-build-config, built-packages, cancel, delete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import flask

from .. import body, lifecycle, lookup, render, rights
from ..current import user, world
from ..errors import BadRequest, Conflict, Crash, Forbidden, RefusedWrite, ServerError
from ..paging import asked_paging
from ..races import let_others_in
from ..routing import Endpoints
from ..world import Build

api = Endpoints("build", "/build")
api.no_others("GET")

COLUMNS = {
    name: lambda build: build.id
    for name in ("id", "submitted_on", "started_on", "ended_on", "source_status", "is_background")
}
"""Columns the list takes in ``order``; it does not obey any of them."""

MEMORY_LIMIT = 2048


@api.get("/<int:build_id>")
def get(build_id: int) -> dict[str, Any]:
    """One build."""
    return render.build(lookup.build(world(), build_id))


@api.get("/list")
def list_builds() -> dict[str, Any]:
    """Answer builds of a project in all its directories, newest first whatever is asked.

    ``status`` is applied after the offset and before the limit, so pages of it overlap.
    """
    paging = asked_paging("build", COLUMNS, ("state", "status"))
    builds: Iterable[Build] = reversed(body.project_in_query().builds.values())
    package, status = (flask.request.args.get(name) for name in ("packagename", "status"))
    if package:
        builds = (build for build in builds if build.package_name == package)
    rest = list(builds)[paging.offset :]
    if status:
        rest = [build for build in rest if lifecycle.build_state(world(), build) == status]
    return paging.answer([render.build(build) for build in rest[: paging.limit]])


@api.get("/source-chroot/<int:build_id>")
def source_chroot(build_id: int) -> dict[str, Any]:
    """State and results of the source build; 500 as long as there is no result directory."""
    build = lookup.build(world(), build_id)
    progress = lifecycle.source_progress(world(), build)
    if not progress.has_results:
        raise Crash
    return {"state": progress.state, "result_url": render.source_dir_url(build)}


@api.get("/source-build-config/<int:build_id>")
def source_build_config(build_id: int) -> dict[str, Any]:
    """How the source is built."""
    build = lookup.build(world(), build_id)
    return {
        "source_type": build.source_type,
        "source_dict": build.source_dict,
        "memory_limit": MEMORY_LIMIT,
        "timeout": build.timeout,
        "is_background": build.is_background,
    }


@api.get("/built-packages/<int:build_id>", masked=False)
def built_packages(build_id: int) -> dict[str, Any]:
    """Answer the packages of all chroots; nothing before the chroots are known."""
    build = lookup.build(world(), build_id)
    return {name: {"packages": render.built_packages(build, name)} for name in build.chroots}


@api.put("/cancel/<int:build_id>", deprecated="POST")
def cancel(build_id: int) -> dict[str, Any]:
    """Cancel an unfinished build; its chroots follow a moment later."""
    build = lookup.build(world(), build_id)
    if not rights.may_build(world(), user(), build.project):
        raise Forbidden("You may not cancel this build.")
    if lifecycle.is_finished(world(), build):
        raise Conflict(f"Build {build_id} cannot be canceled any more")
    let_others_in()
    if build.canceled_on is not None:
        raise RefusedWrite
    lifecycle.cancel(world(), build)
    return render.build(build)


@api.delete("/delete/<int:build_id>", deprecated="POST")
def delete(build_id: int) -> dict[str, Any]:
    """Delete a finished build; its package stays."""
    build = lookup.build(world(), build_id)
    if not rights.may_edit(world(), user(), build.project):
        raise Forbidden(f"User '{user().name}' may not delete build {build_id}")
    if build.project.settings["persistent"]:
        raise Forbidden(f"Build {build_id} is of a persistent project")
    if not lifecycle.is_finished(world(), build):
        raise ServerError(f"Build {build_id} cannot be deleted before it has ended")
    answer = render.build(build)
    let_others_in()
    forget(build)
    return answer


@api.delete("/delete/list", deprecated="POST")
def delete_list() -> dict[str, list[int]]:
    """Delete builds of one project, all or none."""
    asked = body.required_json()
    numbers = asked.get("builds") if isinstance(asked, dict) else None
    if not isinstance(numbers, list) or not all(_is_number(number) for number in numbers):
        raise Crash
    numbers = [int(number) for number in numbers]
    builds = {number: world().builds.get(number) for number in numbers}
    known = [build for build in builds.values() if build is not None]
    if len({build.project.full_name for build in known if may_be_deleted(build)}) > 1:
        raise BadRequest("Builds of one project only can be deleted at a time")
    foreign = [build.id for build in known if not may_be_deleted(build)]
    running = [b.id for b in known if b.id not in foreign and not _ended(b)]
    unknown = [number for number, build in builds.items() if build is None]
    complain(foreign, running, unknown)
    for build in known:
        forget(build)
    return {"builds": numbers}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _ended(build: Build) -> bool:
    return lifecycle.is_finished(world(), build)


def may_be_deleted(build: Build) -> bool:
    """Whether the user may delete a build at all."""
    project = build.project
    return rights.may_edit(world(), user(), project) and not project.settings["persistent"]


def complain(foreign: list[int], running: list[int], unknown: list[int]) -> None:
    """400 with up to three lines about builds that cannot be deleted."""
    texts = {
        "You may not delete build(s) {}.\n": foreign,
        "Build(s) {} have not ended yet.\n": running,
        "There are no build(s) {}.\n": unknown,
    }
    lines = [
        text.format(", ".join(map(str, sorted(numbers))))
        for text, numbers in texts.items()
        if numbers
    ]
    if lines:
        raise BadRequest("".join(lines))


def forget(build: Build) -> None:
    """Delete a build; the database does not mind if another request has done so meanwhile."""
    if build.id in world().builds:
        world().remove_build(build)
