# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of docs/published-api.md is complete, and what it names exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tools.checkout import CHECKOUT
from unit.lab import declared

TARGETS = CHECKOUT / "tests" / "integration" / "targets"

# The calls on Copr's two pages, by their headings there.
PUBLISHED = {
    "Get Project": "GET /project",
    "List Projects": "GET /project/list",
    "Search Projects": "GET /project/search",
    "Create Project": "POST /project/add",
    "Edit Project": "PUT /project/edit",
    "Fork Project": "POST /project/fork",
    "Delete Project": "DELETE /project/delete",
    "Regenerate Repository Metadata": "PUT /project/regenerate-repos",
    "Get Build": "GET /build",
    "List Builds": "GET /build/list",
    "Get Source Chroot": "GET /build/source-chroot",
    "Get Source Build Config": "GET /build/source-build-config",
    "Get Built Packages": "GET /build/built-packages",
    "Cancel Build": "PUT /build/cancel",
    "Create Build from URL": "POST /build/create/url",
    "Create Build from Upload": "POST /build/create/upload",
    "Create Build from SCM": "POST /build/create/scm",
    "Create Build from DistGit": "POST /build/create/distgit",
    "Create Build from PyPI": "POST /build/create/pypi",
    "Create Build from RubyGems": "POST /build/create/rubygems",
    "Create Build from Custom Method": "POST /build/create/custom",
    "Delete Build": "DELETE /build/delete",
    "Delete Multiple Builds": "DELETE /build/delete/list",
}


class Row(NamedTuple):
    """A row of the table: the call, and where it is served and proved."""

    call: str
    request: str
    module: str
    options: list[str]
    target: str


def rows() -> list[Row]:
    text = (CHECKOUT / "docs" / "published-api.md").read_text(encoding="utf-8")
    cells = (line.strip("| ").split(" | ") for line in text.splitlines() if line[:1] == "|")
    found = []
    for call, request, served_by, target in (row for row in cells if "`" in row[-1]):
        module, *options = re.findall(r"`([^`]+)`", served_by)
        found.append(Row(call, request.strip("`"), module, options, target.strip("`")))
    return found


by_call = pytest.mark.parametrize("row", [pytest.param(row, id=row.call) for row in rows()])


def test_every_published_call_has_its_row() -> None:
    assert {row.call: row.request for row in rows()}.items() >= PUBLISHED.items()


@by_call
def test_the_options_of_a_row_exist(row: Row) -> None:
    spec: dict[str, Any] = declared(row.module).argument_spec
    assert row.options
    for option in row.options:
        name, _equals, value = option.partition("=")
        assert name in spec
        assert not value or value in spec[name]["choices"]


@by_call
def test_the_integration_target_of_a_row_uses_what_the_row_names(row: Row) -> None:
    tasks = "".join(file.read_text(encoding="utf-8") for file in _tasks(row.target))
    assert f"fedora.copr.{row.module}:" in tasks
    for option in row.options:
        name, _equals, value = option.partition("=")
        assert re.search(rf"\b{name}: .*{value}" if value else rf"\b{name}:", tasks), option


def _tasks(target: str) -> list[Path]:
    return sorted((TARGETS / target / "tasks").glob("*.yml"))
