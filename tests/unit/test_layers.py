# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports go downwards, and no file is long."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.checkout import CHECKOUT

# From the lowest: each may import itself and what stands before it. What is no folder is a file.
LAYERS = [
    "clock",
    "wire",
    "nouns",
    "hosts",
    "sources",
    "given",
    "lock",
    "plan",
    "progress",
    "task",
    "builds",
    "events",
    "state",
    "module",
]
PLUGINS = CHECKOUT / "plugins"
UTILS = PLUGINS / "module_utils" / "_copr"
PACKAGE = "ansible_collections.fedora.copr.plugins."
LONGEST = 400
# What ansible-core, and no other Python, reads of a plugin.
DOCUMENTATION = {"DOCUMENTATION", "EXAMPLES", "RETURN"}


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(file: Path) -> Iterator[str]:
    """Return all that a file of the plugins imports from them, by names that begin there."""
    inside = [*file.relative_to(PLUGINS).with_suffix("").parts]
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.ImportFrom):
            start = inside[: -node.level] if node.level else []
            package = ".".join([*start, node.module or ""]).rstrip(".")
            names = [f"{package}.{name.name}" for name in node.names]
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        else:
            continue
        yield from (
            name.removeprefix(PACKAGE)
            for name in names
            if name.startswith((PACKAGE, "module_utils.", "plugin_utils."))
        )


def layer(file: Path) -> str:
    """Return the name of the layer to which a file of module_utils belongs."""
    return file.relative_to(UTILS).with_suffix("").parts[0]


FILES = sorted(file for file in UTILS.rglob("*.py") if file.name != "__init__.py")


def name_of(file: Path) -> str:
    return str(file.relative_to(CHECKOUT))


def upward(file: Path) -> list[str]:
    """Return the imports of a file that go upwards."""
    above = []
    for name in imported(file):
        kind, _private, other, *_names = name.split(".")
        if kind != "module_utils" or LAYERS.index(other) > LAYERS.index(layer(file)):
            above.append(name)
    return above


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_imports_go_downwards(file: Path) -> None:
    assert upward(file) == []


def test_imports_of_both_forms_are_seen() -> None:
    assert "module_utils._copr.wire.client.Client" in set(imported(UTILS / "task.py"))
    assert "module_utils._copr.task.Task" in set(imported(PLUGINS / "modules/copr_build.py"))


def code_lines(file: Path) -> int:
    """Return how many lines a file has, but for a plugin's documentation."""
    lines = len(file.read_text(encoding="utf-8").splitlines())
    for node in parsed(file).body:
        if isinstance(node, ast.Assign) and node.end_lineno is not None:
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            lines -= (node.end_lineno - node.lineno + 1) if names & DOCUMENTATION else 0
    return lines


def test_no_file_is_long() -> None:
    files = [file for folder in ("plugins", "tests") for file in (CHECKOUT / folder).rglob("*.py")]
    assert {name_of(file) for file in files if code_lines(file) > LONGEST} == set()


# What starts a task says whether it is in check mode; carry_out alone asks.
STARTS = {"module.py", "in_controller.py", "calls.py", "on_host.py"}


def test_one_place_asks_whether_this_is_check_mode() -> None:
    asking = {
        file.name
        for file in PLUGINS.rglob("*.py")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Attribute) and node.attr == "check_mode"
    }
    assert asking - STARTS == {"plan.py"}
