# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The newest build of each package in each chroot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .builds import folder_of, page_of_package, project_of


@dataclass(frozen=True)
class Cell:
    """The newest build of a package in a chroot.

    Attributes:
        version: empty until the source is known.
        started_on: null until the build starts in the chroot, or if the build was not read.
        ended_on: null until it ends there, or if the build was not read.
    """

    chroot: str
    state: str
    build_id: int
    build_url: str
    version: str
    log_url: str
    started_on: int | None = None
    ended_on: int | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """What the page filters by."""
        return self.chroot, self.state


@dataclass(frozen=True)
class Row:
    """A package of a project, with its cells by chroot."""

    project: str
    package: str
    package_url: str
    cells: Mapping[str, Cell]


def rows_of_project(
    project: str, packages: Iterable[Mapping[str, Any]], builds: Mapping[int, Mapping[str, Any]]
) -> list[Row]:
    """Return the rows of a project.

    C(packages) are as copr_monitor_info returns them; C(builds), by id, those that were read with
    their chroots.
    """
    folder = folder_of(builds.values())
    rows = []
    for package in packages:
        cells = {}
        for chroot in package["chroots"]:
            cells[chroot["name"]] = _monitored(chroot, builds.get(chroot["build_id"]), folder)
        rows.append(_row(project, package["name"], cells, folder))
    return sorted(rows, key=_by_name)


def rows_of_builds(builds: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return the rows of builds; builds of unknown packages have none.

    C(builds) are as copr_build_info returns them with their chroots. The newest build of a package
    in a chroot counts.
    """
    found: dict[tuple[str, str], dict[str, Cell]] = {}
    for build in sorted(builds, key=lambda build: int(build["id"])):
        package = build["source_package"]["name"]
        if package:
            cells = found.setdefault((project_of(build), package), {})
            for chroot in build["build_chroots"] or []:
                cells[chroot["name"]] = _built(build, chroot)
    folder = folder_of(builds)
    return sorted((_row(*key, cells, folder) for key, cells in found.items()), key=_by_name)


def chroots_of(rows: Iterable[Row], enabled: Iterable[str] = ()) -> list[str]:
    """Return the columns: the enabled chroots, and all others that have a build."""
    names = {*enabled, *(name for row in rows for name in row.cells)}
    return sorted(names, key=in_natural_order)


def in_natural_order(name: str) -> list[tuple[int, str]]:
    """Return a key that sorts names with numbers: epel-9 comes before epel-10."""
    parts = re.split(r"([0-9]+)", name)
    # Every second part is a number; of two the longer one is greater.
    return [(len(part) if place % 2 else 0, part) for place, part in enumerate(parts)]


def _by_name(row: Row) -> tuple[str, str]:
    return row.package, row.project


def _row(project: str, package: str, cells: Mapping[str, Cell], folder: str) -> Row:
    return Row(project, package, page_of_package(folder, project, package), cells)


def _monitored(chroot: Mapping[str, Any], build: Mapping[str, Any] | None, folder: str) -> Cell:
    """Return a cell of the monitor, with the times of the build if that was read."""
    number = int(chroot["build_id"])
    entries = (build or {}).get("build_chroots") or []
    times: Mapping[str, Any] = next(
        (each for each in entries if each["name"] == chroot["name"]), {}
    )
    return Cell(
        chroot=chroot["name"],
        state=chroot["state"],
        build_id=number,
        build_url=build["web_url"] if build else f"{folder}/build/{number}" if folder else "",
        version=chroot["version"] or "",
        log_url=chroot["build_log_url"] or "",
        started_on=times.get("started_on"),
        ended_on=times.get("ended_on"),
    )


def _built(build: Mapping[str, Any], chroot: Mapping[str, Any]) -> Cell:
    return Cell(
        chroot=chroot["name"],
        state=chroot["state"],
        build_id=int(build["id"]),
        build_url=build["web_url"],
        version=build["source_package"]["version"] or "",
        log_url=chroot["log_url"] or "",
        started_on=chroot["started_on"],
        ended_on=chroot["ended_on"],
    )
