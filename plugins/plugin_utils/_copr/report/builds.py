# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that the parts of the report read from a build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

PAGE = "/build/"


def project_of(build: Mapping[str, Any]) -> str:
    """Return the full name of the project that a build belongs to."""
    return f"{build['ownername']}/{build['projectname']}"


def name_of(build: Mapping[str, Any]) -> str:
    """Return the package of a build, or its source file; empty if neither is known."""
    source = build["source_package"]
    path = str(source.get("url") or "").partition("?")[0].partition("#")[0]
    return str(source["name"] or path.rstrip("/").rpartition("/")[2])


def folder_of(builds: Iterable[Mapping[str, Any]]) -> str:
    """Return the address below which a server has its web pages; empty without builds."""
    for build in builds:
        folder, found, _number = str(build["web_url"]).rpartition(PAGE)
        if found:
            return folder
    return ""


def page_of_project(folder: str, project: str) -> str:
    """Return the address of a project's page; empty if the server is not known."""
    owner, _slash, name = project.partition("/")
    path = f"g/{_quoted(owner[1:])}" if owner.startswith("@") else _quoted(owner)
    return f"{folder}/{path}/{_quoted(name)}/" if folder else ""


def page_of_package(folder: str, project: str, package: str) -> str:
    """Return the address of a package's page; empty if the server is not known."""
    page = page_of_project(folder, project)
    return f"{page}package/{_quoted(package)}/" if page else ""


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace")


def moments_of(build: Mapping[str, Any]) -> list[int]:
    """Return all known times of a build and its chroots."""
    parts = [build, *(build["build_chroots"] or [])]
    moments = [
        part.get(key) for part in parts for key in ("submitted_on", "started_on", "ended_on")
    ]
    return [int(moment) for moment in moments if moment is not None]
