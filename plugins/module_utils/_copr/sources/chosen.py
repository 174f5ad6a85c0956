# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The source that a task sets with one of its options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..nouns.names import ProjectName
from ..wire.client import Client
from ..wire.errors import CoprError
from .commits import RunCommand, commit_of
from .files import file_sources, url_sources
from .kinds import STORED_KINDS, Kind, package_source, planned_package
from .package import fetch_package
from .source import Source

# The options for a source. A task sets one of them.
SOURCES = ("url", "srpm", *STORED_KINDS, "package")


def chosen_option(options: Mapping[str, Any]) -> str:
    """Return the option that sets the source."""
    return next(name for name in SOURCES if options[name] is not None)


def has_branches(option: str) -> bool:
    """Return whether the sources of an option have branches, so that they can be pinned."""
    kind = STORED_KINDS.get(option)
    return kind is not None and kind.repository is not None


def sources_of(
    client: Client,
    project: ProjectName,
    options: Mapping[str, Any],
    run_command: RunCommand,
    *,
    pin: bool = False,
    packages: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[list[Source], list[CoprError]]:
    """Return the sources that options set, each once, and errors for missing ones.

    C(url) and C(srpm) are lists. A package that is not stored in the project is missing: an earlier
    task of the play may store it. C(packages) are those that were read already, by name.

    C(pin) builds the commit that a branch or tag points to now; it raises CoprError (invalid) for a
    kind without branches.
    """
    name = chosen_option(options)
    kind, given = STORED_KINDS.get(name), options[name]
    if pin:
        given = _pinned(client, kind, given, run_command)
    if kind is not None:
        return [kind.source(given)], []
    if name == "url":
        return url_sources(given), []
    if name == "srpm":
        return file_sources(given), []
    try:
        package = (packages or {}).get(given) or fetch_package(client, project, given)
        return [package_source(given, package)], []
    except CoprError as error:
        if error.kind not in ("not_found", "invalid"):
            raise
        return [planned_package(given)], [error]


def _pinned(
    client: Client, kind: Kind | None, given: Mapping[str, Any], run_command: RunCommand
) -> dict[str, Any]:
    """Return the options of scm or distgit with the commit that the branch or tag points to."""
    if kind is None or kind.repository is None:
        raise CoprError(
            "invalid", "pin works only with scm and distgit; other sources have no branches."
        )
    committish = kind.describe(given)["committish"]
    timeout = client.settings.timeout
    commit = commit_of(kind.repository(given), committish, run_command, timeout=timeout)
    return {**given, "committish": commit}
