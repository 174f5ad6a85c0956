# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of builds and repositories, and uploaded files until their source is imported."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

import flask
from werkzeug.exceptions import NotFound, RequestedRangeNotSatisfiable

from .. import lifecycle, results
from ..building import Content
from ..current import world

pages = flask.Blueprint("results", __name__)

MIMETYPES = {"log": "text/plain", "spec": "text/plain", "xml": "text/xml"}


@pages.get("/tmp/<directory>/<name>")
def uploaded(directory: str, name: str) -> flask.Response:
    """Answer an uploaded file, for anybody, until its source is imported."""
    with world().lock:
        waiting = any(
            build.source_dict.get("tmp") == directory
            and lifecycle.source_progress(world(), build).state in lifecycle.SOURCE_UNFINISHED
            for build in world().builds.values()
        )
    path = world().upload_path(directory, name)
    if not waiting or not path.is_file():
        raise NotFound
    return flask.send_file(path, mimetype="application/x-redhat-package-manager")


@pages.get("/results/<owner>/<dirname>/srpm-builds/<number>/", defaults={"name": ""})
@pages.get("/results/<owner>/<dirname>/srpm-builds/<number>/<name>")
def source_file(owner: str, dirname: str, number: str, name: str) -> flask.Response:
    """Answer a file of a source build."""
    with world().lock:
        lifecycle.settle(world())
        return _answer(results.source_files(world(), owner, dirname, number), name)


@pages.get("/results/<owner>/<dirname>/<chroot>/<directory>/", defaults={"name": ""})
@pages.get("/results/<owner>/<dirname>/<chroot>/<directory>/<name>")
def chroot_file(owner: str, dirname: str, chroot: str, directory: str, name: str) -> flask.Response:
    """Answer a file of the build of a chroot."""
    with world().lock:
        lifecycle.settle(world())
        number = directory.partition("-")[0]
        suffix = results.pulp_suffix(world(), owner, dirname, number)
        if suffix is not None and name.endswith(".rpm"):
            return _sent_to_pulp(owner, dirname, chroot, suffix, directory, name)
        files = results.chroot_files(world(), owner, dirname, chroot, directory)
        if suffix is not None:
            files = {each: files[each] for each in files if not each.endswith(".rpm")}
        return _answer(files, name)


@pages.get("/pulp-content/<owner>/<dirname>/<chroot>/<directory>/<name>")
def package_in_pulp(
    owner: str, dirname: str, chroot: str, directory: str, name: str
) -> flask.Response:
    """Answer a package that is in Pulp."""
    with world().lock:
        return _answer(results.chroot_files(world(), owner, dirname, chroot, directory), name)


@pages.get("/results/<owner>/<dirname>/<chroot>/repodata/<name>")
def repository_file(owner: str, dirname: str, chroot: str, name: str) -> flask.Response:
    """Answer a file of the metadata of a repository, once it is made."""
    plain = chroot.removesuffix("-devel")
    if plain != chroot and not _is_in_pulp(owner, dirname):
        raise NotFound
    return _metadata(owner, dirname, plain, name, devel=chroot != plain)


@pages.get("/results/<owner>/<dirname>/<chroot>/devel/repodata/<name>")
def devel_repository_file(owner: str, dirname: str, chroot: str, name: str) -> flask.Response:
    """Answer the same for the repository that only builds see, which Pulp has elsewhere."""
    if _is_in_pulp(owner, dirname):
        raise NotFound
    return _metadata(owner, dirname, chroot, name, devel=True)


def _is_in_pulp(owner: str, dirname: str) -> bool:
    with world().lock:
        project = results.project_of(world(), owner, dirname)
        return project is not None and project.settings["storage"] == "pulp"


def _metadata(owner: str, dirname: str, chroot: str, name: str, *, devel: bool) -> flask.Response:
    with world().lock:
        lifecycle.settle(world())
        files = results.repository_files(world(), owner, dirname, chroot, devel=devel)
        return _answer(files, name)


@pages.get("/results/<owner>/<dirname>/pubkey.gpg")
def public_key(owner: str, dirname: str) -> flask.Response:
    """Answer the key with which the packages of a project are signed."""
    with world().lock:
        project = results.project_of(world(), owner, dirname)
        key = world().builder.public_key(project) if project is not None else None
    if key is None:
        raise NotFound
    return flask.Response(key, mimetype="text/plain")


def _sent_to_pulp(
    owner: str, dirname: str, chroot: str, suffix: str, directory: str, name: str
) -> flask.Response:
    """Send on to Pulp, as the web server of the backend does for packages that are there."""
    if not chroot.endswith(suffix):
        raise NotFound
    plain = chroot.removesuffix(suffix)
    target = f"/pulp-content/{owner}/{dirname}/{plain}/{directory}/{quote(name)}"
    return cast("flask.Response", flask.redirect(target))


def _answer(files: dict[str, Content], name: str) -> flask.Response:
    """One file, or the list of all as a page with links."""
    if files and not name:
        links = "\n".join(f'<a href="{file}">{file}</a>' for file in ["../", *sorted(files)])
        return flask.Response(f"<html><body><pre>\n{links}\n</pre></body></html>")
    if name not in files:
        raise NotFound
    content = files[name]()
    if not isinstance(content, bytes):
        return flask.send_file(content, mimetype="application/x-rpm")
    mimetype = MIMETYPES.get(name.rpartition(".")[2], "application/octet-stream")
    answer = flask.Response(content, mimetype=mimetype)
    if name.endswith(".log.gz"):
        # As the web server of the public Copr says it, whatever the client takes.
        answer.headers["Content-Encoding"] = "gzip"
    return _part(answer, content)


def _part(answer: flask.Response, content: bytes) -> flask.Response:
    """Answer the part that is asked for, as web servers do with files, or all."""
    asked = flask.request.range
    if not asked or not content:
        return answer
    first, end = asked.ranges[0]
    # Of the end, all if it is not that long.
    start = max(0, len(content) + first) if first < 0 else first
    stop = len(content) if end is None else min(end, len(content))
    if start >= len(content):
        raise RequestedRangeNotSatisfiable(len(content))
    answer.status_code = 206
    answer.set_data(content[start:stop])
    answer.content_range.set(start, stop, len(content))
    return answer
