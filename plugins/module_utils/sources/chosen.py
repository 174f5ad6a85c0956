# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The source that a task names with one of its options."""

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

# The options that name a source. A task gives one of them.
SOURCES = ("url", "srpm", *STORED_KINDS, "package")


def chosen_option(options: Mapping[str, Any]) -> str:
    """Return which of the options names the source."""
    return next(name for name in SOURCES if options[name] is not None)


def described_source(
    client: Client, options: Mapping[str, Any], run_command: RunCommand, *, pin: bool = False
) -> Source | None:
    """Return the source that one of the kinds which packages can store describes.

    C(pin) builds the commit that its branch or tag is now; it raises CoprError (invalid) for a
    kind without branches. None if the options name a source of another kind.
    """
    name = chosen_option(options)
    kind, given = STORED_KINDS.get(name), options[name]
    if pin:
        given = _pinned(client, kind, given, run_command)
    return kind.source(given) if kind is not None else None


def has_branches(option: str) -> bool:
    """Return whether the sources that an option names have branches, so that they can be pinned."""
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
    """Return the sources that options name, each once, and errors for what they lack.

    C(url) and C(srpm) are lists. A package that is not stored in the project is lacking: an earlier
    task of the play may be going to store it. C(packages) are those that were read already, by
    name.
    """
    described = described_source(client, options, run_command, pin=pin)
    if described is not None:
        return [described], []
    name = chosen_option(options)
    given = options[name]
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
    """Return the options of scm or distgit with the commit that their branch or tag is now."""
    if kind is None or kind.repository is None:
        raise CoprError("invalid", "pin is for scm and distgit; other sources have no branches.")
    committish = kind.describe(given)["committish"]
    timeout = client.settings.timeout
    commit = commit_of(kind.repository(given), committish, run_command, timeout=timeout)
    return {**given, "committish": commit}
