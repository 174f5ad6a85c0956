# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/build/create/* and /build/check-before-build."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import flask
from werkzeug.datastructures import FileStorage
from werkzeug.utils import secure_filename

from .. import body, builder, render
from ..build_options import read_options
from ..current import server_url, world
from ..fields import Field, Form, Invalid
from ..paging import NO_PAGES
from ..routing import Endpoints
from ..sources import (
    BUILD_SOURCES,
    NEEDED,
    SOURCE_ENDINGS,
    newest_chroot,
    source_dict,
    source_urls,
)
from ..submit import check_rights, checked_options, submit

api = Endpoints("build-create", "/build")

URLS = (Field("pkgs", source_urls, required="URLs of packages are needed"),)


@api.post("/create/url")
def create_url() -> dict[str, Any]:
    """One build for each URL; the only kind that answers a list."""
    project = body.project_in_body()
    form = checked_options(project, body.fields(), URLS)
    builds = [submit(project, form, "link", {"url": url}) for url in form["pkgs"]]
    return {"items": [render.build(build) for build in builds], "meta": NO_PAGES}


def _upload_field() -> tuple[Field, ...]:
    """Describe the file part ``pkgs``; its name is checked, its content is not."""

    def named_like_a_source(raw: Any) -> FileStorage:
        if not isinstance(raw, FileStorage):
            raise Invalid(NEEDED)
        if not (raw.filename or "").lower().endswith(SOURCE_ENDINGS):
            raise Invalid(f"Files to upload end with one of {', '.join(SOURCE_ENDINGS)}")
        return raw

    return (Field("pkgs", named_like_a_source, required=NEEDED),)


@api.post("/create/upload", json_part=True)
def create_upload() -> dict[str, Any]:
    """Build an uploaded file; of several the first."""
    project = body.project_in_body()
    fields = {**body.fields(), "pkgs": flask.request.files.get("pkgs")}
    form = checked_options(project, fields, _upload_field())
    path = _store(form["pkgs"])
    source = {
        "url": f"{server_url()}/tmp/{path.parent.name}/{path.name}",
        "pkg": path.name,
        "tmp": path.parent.name,
    }
    plan = builder.plan_of_file(path, path.name)
    return render.build(submit(project, form, "upload", source, plan=plan, upload=path))


def _store(file: FileStorage) -> Path:
    """Keep an uploaded file under a cleaned name."""
    path = world().new_upload_dir() / secure_filename(file.filename or "")
    file.save(path)
    return path


def _create(source_type: str) -> dict[str, Any]:
    project = body.project_in_body()
    form = checked_options(project, body.fields(), BUILD_SOURCES[source_type])
    source = source_dict(source_type, form, ["3"])
    if source_type == "custom":
        source = newest_chroot(source)
    return render.build(submit(project, form, source_type, source))


@api.post("/create/scm")
def create_scm() -> dict[str, Any]:
    """Build from a git or svn repository."""
    return _create("scm")


@api.post("/create/distgit")
def create_distgit() -> dict[str, Any]:
    """Build from a dist-git."""
    return _create("distgit")


@api.post("/create/pypi")
def create_pypi() -> dict[str, Any]:
    """Build a package of PyPI."""
    return _create("pypi")


@api.post("/create/rubygems")
def create_rubygems() -> dict[str, Any]:
    """Build a gem."""
    return _create("rubygems")


@api.post("/create/custom")
def create_custom() -> dict[str, Any]:
    """Build what a script makes."""
    return _create("custom")


@api.post("/check-before-build")
def check_before_build() -> dict[str, str]:
    """Say whether a build with these options would be accepted."""
    project = body.project_in_body()
    form: Form = read_options(project, body.fields())
    form.check_as_python()
    check_rights(project, form, "User '{0}' may not build in '{1}'".format)
    return {"message": "A build like this would be accepted"}
