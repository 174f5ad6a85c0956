# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Null and omitted, at every depth."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.fedora.copr.plugins.module_utils.given import (
    given_options,
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
