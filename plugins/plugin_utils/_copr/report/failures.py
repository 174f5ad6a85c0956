# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Failures: one entry for all chroots in which a build failed for the same cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import SOURCE

from .builds import name_of
from .matrix import Cell, Row, in_natural_order


@dataclass(frozen=True)
class Failure:
    """A failure of one build.

    Attributes:
        package: the name of the package or source file; empty if neither is known.
        in_source: whether building the source RPM failed, before any chroot.
        logs: addresses of the logs, by chroot; C(source) for the source.
        chroots: the chroots that failed with it.
        cause: the line of the log with the cause; empty if unknown, or if no log was read.
        excerpt: lines of the log around the cause, or from its end; empty if none was read.
    """

    build_id: int
    build_url: str
    package: str
    version: str
    in_source: bool
    cause: str
    excerpt: Sequence[str] = ()
    logs: dict[str, str] = field(default_factory=dict)
    chroots: list[str] = field(default_factory=list)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What the page filters by: chroots and states."""
        return [(chroot, "failed") for chroot in self.chroots or [""]]


def failures_of(
    rows: Iterable[Row], builds: Iterable[Mapping[str, Any]], told: Iterable[Mapping[str, Any]]
) -> list[Failure]:
    """Return the failures among the newest builds, newest first.

    C(told) are failures as copr_build_info returns them for the builds whose logs it has read.
    Other failures have no cause. Builds whose source could not be imported belong to no package, so
    they are in no row.
    """
    causes: dict[int, dict[str, Mapping[str, Any]]] = {}
    for each in told:
        causes.setdefault(each["build_id"], {})[each["chroot"]] = each
    failed = [
        (row.package, cell) for row in rows for cell in row.cells.values() if cell.state == "failed"
    ]
    failed += [
        (name_of(build), _source_of(build))
        for build in builds
        if build["state"] == "failed" and not build["source_package"]["name"]
    ]
    groups: dict[tuple[int, str], Failure] = {}
    for package, cell in failed:
        _add(groups, package, cell, causes.get(cell.build_id, {}))
    for group in groups.values():
        group.chroots.sort(key=in_natural_order)
    return sorted(groups.values(), key=lambda failure: -failure.build_id)


def _source_of(build: Mapping[str, Any]) -> Cell:
    """Return the source of a build in the form of a cell."""
    return Cell(SOURCE, build["state"], build["id"], build["web_url"], version="", log_url="")


def _add(
    groups: dict[tuple[int, str], Failure],
    package: str,
    cell: Cell,
    causes: Mapping[str, Mapping[str, Any]],
) -> None:
    """Add a cell that failed to the group of those with the same cause."""
    in_source = cell.chroot == SOURCE or SOURCE in causes
    told = causes.get(SOURCE if in_source else cell.chroot, {})
    cause = told.get("cause") or ""
    excerpt = told.get("log_excerpt") or told.get("log_tail") or []
    # Without known causes, failures are not grouped.
    alone = bool(excerpt) and not in_source
    key = (cell.build_id, cause or (cell.chroot if alone else ""))
    if key not in groups:
        groups[key] = Failure(
            build_id=cell.build_id,
            build_url=cell.build_url,
            package=package,
            version=cell.version,
            in_source=in_source,
            cause=cause,
            excerpt=excerpt,
        )
    group = groups[key]
    if cell.chroot != SOURCE:
        group.chroots.append(cell.chroot)
    log = told.get("log_url") or cell.log_url
    if log:
        group.logs[SOURCE if in_source else cell.chroot] = log
