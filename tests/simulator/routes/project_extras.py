# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/monitor, /rpmrepo and /webhook: what else is known of a project."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import flask

from .. import body, lifecycle, render
from ..configs import owner_id, repository_id
from ..current import results_url, server_url, world
from ..errors import BadRequest, NotFound
from ..routing import Endpoints
from ..world import DAY, ENDED_KEPT, Build, Project, ProjectChroot
from .projects import editable_project

api = Endpoints("project-extras")

STATUS_NUMBERS = {
    "failed": 0, "succeeded": 1, "canceled": 2, "running": 3, "pending": 4, "starting": 6,
    "importing": 7, "forked": 8, "waiting": 9,
}  # fmt: skip
LOGS = {"url_build_log": "builder-live.log", "url_backend_log": "backend.log.gz"}
PULL_REQUESTS_KEPT = 40


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


@api.get("/rpmrepo/<ownername>/<dirname>/<_release>", masked=False)
def rpmrepo(ownername: str, dirname: str, _release: str) -> dict[str, Any]:
    """Answer what the package manager's plugin asks; the directory need not exist."""
    project = world().projects.get(f"{ownername}/{dirname.partition(':')[0]}")
    if project is None:
        raise NotFound(f"There is no project {ownername}/{dirname}")
    days = project.settings["delete_after_days"]
    return {
        "results_url": results_url(),
        "repos": _repositories(project),
        "directories": {name: _days_left(project, name) for name in project.directories},
        **({"delete_after_days": days} if days is not None else {}),
        "dependencies": _dependencies(project),
    }


def _repositories(project: Project) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if project.settings["module_hotfixes"]:
        options["module_hotfixes"] = "1"
    if project.settings["repo_priority"]:
        options["priority"] = project.settings["repo_priority"]
    found: dict[str, Any] = {}
    for name in project.served_chroots(world().now()):
        release, _dash, arch = name.rpartition("-")
        repository = {"opts": dict(options), **_days_after_end(project.chroots[name])}
        found.setdefault(release, {"arch": {}})["arch"][arch] = repository
    return found


def _days_after_end(chroot: ProjectChroot) -> dict[str, int]:
    return {} if chroot.ended_on is None else _days(ENDED_KEPT, chroot.ended_on)


def _days(kept: int, since: float) -> dict[str, int]:
    """Say in how many whole days something is removed; the day that has begun does not count."""
    return {"delete_after_days": max(0, int(kept - 0.001 - (world().now() - since) / DAY))}


def _days_left(project: Project, dirname: str) -> dict[str, int]:
    """Directories of pull requests are removed some time after their last build."""
    if not re.search(r":pr:", dirname):
        return {}
    submitted = [b.submitted_on for b in project.builds.values() if b.dirname == dirname]
    return _days(PULL_REQUESTS_KEPT, max(submitted, default=0.0))


def _dependencies(project: Project) -> list[dict[str, Any]]:
    """Runtime dependencies, other projects of the server first, without those that are gone."""
    addresses = [
        address
        for address in project.settings["runtime_dependencies"].split()
        if not address.startswith("copr://")
        or address.removeprefix("copr://").strip("/") in world().projects
    ]
    addresses.sort(key=lambda address: not address.startswith("copr://"))
    return [_dependency(project, number, one) for number, one in enumerate(addresses, start=1)]


def _dependency(project: Project, number: int, address: str) -> dict[str, Any]:
    host = urlsplit(server_url()).hostname
    dependent = f"Copr {host}/{project.full_name}"
    if address.startswith("copr://"):
        owner, name = address.removeprefix("copr://").strip("/").split("/")
        title = f"{dependent} runtime dependency #{number} - {owner}/{name}"
        return {
            "opts": {"id": f"coprdep:{host}:{owner_id(owner)}:{name}", "name": title},
            "type": "copr",
            "data": {"owner": owner, "projectname": name},
        }
    identity = repository_id(address)
    title = f"{dependent} external runtime dependency #{number} - {identity}"
    return {
        "opts": {"id": f"coprdep:{identity}", "name": title},
        "type": "external_baseurl",
        "data": {"pattern": address},
    }
