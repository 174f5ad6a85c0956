# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Submitting a build: from a checked form to a build in the world."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import builder, rights
from .build_options import (
    DEFAULT_TIMEOUT,
    check_dirname,
    check_forge,
    chosen_batch,
    read_options,
    selected,
)
from .current import user, world
from .errors import Forbidden, RefusedWrite
from .fields import Field, Form
from .races import let_others_in
from .world import Build, Plan, Project


def checked_options(project: Project, body: dict[str, Any], source: tuple[Field, ...] = ()) -> Form:
    """Read a body of build/create/*: fields are checked first, then rights, then the directory."""
    form = read_options(project, body, source)
    form.check_as_python()
    check_rights(project, form, "User {0} may not build in {1}".format)
    return form


def check_rights(project: Project, form: Form, message: Callable[[str, str], str]) -> None:
    """Check what is checked after the fields."""
    check_forge(project, form)
    if not rights.may_build(world(), user(), project):
        raise Forbidden(message(user().name, project.full_name))
    check_dirname(project, form.get("project_dirname"))
    form.check_storable()


def submit(
    project: Project,
    form: Form,
    source_type: str,
    source: dict[str, Any],
    *,
    plan: Plan | None = None,
    upload: Path | None = None,
    package_name: str | None = None,
    chroots: list[str] | None = None,
    timeout: int | None = None,
) -> Build:
    """Make a build of a checked form; ``chroots`` and ``timeout`` are those of a package."""
    dirname = check_dirname(project, form.get("project_dirname"))
    if dirname not in project.directories:
        let_others_in()
        if dirname in project.directories:
            raise RefusedWrite
        project.directories.append(dirname)
    if project.settings["fedora_review"]:
        source = {**source, "fedora_review": True}
    given_timeout = form.get("timeout")
    if given_timeout is None:
        given_timeout = timeout or DEFAULT_TIMEOUT
    build = Build(
        project=project,
        dirname=dirname,
        submitter=user().name,
        submitted_on=world().now(),
        source_type=source_type,
        source_dict=source,
        plan=plan or builder.plan_of_source(source_type, source, package_name),
        chroots=selected(project, form) if chroots is None else chroots,
        package_name=package_name,
        is_background=form.get("background", False),
        timeout=given_timeout,
        enable_net=form.get("enable_net", project.settings["enable_net"]),
        bootstrap=form.get("bootstrap"),
        isolation=form.get("isolation"),
        batch=chosen_batch(form),
        upload=upload,
    )
    return world().add_build(build)
