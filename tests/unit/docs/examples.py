# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All examples of the documentation: of pages, of plugins and of roles."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tools.checkout import CHECKOUT

GUIDES = CHECKOUT / "docs" / "docsite" / "rst"
PAGES = ("README.md", "CONTRIBUTING.md", "docs/**/*.md", "docs/**/*.rst", "roles/*/README.md")
PLUGINS = (
    "plugins/modules/*.py",
    "plugins/lookup/*.py",
    "plugins/filter/*.py",
    "plugins/inventory/*.py",
    "plugins/doc_fragments/*.py",
    "extensions/eda/plugins/event_source/*.py",
)
FENCE = re.compile(r"^( *)```([\w+]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
DIRECTIVE = re.compile(
    r"^( *)\.\. code-block:: *([\w+]*)\n((?:\1 +:.*\n)*)\n((?:\1 +.*\n|\n)+)", re.M
)


class Example(NamedTuple):
    """An example: where it is, its language, its text."""

    file: str
    line: int
    language: str
    text: str

    @property
    def place(self) -> str:
        """Where it is, for messages."""
        return f"{self.file}:{self.line}"

    @property
    def documents(self) -> list[Any]:
        """The YAML in it."""
        return [each for each in yaml.load_all(self.text, _Loader) if each is not None]


class _Loader(yaml.SafeLoader):
    """Reads Ansible's YAML, in which a value may have a tag, such as !unsafe."""


def _tagged(_loader: yaml.SafeLoader, _tag: str, _node: yaml.Node) -> str:
    """Return a text for a value with a tag, which no template and no option looks into."""
    return "text"


_Loader.add_multi_constructor("!", _tagged)


def of_page(page: Path) -> Iterator[Example]:
    """Yield the code blocks of a page in Markdown or reStructuredText."""
    text = page.read_text(encoding="utf-8")
    name = str(page.relative_to(CHECKOUT))
    markdown = page.suffix == ".md"
    for found in (FENCE if markdown else DIRECTIVE).finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        body = textwrap.dedent(found[found.re.groups]).strip("\n") + "\n"
        yield Example(name, line, found[2].removesuffix("+jinja"), body)


def of_guide(stem: str) -> list[Example]:
    """Return the code blocks of a guide, such as "guide_events"."""
    return list(of_page(GUIDES / f"{stem}.rst"))


def yaml_of_guide(stem: str) -> list[Example]:
    """Return those of them that are YAML."""
    return [example for example in of_guide(stem) if example.language == "yaml"]


def of_pages() -> list[Example]:
    """Return the code blocks of all pages."""
    return [
        each
        for pattern in PAGES
        for page in sorted(CHECKOUT.glob(pattern))
        for each in of_page(page)
    ]


def of_plugins() -> list[Example]:
    """Return the examples in the documentation of modules, plugins and fragments."""
    return [
        each
        for pattern in PLUGINS
        for file in sorted(CHECKOUT.glob(pattern))
        for each in _of_plugin(file)
    ]


def _of_plugin(file: Path) -> Iterator[Example]:
    name = str(file.relative_to(CHECKOUT))
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and "EXAMPLES" in map(ast.unparse, node.targets):
            yield Example(name, node.lineno, "yaml", ast.literal_eval(node.value))


def of_roles() -> list[Example]:
    """Return the examples in the argument specs of roles."""
    return [
        Example(str(file.relative_to(CHECKOUT)), 1, "yaml", entry["examples"])
        for file in sorted(CHECKOUT.glob("roles/*/meta/argument_specs.yml"))
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["argument_specs"].values()
        if "examples" in entry
    ]


def all_examples() -> list[Example]:
    """Return all examples in YAML."""
    every = [*of_pages(), *of_plugins(), *of_roles()]
    return [example for example in every if example.language in ("yaml", "yml")]
