# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The .repo files of projects, outside the API: what dnf 4's copr plugin fetches."""

from __future__ import annotations

import base64
import json

import flask
from werkzeug.exceptions import NotFound

from .. import downloads, lifecycle
from ..current import world
from ..repo_files import chroot_for, repo_file
from ..world import Project

pages = flask.Blueprint("repo-files", __name__, url_prefix="/coprs")


@pages.get("/g/<group>/<dirname>/repo/<release>/", strict_slashes=False)
@pages.get("/g/<group>/<dirname>/repo/<release>/<_file>")
def of_group(group: str, dirname: str, release: str, _file: str = "") -> flask.Response:
    """Answer the file of a project of a group."""
    return _answer(f"@{group}", dirname, release)


@pages.get("/<owner>/<dirname>/repo/<release>/", strict_slashes=False)
@pages.get("/<owner>/<dirname>/repo/<release>/<_file>")
def of_owner(owner: str, dirname: str, release: str, _file: str = "") -> flask.Response:
    """Answer the file of a project; groups may be named here, too, with an at sign."""
    return _answer(owner, dirname, release)


def _answer(owner: str, dirname: str, release: str) -> flask.Response:
    with world().lock:
        lifecycle.settle(world())
        project = world().projects.get(f"{owner}/{dirname.partition(':')[0]}")
        if project is None or dirname not in project.directories:
            raise NotFound
        arch = flask.request.args.get("arch")
        chroot = chroot_for(project, release, arch)
        if chroot is None:
            return _no_chroot(project)
        response = flask.Response(
            repo_file(project, dirname, chroot, arch), content_type="text/plain; charset=utf-8"
        )
    response.headers["Content-Disposition"] = f"filename={owner}-{dirname}.repo"
    return response


def _no_chroot(project: Project) -> flask.Response:
    """404 that names the chroots there are, for package managers, in a header."""
    names = [chroot.name for chroot in downloads.kept_chroots(project)]
    response = flask.Response("<!DOCTYPE html><title>Not Found</title>", 404)
    data = json.dumps({"available chroots": names}).encode()
    response.headers["Copr-Error-Data"] = base64.b64encode(data).decode()
    return response
