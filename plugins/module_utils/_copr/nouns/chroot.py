# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A chroot of a project: the project's settings for builds in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from functools import partial
from typing import Any, TypedDict

from ..wire.client import Client
from ..wire.errors import CoprError, error_context
from ..wire.files import open_local
from ..wire.shapes import shape_of
from .mock_chroots import fetch_mock_chroots
from .names import ProjectName
from .normal import parts, stripped, words
from .project import enabled_chroots, require_project
from .resource import Field, Resolved, Resource, Thing, Values, by_name, text, texts
from .rights import refuse_unless_editable
from .selection import ended_among, matching, unknown_names


class ChrootSettings(TypedDict):
    """The fields that are read of a chroot's settings, besides those in SETTINGS."""

    mock_chroot: str


_SHAPE = shape_of(ChrootSettings)


class Comps(str):
    """A comps file of this host, as the name under which it is sent, which has its digest.

    The server reports only the name of a comps file.
    """

    path: str

    @classmethod
    def at(cls, path: str | None) -> Comps | None:
        """Return the file at a path, or raise CoprError (local_file)."""
        if path is None:
            return None
        with open_local(path) as stream:
            digest = hashlib.sha256(stream.read()).hexdigest()
        comps = cls(f"comps-{digest[:16]}.xml")
        comps.path = path
        return comps


SETTINGS = by_name(
    Field("additional_packages", texts(), [], normalize=words),
    Field("additional_repos", texts(), [], normalize=words),
    Field("additional_modules", texts(), [], normalize=parts),
    Field("with_opts", texts(), [], normalize=words),
    Field("without_opts", texts(), [], normalize=words),
    Field(
        "comps",
        {"type": "path"},
        take=Comps.at,
        not_exported="Copr reports only the name of the file, {value}",
    ),
    Field(
        "bootstrap",
        text(choices=["unchanged", "default", "on", "off", "image", "custom_image"]),
        "unchanged",
        write_only=True,
    ),
    Field("bootstrap_image", text(), normalize=stripped, write_only=True),
    Field("isolation", text(choices=["unchanged", "default", "nspawn", "simple"]), "unchanged"),
)
DEFAULTS = {name: each.default for name, each in SETTINGS.items() if not each.write_only}


def fetch_settings(client: Client, project: ProjectName, chroot: str) -> dict[str, Any]:
    """Return a project's settings for a chroot (GET /project-chroot)."""
    query = {**project.query, "chrootname": chroot}
    return dict(client.get("project-chroot", query, shape=_SHAPE))


def fetch_build_config(client: Client, project: ProjectName, chroot: str) -> dict[str, Any]:
    """Return the build configuration of a chroot (GET /project-chroot/build-config)."""
    query = {**project.query, "chrootname": chroot}
    shape = {"chroot": str, "repos": list}
    return dict(client.get("project-chroot/build-config", query, shape=shape))


def _read(
    client: Client, project: ProjectName, chroots: Collection[str] | None, _fields: Collection[str]
) -> dict[str, Thing]:
    """Return the settings of these chroots, or of all enabled ones that have any."""
    names = enabled_chroots(require_project(client, project)) if chroots is None else chroots
    read = client.at_once([partial(_thing, client, project, name) for name in names])
    found = {name: thing for name, thing in zip(names, read) if thing is not None}
    if chroots is not None:
        return found
    return {
        name: thing
        for name, thing in found.items()
        if any(thing.get(key) != DEFAULTS[key] for key in DEFAULTS)
    }


def _thing(client: Client, project: ProjectName, chroot: str) -> Thing | None:
    try:
        settings = fetch_settings(client, project, chroot)
    except CoprError as error:
        if error.kind != "not_found":
            raise
        return None
    return {**settings, "comps": settings.get("comps_name")}


def _change(
    client: Client, project: ProjectName, chroot: str, values: Values, _before: Thing
) -> None:
    """Change settings (PUT /project-chroot/edit).

    Defaults are set with reset_fields, because the server ignores an empty list of modules, and
    null for any field.
    """
    body = {name: value for name, value in values.items() if value != SETTINGS[name].default}
    reset = [name for name in values if name not in body and name != "comps"]
    if reset:
        body["reset_fields"] = reset
    file = None
    comps = body.pop("comps", None)
    if isinstance(comps, Comps):
        with open_local(comps.path) as stream:
            file = ("upload_comps", str(comps), stream.read())
    elif "comps" in values:
        body["delete_comps"] = True
    with error_context(f"change {CHROOT.subject(project, chroot)}"):
        path = f"project-chroot/edit/{project.owner}/{project.name}/{chroot}"
        client.change("PUT", path, body, file=file, shape=_SHAPE)


def _resolve(
    client: Client, project: ProjectName, names: Collection[str], warn: Callable[[str], None]
) -> Resolved:
    """Return the enabled chroots that names and patterns stand for.

    Chroots that the server offers but the project has not enabled are included, with an error: an
    earlier task of the play may enable them. Chroots of the project that have ended are left out
    with a warning. Raises CoprError (invalid) for unknown ones.
    """
    try:
        enabled = enabled_chroots(require_project(client, project))
    except CoprError as error:
        if error.kind != "not_found":
            raise
        return {name: [name] for name in names}, [error]
    meant = {name: sorted(matching(enabled, [name])) for name in names}
    lacking = [name for name, found in meant.items() if not found]
    if not lacking:
        return meant, []
    disabled = set(fetch_mock_chroots(client)) - set(enabled)
    meant.update({name: sorted(matching(disabled, [name])) for name in lacking})
    nowhere = [name for name in lacking if not meant[name]]
    ended = ended_among(client, project, nowhere, warn) if nowhere else set()
    lacking = [name for name in lacking if name not in ended]
    if not lacking:
        return meant, []
    unknown = unknown_names(lacking, enabled, f"enabled in {project}", disabled)
    if set(nowhere) - ended:
        raise unknown
    return meant, [unknown]


def _shown(chroot: str, thing: Thing) -> dict[str, Any]:
    settings = {key: value for key, value in thing.items() if key != "comps"}
    comps = thing.get("comps")
    return {"name": chroot, "settings": {**settings, "comps_name": comps and str(comps)}}


def _blank(project: ProjectName, chroot: str) -> Thing:
    return {**project.query, "mock_chroot": chroot, "delete_after_days": None, **DEFAULTS}


CHROOT = Resource(
    noun="chroot",
    plural="chroots",
    key="chroot",
    fields=SETTINGS,
    read=_read,
    change=_change,
    allowed=refuse_unless_editable,
    resolve=_resolve,
    blank=_blank,
    shown=_shown,
)
