# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options for the builds of a set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...nouns.names import ProjectName
from ...nouns.normal import stripped
from ...nouns.selection import ChrootNames
from ...sources.chosen import SOURCES, chosen_option, has_branches, sources_of
from ...sources.commits import RunCommand
from ...sources.kinds import STORED_KINDS
from ...sources.package import list_packages
from ...wire.client import Client
from ...wire.errors import CoprError, error_context
from ..options import BUILD_OPTIONS, chosen_options
from ..order import Order
from .graph import levels_of, refuse_doubled
from .members import Wish

# Where and how to build; each build of a set can set its own.
PLACE_OPTIONS: dict[str, dict[str, Any]] = {
    "chroots": {"type": "list", "elements": "str"},
    "exclude_chroots": {"type": "list", "elements": "str"},
    "may_fail": {"type": "list", "elements": "str"},
    **BUILD_OPTIONS,
}
BUILDS: dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "required": True,
    "options": {
        "name": {"type": "str", "required": True},
        "after": {"type": "list", "elements": "str", "default": []},
        "url": {"type": "str"},
        "srpm": {"type": "path"},
        **{name: kind.option(pin=True) for name, kind in STORED_KINDS.items()},
        "package": {"type": "str"},
        **PLACE_OPTIONS,
    },
}


def wishes_of(
    client: Client, project: ProjectName, params: Mapping[str, Any], run_command: RunCommand
) -> list[Wish]:
    """Return what a task asks for each build of a set, in the order of the levels.

    C(params) are the options of the task. Raises CoprError (invalid) for duplicate or unknown names
    and for a cycle; and (invalid, local_file) for a source that can't be built.
    """
    builds = params["builds"]
    if not builds:
        raise CoprError("invalid", "builds is an empty list; there is nothing to build.")
    names = [stripped(given["name"]) for given in builds]
    refuse_doubled(names)
    after = {name: list(map(stripped, given["after"])) for name, given in zip(names, builds)}
    levels = levels_of(after)
    for name, given in zip(names, builds):
        _refuse_sources(name, given)
    packages = _packages(client, project, builds)
    orders = {}
    for name, given in zip(names, builds):
        with error_context(f"build {name}"):
            orders[name] = _order(client, project, given, params, run_command, packages)
    return [
        Wish(name, after[name], number, orders[name])
        for number, level in enumerate(levels)
        for name in level
    ]


def _refuse_sources(name: str, given: Mapping[str, Any]) -> None:
    """Refuse a build without a source or with several; Ansible's check does not name the build."""
    found = [option for option in SOURCES if given[option] is not None]
    if len(found) > 1:
        raise CoprError(
            "invalid", f"The build {name} has several sources: {', '.join(found)}; set only one."
        )
    if not found:
        raise CoprError(
            "invalid", f"The build {name} has no source; set one of {', '.join(SOURCES)}."
        )


def _packages(
    client: Client, project: ProjectName, builds: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return the packages of the project by name, if several builds use stored packages."""
    if sum(1 for each in builds if each["package"] is not None) < 2:
        return {}
    try:
        return {package["name"]: package for package in list_packages(client, project)}
    except CoprError as error:
        if error.kind != "not_found":
            raise
        return {}


def _order(
    client: Client,
    project: ProjectName,
    given: Mapping[str, Any],
    params: Mapping[str, Any],
    run_command: RunCommand,
    packages: Mapping[str, Mapping[str, Any]],
) -> Order:
    own = {name: given[name] if given[name] is not None else params[name] for name in PLACE_OPTIONS}
    pin = params["pin"] and has_branches(chosen_option(given))
    single = {**given, "url": _listed(given["url"]), "srpm": _listed(given["srpm"])}
    sources, missing = sources_of(client, project, single, run_command, pin=pin, packages=packages)
    if len(sources) > 1:
        files = ", ".join(source.label for source in sources)
        raise CoprError(
            "invalid", f"srpm matches several files, but a build has only one source: {files}."
        )
    wanted = own["chroots"]
    return Order(
        project,
        sources,
        chroots=ChrootNames(
            None if wanted is None else tuple(wanted),
            tuple(own["exclude_chroots"] or ()),
            params["ended_chroots"],
        ),
        dirname=stripped(params["dirname"]) or None,
        options=chosen_options(own, BUILD_OPTIONS),
        force=params["force"],
        may_fail=own["may_fail"] or (),
        missing=missing,
    )


def _listed(value: str | None) -> list[str] | None:
    return None if value is None else [value]
