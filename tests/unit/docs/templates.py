# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds calls of the collection's lookups and filters in templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Callable

from jinja2 import Environment, TemplateSyntaxError, nodes

from unit.docs.values import is_template

PREFIX = "fedora.copr."
LOOKUPS = {"lookup", "query", "q"}
Call = tuple[str, str, dict[str, Any]]


def calls(value: Any, problem: Callable[[str], None]) -> Iterator[Call]:
    """Yield kind, name and options of each call in the texts of a value, at every depth.

    Options that are not literal are templates. A text that can't be parsed is a problem.
    """
    for text in _texts(value):
        # Conditions are expressions without braces.
        template = text if is_template(text) else "{{ " + text + " }}"
        if not is_template(text) and PREFIX not in text:
            continue
        try:
            tree = Environment(autoescape=True).parse(template)
        except TemplateSyntaxError as error:
            if is_template(text):
                problem(f"{text!r} is no template: {error}")
            continue
        yield from _lookups(tree)
        yield from _filters(tree)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _lookups(tree: nodes.Template) -> Iterator[Call]:
    for call in tree.find_all(nodes.Call):
        function = call.node
        if isinstance(function, nodes.Name) and function.name in LOOKUPS and call.args:
            name = call.args[0]
            if isinstance(name, nodes.Const) and str(name.value).startswith(PREFIX):
                yield "lookup", name.value.removeprefix(PREFIX), _options(call.kwargs)


def _filters(tree: nodes.Template) -> Iterator[Call]:
    for each in tree.find_all(nodes.Filter):
        if each.name.startswith(PREFIX):
            yield "filter", each.name.removeprefix(PREFIX), _options(each.kwargs)


def _options(keywords: Iterable[Any]) -> dict[str, Any]:
    return {
        each.key: each.value.value if isinstance(each.value, nodes.Const) else "{{ it }}"
        for each in keywords
        if each.key != "wantlist"
    }
