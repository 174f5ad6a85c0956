# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Types as the shapes of answers."""

from __future__ import annotations

from typing import Any, TypedDict

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.answers import fits
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.shapes import (
    TextOrNull,
    TimeOrNull,
    shape_of,
)


class Part(TypedDict):
    name: TextOrNull


class Known(TypedDict, total=False):
    extra: str


class Whole(Known):
    id: int
    words: list[str]
    parts: dict[str, Part]
    took: TimeOrNull
    any: Any


GOOD = {"id": 1, "words": ["a"], "parts": {"x": {"name": None}}, "took": 1, "any": []}


def test_what_fits() -> None:
    assert fits(GOOD, shape_of(Whole))
    assert fits({**GOOD, "more": 1, "took": None}, shape_of(Whole))


@pytest.mark.parametrize("name", GOOD)
def test_what_lacks_a_required_key_does_not_fit(name: str) -> None:
    assert not fits({key: value for key, value in GOOD.items() if key != name}, shape_of(Whole))


@pytest.mark.parametrize(
    "change", [{"id": "1"}, {"words": "a"}, {"words": [1]}, {"parts": {"x": {}}}, {"took": "1"}]
)
def test_what_has_another_type_does_not_fit(change: dict[str, Any]) -> None:
    assert not fits({**GOOD, **change}, shape_of(Whole))


def test_a_type_that_no_json_has_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        shape_of(set)
