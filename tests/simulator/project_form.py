# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of project/add and project/edit, and the rules between them."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlparse

from .checks import contact, repositories, web_address
from .current import world
from .errors import BadRequest, Crash
from .fields import (
    Field,
    Form,
    Invalid,
    Unstorable,
    boolean,
    choice,
    integer,
    keep,
    names_out_of,
    read_form,
    text,
)

DEFAULTS: dict[str, Any] = {
    "description": "",
    "instructions": "",
    "homepage": None,
    "contact": None,
    "additional_repos": "",
    "runtime_dependencies": "",
    "packit_forge_projects_allowed": "",
    "devel_mode": False,
    "unlisted_on_hp": False,
    "module_hotfixes": False,
    "appstream": False,
    "enable_net": False,
    "follow_fedora_branching": True,
    "auto_prune": True,
    "persistent": False,
    "multilib": False,
    "fedora_review": False,
    "bootstrap": "default",
    "isolation": "default",
    "repo_priority": None,
    "delete_after_days": None,
    "storage": "backend",
}
"""What a new project has where nothing is said."""

FREE_TEXTS = ("description", "instructions")
SWITCHES = (
    "unlisted_on_hp", "module_hotfixes", "appstream", "follow_fedora_branching", "auto_prune",
    "multilib", "fedora_review",
)  # fmt: skip


def forges(raw: Any) -> str:
    """Addresses of forge projects; only host and path are kept, whatever the scheme is."""
    try:
        parts = [urlparse(word) for word in text(raw).split()]
    except ValueError:
        raise Crash from None
    return " ".join(part.netloc + part.path for part in parts)


def days(raw: Any) -> int | None:
    """Days until the project is deleted; -1 and an empty text mean never."""
    number: int | None = integer(-1, 720)(raw)
    return None if number == -1 else number


def chroots(raw: Any) -> list[str] | str:
    """Names of chroots; a bare text passes if it is one name (and fails later)."""
    names = names_out_of(raw, world().active_chroots())
    return names if isinstance(raw, list) else str(raw)


def project_name(raw: Any) -> str:
    """Letters of any script, digits, underscores, dashes and dots, but not digits alone."""
    if not isinstance(raw, str):
        raise Crash
    name = raw.strip()
    if not re.fullmatch(r"[\w.-]+", name):
        raise Invalid("A name consists of letters, digits, underscores, dashes and dots.")
    if name.isdigit():
        raise Invalid("A name must not consist of digits only.")
    if len(name) > 100:
        raise Unstorable
    return name


SETTINGS = (
    Field("homepage", web_address(empty=keep)),
    Field("contact", contact(keep)),
    *(Field(name, text) for name in FREE_TEXTS),
    Field("additional_repos", repositories, aliases=("repos",), told_as="repos"),
    Field("runtime_dependencies", repositories),
    Field("packit_forge_projects_allowed", forges),
    *(Field(name, boolean) for name in SWITCHES),
    Field("devel_mode", boolean, aliases=("disable_createrepo",)),
    Field("bootstrap", choice("default", "on", "off", "image")),
    Field("isolation", choice("default", "nspawn", "simple")),
    Field("repo_priority", integer(1, empty=keep)),
    Field("delete_after_days", days),
    Field("storage", choice("backend", "pulp", empty=keep)),
)
ONLY_ON_ADD = (
    Field("name", project_name, required="A name is needed."),
    Field("enable_net", boolean),
    Field("persistent", boolean),
    Field("use_bootstrap_container", boolean),
    Field("chroots", chroots, required="'[]' is none of the possible values.", keeps_lists=True),
)
ONLY_ON_EDIT = (
    Field("enable_net", boolean, aliases=("build_enable_net",)),
    Field("chroots", chroots, keeps_lists=True),
)


def read_new_project(body: dict[str, Any]) -> Form:
    """Read the body of project/add."""
    form = read_form((*ONLY_ON_ADD, *SETTINGS), body)
    if form.get("persistent") and form.get("delete_after_days") is not None:
        form.refuse("delete_after_days", "A persistent project cannot have a day of deletion.")
    if "bootstrap" not in form.values and "use_bootstrap_container" in form.values:
        form.values["bootstrap"] = "on" if form["use_bootstrap_container"] else "off"
    return form


def read_edit(body: dict[str, Any]) -> Form:
    """Read the body of project/edit; an empty list of chroots counts as none given."""
    if body.get("chroots") == []:
        body = {name: value for name, value in body.items() if name != "chroots"}
    return read_form((*SETTINGS, *ONLY_ON_EDIT), body)


def chroot_names(form: Form) -> list[str] | None:
    """Name the chroots asked for; a bare text is taken apart into its letters, and refused."""
    names = form.get("chroots")
    if isinstance(names, str):
        raise BadRequest(f"There are no such chroots: {', '.join(sorted(set(names)))}")
    return list(dict.fromkeys(names)) if names is not None else None
