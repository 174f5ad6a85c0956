# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Null and omitted, at every depth."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.fedora.copr.plugins.module_utils._copr.given import (
    given_options,
    misspelled,
    without_nulls,
)

SPEC: dict[str, dict[str, Any]] = {
    "one": {"type": "str", "aliases": ["uno"]},
    "two": {"type": "int", "choices": [1, 2]},
    "left": {"type": "str"},
    "object": {
        "type": "dict",
        "options": {
            "kind": {"type": "str", "choices": ["git", "svn"], "aliases": ["type"]},
            "path": {"type": "str"},
            "other": {"type": "str"},
        },
    },
    "objects": {
        "type": "list",
        "elements": "dict",
        "options": {"name": {"type": "str"}, "size": {"type": "int", "choices": [1, 2]}},
    },
}


def given(raw: dict[str, Any]) -> dict[str, Any]:
    validated = ArgumentSpecValidator(SPEC).validate(without_nulls(SPEC, raw))
    assert not validated.error_messages
    return given_options(SPEC, raw, validated.validated_parameters)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, {}),
        ({"uno": None, "two": "1"}, {"one": None, "two": 1}),
        ({"two": None}, {"two": None}),
        ({"object": None, "objects": None}, {"object": None, "objects": None}),
        ({"object": {"type": None, "path": "x"}}, {"object": {"kind": None, "path": "x"}}),
        ({"object": {}}, {"object": {}}),
        ({"object": "kind=git path=x"}, {"object": {"kind": "git", "path": "x"}}),
        (
            {"objects": [{"name": "a", "size": None}, {"size": "2"}]},
            {"objects": [{"name": "a", "size": None}, {"size": 2}]},
        ),
        ({"objects": []}, {"objects": []}),
    ],
)
def test_what_is_given(raw: dict[str, Any], expected: dict[str, Any]) -> None:
    assert given(raw) == expected


NESTED: dict[str, dict[str, Any]] = {
    "projects": {
        "type": "list",
        "elements": "dict",
        "options": {
            "packages": {
                "type": "list",
                "elements": "dict",
                "options": {"scm": {"type": "dict", "options": {"url": {"type": "str"}}}},
            }
        },
    },
    "source": {"type": "dict", "options": {"url": {"type": "str"}}},
}


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"projects": [{}, {"packages": [{"scm": {"url": "x"}}]}], "source": {"url": "x"}}, None),
        (
            {"projects": [{}, {}, {}, {"packages": [{"smc": {}}]}]},
            "projects[3].packages[0].smc: there is no such key; did you mean scm?",
        ),
        (
            {"projects": [{"packages": [{}, {"scm": {"uri": "x"}}]}]},
            "projects[0].packages[1].scm.uri: there is no such key; did you mean url?",
        ),
        ({"source": {"x": 1}}, "source.x: there is no such key; use one of url."),
        ({"projects": "text", "source": "text", "other": 1}, None),
        ({"sorce": {"url": "x"}}, "sorce: there is no such option; did you mean source?"),
        ({"_ansible_source": {}}, None),
        ({"projects": ["text", {"colour": 1}]}, "projects[1].colour: there is no such key"),
    ],
)
def test_an_unknown_suboption_is_told_with_its_place(
    raw: dict[str, Any], message: str | None
) -> None:
    found = misspelled(NESTED, raw)
    assert (found or "").startswith(message or "")
    assert (found is None) is (message is None)
