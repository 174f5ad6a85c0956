# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""/project-chroot: get, build-config, edit."""

from __future__ import annotations

from typing import Any

import flask

from .. import body, configs, lookup, render, rights
from ..checks import image, modules, repositories, words
from ..current import user, world
from ..errors import BadRequest, Crash, Forbidden
from ..fields import Field, Form, boolean, choice, read_form, text
from ..routing import Endpoints
from ..world import Project, ProjectChroot

api = Endpoints("project-chroot", "/project-chroot")
api.no_others()

FIELDS = (
    Field("additional_repos", repositories, aliases=("repos",), told_as="repos"),
    Field("additional_packages", words, aliases=("buildroot_pkgs",), told_as="buildroot_pkgs"),
    Field(
        "additional_modules",
        modules,
        aliases=("module_toggle",),
        told_as="module_toggle",
        keeps_lists=True,
    ),
    Field("with_opts", words),
    Field("without_opts", words),
    Field("bootstrap", choice("unchanged", "default", "on", "off", "image", "custom_image")),
    Field("bootstrap_image", image),
    Field("isolation", choice("unchanged", "default", "nspawn", "simple")),
    Field("delete_comps", boolean),
    Field("reset_fields", text),
)
DEFAULTS: dict[str, str | None] = {
    "additional_repos": "",
    "additional_packages": "",
    "additional_modules": "",
    "with_opts": "",
    "without_opts": "",
    "bootstrap": None,
    "bootstrap_image": None,
    "isolation": "unchanged",
    "comps_name": None,
}
"""What reset_fields sets the fields to."""


def _chroot_in_query() -> tuple[Project, ProjectChroot]:
    (name,) = body.required_arguments("ownername", "projectname", "chrootname")[2:]
    project = body.project_in_query()
    return project, lookup.project_chroot(project, name)


@api.get()
def get() -> dict[str, Any]:
    """Answer the settings of a chroot, also of one that is disabled."""
    return render.project_chroot(*_chroot_in_query())


@api.get("/build-config")
def build_config() -> dict[str, Any]:
    """Answer the settings as a builder sees them; 500 for a disabled chroot."""
    project, chroot = _chroot_in_query()
    if not chroot.enabled:
        raise Crash
    return {
        **configs.chroot_settings(project, chroot),
        "additional_modules": chroot.additional_modules.split(),
        "isolation": chroot.isolation,
        "chroot": chroot.name,
        "enable_net": project.settings["enable_net"],
    }


@api.put(
    "/edit/<ownername>/<projectname>/<chrootname>",
    deprecated="POST",
    json_part=True,
    warns_strangers=True,
)
def edit(ownername: str, projectname: str, chrootname: str) -> dict[str, Any]:
    """Change the settings that are given; reset_fields comes first."""
    project = lookup.project(world(), ownername, projectname)
    chroot = lookup.project_chroot(project, chrootname)
    form = read_form(FIELDS, body.fields())
    _check_image(chroot, form)
    form.check_by_lines()
    reset = (form.get("reset_fields") or "").split()
    for name in reset:
        if name not in DEFAULTS:
            raise BadRequest(f"{name} cannot be reset\nOne of {', '.join(DEFAULTS)} can be.")
    if not rights.may_edit(world(), user(), project):
        raise Forbidden("Only owners and administrators may change a project.")
    form.check_storable()
    for name in reset:
        setattr(chroot, name, DEFAULTS[name])
    for name, value in form.values.items():
        if name in DEFAULTS:
            setattr(chroot, name, value)
    _store_comps(chroot, form)
    return render.project_chroot(project, chroot)


def _check_image(chroot: ProjectChroot, form: Form) -> None:
    """Let an image alone mean a custom image, and see that a custom image has one."""
    if form.get("bootstrap_image") and "bootstrap" not in form.values:
        form.values["bootstrap"] = "custom_image"
    given = form.get("bootstrap_image", chroot.bootstrap_image)
    if form.get("bootstrap") == "custom_image" and not given and not form.errors:
        form.refuse("bootstrap_image", "A custom image needs the name of an image")


def _store_comps(chroot: ProjectChroot, form: Form) -> None:
    if form.get("delete_comps"):
        chroot.comps_name = None
    file = flask.request.files.get("upload_comps")
    if file is not None and file.filename:
        chroot.comps_name = file.filename
