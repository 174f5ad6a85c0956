# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tables of docs/published-api.md are complete, and what they name exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import flask
import pytest

from simulator.routes import ENDPOINTS
from tools.checkout import CHECKOUT
from unit.lab import declared

PLUGINS = CHECKOUT / "plugins"
TARGETS = CHECKOUT / "tests" / "integration" / "targets"
# A path of the API in code: a text, or the beginning of one with names in it.
PATH = re.compile(r'"([a-z][a-z_./-]*?)/?["{]')

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


def test_every_call_that_the_collection_makes_has_its_row() -> None:
    requests = " ".join(row.request for row in rows())
    documented = set(re.findall(r"[A-Z] /([a-z_./-]+)", requests))
    files = PLUGINS.glob("*/**/*.py")
    texts = {text for file in files for text in PATH.findall(file.read_text(encoding="utf-8"))}
    made = texts & endpoints()
    assert {"project", "webhook/generate", "rpmrepo", "build/create/upload"} <= made
    assert made - documented == set()


def endpoints() -> set[str]:
    """Return the paths that the simulated server knows, without the names at their ends."""
    app = flask.Flask("endpoints", static_folder=None)
    for each in ENDPOINTS:
        app.register_blueprint(each.blueprint)
    rules = (rule.rule for rule in app.url_map.iter_rules())
    api = (rule[len("/api_3/") :] for rule in rules if rule.startswith("/api_3/"))
    return {path.partition("<")[0].strip("/") for path in api}


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
