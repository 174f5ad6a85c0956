# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options every kind of build takes: chroots, batches, directories, timeout and more."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from typing import Any

from . import lifecycle, rights
from .current import user, world
from .errors import BadRequest, Crash, Forbidden
from .fields import Field, Form, Invalid, boolean, check_names, choice, integer, read_form, stripped
from .world import Batch, Build, Project

DEFAULT_TIMEOUT = 18000
LONGEST_TIMEOUT = 108000
ALPHANUMERIC = re.compile(r"[\w.-]+(:[a-zA-Z0-9.-]+)*")


def read_options(project: Project, body: dict[str, Any], source: tuple[Field, ...] = ()) -> Form:
    """Read the options of a build together with the fields of its source."""
    form = read_form((*source, *_options(project)), body)
    given = [name for name in ("after_build_id", "with_build_id") if form.get(name)]
    if len(given) == 2:
        for name in given:
            form.refuse(name, "Only one of the batch options can be given")
    elif given and not form.errors.get(given[0]):
        _check_batch(form, given[0])
    return form


def _options(project: Project) -> tuple[Field, ...]:
    names = _patterns(project)
    return (
        Field("chroots", names, keeps_lists=True),
        Field("exclude_chroots", names, keeps_lists=True),
        Field("background", boolean),
        Field("timeout", integer(0, LONGEST_TIMEOUT)),
        Field("enable_net", boolean),
        Field("bootstrap", choice("unchanged", "default", "on", "off", "image")),
        Field("isolation", choice("unchanged", "default", "nspawn", "simple")),
        Field("project_dirname", stripped),
        Field("packit_forge_project", stripped),
        Field("after_build_id", _build_id),
        Field("with_build_id", _build_id),
    )


def _patterns(project: Project) -> Callable[[Any], list[str]]:
    """Make a reader of names and shell patterns of the enabled chroots of a project."""

    def read(raw: Any) -> list[str]:
        if isinstance(raw, dict):
            raise Crash
        enabled = project.enabled_chroots()
        patterns = [str(name) for name in (raw if isinstance(raw, list) else [raw])]
        check_names([name for name in patterns if not fnmatch.filter(enabled, name)])
        return [name for name in enabled if any(fnmatch.fnmatch(name, p) for p in patterns)]

    return read


def _build_id(raw: Any) -> int:
    try:
        return int(raw)
    except (TypeError, ValueError):
        raise Invalid("This is no whole number.") from None


def selected(project: Project, form: Form) -> list[str]:
    """Select the chroots a build is submitted to.

    Named and excluded chroots are resolved at once. A selection that leaves nothing is stored as an
    empty list, and that means all chroots, as if none had been named.
    """
    if not form.get("chroots") and not form.get("exclude_chroots"):
        return []
    chosen = form.get("chroots") or project.enabled_chroots()
    return [name for name in chosen if name not in (form.get("exclude_chroots") or [])]


def check_forge(project: Project, form: Form) -> None:
    """403 for a forge project that is not allowed to build here."""
    forge = form.get("packit_forge_project")
    if forge and forge not in project.settings["packit_forge_projects_allowed"].split():
        raise Forbidden(f"Forge project {forge} may not build here.")


def check_dirname(project: Project, dirname: str | None) -> str:
    """Check the directory to build in: that of the project, or one of a known form."""
    if not dirname or dirname == project.name:
        return project.name
    if not dirname.startswith(f"{project.name}:"):
        raise BadRequest(f"A directory of this project starts with '{project.name}:'")
    if not ALPHANUMERIC.fullmatch(dirname):
        raise BadRequest(f"'{dirname}' is no directory: words separated by colons are needed.")
    kind = dirname[len(project.name) :]
    if not re.match(r":custom:|:pr:([a-zA-Z][\w.-]*-)?\d+$", kind):
        raise BadRequest(f"Side directories are {project.name}:custom:WORD or {project.name}:pr:ID")
    return dirname


def _check_batch(form: Form, option: str) -> None:
    """Refuse a batch option that cannot be followed."""
    number = form[option]
    other = world().builds.get(number)
    if other is None:
        form.refuse(option, f"There is no build {number}")
    elif other.batch is None:
        _check_batchless(form, option, other)
    elif option == "with_build_id":
        _check_joining(form, other.batch, other.project)


def _check_batchless(form: Form, option: str, other: Build) -> None:
    if lifecycle.is_finished(world(), other):
        form.refuse(option, f"Build {other.id} is in no batch and has ended, so none can be made")
    elif not rights.may_build(world(), user(), other.project):
        form.refuse(option, f"Build {other.id} is in no batch, and you may not build there")


def _check_joining(form: Form, batch: Batch, project: Project) -> None:
    if lifecycle.batch_is_finished(world(), batch):
        form.refuse("with_build_id", f"Batch {batch.id} has ended already")
    elif not rights.may_build(world(), user(), project):
        form.refuse("with_build_id", f"Batch {batch.id} is of a project you may not build in")


def chosen_batch(form: Form) -> Batch | None:
    """Find the batch a build joins, or make it; called when all else is well."""
    for option in ("after_build_id", "with_build_id"):
        number = form.get(option)
        if number:
            other = world().builds[number]
            if other.batch is None:
                other.batch = world().new_batch()
                other.batch.builds.append(other)
            joins = option == "with_build_id"
            return other.batch if joins else world().new_batch(after=other.batch)
    return None
