# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of builds and repositories, and uploaded files until their source is imported."""

from __future__ import annotations

import flask
from werkzeug.exceptions import NotFound

from .. import lifecycle, repodata, results
from ..current import world

pages = flask.Blueprint("results", __name__)


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
        return _answer(results.chroot_files(world(), owner, dirname, chroot, directory), name)


@pages.get("/results/<owner>/<dirname>/<chroot>/repodata/repomd.xml")
def repository_index(owner: str, dirname: str, chroot: str) -> flask.Response:
    """Answer the index of a repository, once it is made."""
    with world().lock:
        lifecycle.settle(world())
        made_on = repodata.made_on(world(), owner, dirname, chroot)
    if made_on is None:
        raise NotFound
    return flask.Response(repodata.index(made_on), mimetype="text/xml")


def _answer(files: dict[str, results.Content], name: str) -> flask.Response:
    """One file, or the list of all as a page with links."""
    if files and not name:
        links = "\n".join(f'<a href="{file}">{file}</a>' for file in sorted(files))
        return flask.Response(f"<html><body><pre>\n{links}\n</pre></body></html>")
    if name not in files:
        raise NotFound
    content = files[name]()
    if not isinstance(content, bytes):
        return flask.send_file(content, mimetype="application/x-rpm")
    plain = name.endswith((".log", ".spec"))
    mimetype = "text/plain" if plain else "application/octet-stream"
    answer = flask.Response(content, mimetype=mimetype)
    asked = flask.request.range
    if asked and asked.ranges[0][0] < 0 and content:
        # As web servers do with files: the end of it, and all if it is not that long.
        start = max(0, len(content) + asked.ranges[0][0])
        answer = flask.Response(content[start:], status=206, mimetype=mimetype)
        answer.content_range.set(start, len(content), len(content))
    return answer
