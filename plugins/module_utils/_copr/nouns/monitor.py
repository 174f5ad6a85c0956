# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The monitor: the newest build of each package in each chroot of a project."""

from __future__ import annotations

from typing import Any, TypedDict

from ..wire.client import Client
from ..wire.shapes import TextOrNull, shape_of
from .names import ProjectName


class MonitoredChroot(TypedDict):
    """The newest build of a package in a chroot."""

    state: str
    build_id: int
    pkg_version: TextOrNull


class MonitoredPackage(TypedDict):
    """A package with its chroots."""

    name: str
    chroots: dict[str, MonitoredChroot]


class Monitor(TypedDict):
    """The fields that are read of the monitor."""

    packages: list[MonitoredPackage]


_SHAPE = shape_of(Monitor)
_LOGS = ["url_build_log", "url_backend_log"]


def fetch_monitor(
    client: Client, project: ProjectName, dirname: str | None
) -> list[dict[str, Any]]:
    """Return all packages that have builds, with their chroots (GET /monitor).

    The response has no pages. It covers only enabled chroots, and one directory of the project.
    """
    query = {**project.query, "project_dirname": dirname, "additional_fields[]": _LOGS}
    rows = client.get("monitor", query, shape=_SHAPE)["packages"]
    return [
        {
            "name": row["name"],
            "chroots": [
                {
                    "name": name,
                    "state": chroot["state"],
                    "build_id": chroot["build_id"],
                    "version": chroot["pkg_version"],
                    "build_log_url": chroot.get("url_build_log"),
                    "backend_log_url": chroot.get("url_backend_log"),
                }
                for name, chroot in sorted(row["chroots"].items())
            ],
        }
        for row in rows
    ]
