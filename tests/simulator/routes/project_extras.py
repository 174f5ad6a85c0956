# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/monitor and /webhook: what else is known of a project."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import flask

from .. import body, lifecycle, render
from ..current import world
from ..errors import BadRequest, NotFound
from ..routing import Endpoints
from ..world import Build, Project
from .projects import editable_project

api = Endpoints("project-extras")

STATUS_NUMBERS = {
    "failed": 0, "succeeded": 1, "canceled": 2, "running": 3, "pending": 4, "starting": 6,
    "importing": 7, "forked": 8, "waiting": 9,
}  # fmt: skip
LOGS = {"url_build_log": "builder-live.log", "url_backend_log": "backend.log.gz"}


@api.get("/monitor")
def monitor() -> flask.Response:
    """Answer the newest build of each package and enabled chroot; streamed, in chunks."""
    project = body.project_in_query()
    wanted = set(flask.request.args.getlist("additional_fields[]"))
    wrong = sorted(wanted - set(LOGS) - {"url_build"})
    if wrong:
        raise BadRequest(f"There are no additional_fields {', '.join(wrong)}")
    dirname = flask.request.args.get("project_dirname") or project.name
    if dirname not in project.directories:
        raise NotFound(f"Project {project.full_name} has no directory '{dirname}'")
    items = [json.dumps(item) for item in _monitored(project, dirname, wanted)]
    return flask.Response(_streamed(items), content_type="application/json")


def _streamed(items: list[str]) -> Iterator[str]:
    yield '{"output": "ok", "message": "The state of the project", "packages": [\n'
    yield ",\n".join(items)
    yield "]}"


def _monitored(project: Project, dirname: str, wanted: set[str]) -> Iterator[dict[str, Any]]:
    enabled = project.enabled_chroots()
    newest: dict[str, dict[str, Build]] = {name: {} for name in sorted(project.packages)}
    for build in project.builds.values():
        if build.dirname == dirname and build.package_name in newest:
            newest[build.package_name].update(dict.fromkeys(build.chroots, build))
    for name, builds in newest.items():
        chroots = {c: _monitored_chroot(builds[c], c, wanted) for c in enabled if c in builds}
        if chroots:
            yield {"name": name, "chroots": chroots}


def _monitored_chroot(build: Build, chroot: str, wanted: set[str]) -> dict[str, Any]:
    progress = lifecycle.chroot_progress(world(), build, chroot)
    item: dict[str, Any] = {
        "state": progress.state,
        "status": STATUS_NUMBERS[progress.state],
        "build_id": build.id,
        "pkg_version": build.plan.evr,
    }
    for name in sorted(wanted & set(LOGS)):
        log = LOGS[name]
        if name == "url_build_log" and progress.state in lifecycle.FINAL:
            log += ".gz"
        item[name] = render.chroot_dir_url(build, chroot) + log if progress.has_results else None
    return item


@api.post("/webhook/generate/<ownername>/<projectname>")
def new_webhook_secret(ownername: str, projectname: str) -> dict[str, Any]:
    """Make a new secret in place of the former; it cannot be read again."""
    project = editable_project(ownername, projectname)
    project.webhook_secret = str(uuid.uuid4())
    return {
        "id": project.id,
        "name": project.name,
        "ownername": project.owner,
        "full_name": project.full_name,
        "webhook_secret": project.webhook_secret,
    }
