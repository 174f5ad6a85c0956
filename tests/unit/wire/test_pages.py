# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a list that changes between its pages."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils.wire.pages import (
    OVERLAP,
    items_of,
    newest_first,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

# Between two requests: so many rows are added, and the rows at these places are deleted.
Step = tuple[int, list[int]]
DELETED = st.lists(st.integers(0, 60), max_size=12) | st.integers(0, 40).map(
    lambda count: list(range(count))
)
STEPS = st.lists(st.tuples(st.integers(0, 12), DELETED))


class Table:
    """A list as build/list gives it, which changes after each request."""

    def __init__(self, size: int, steps: list[Step]) -> None:
        self.rows = list(range(size, 0, -1))
        self.steps = list(steps)
        self.deleted: set[int] = set()
        self.added: set[int] = set()
        self.requests = 0

    def get(self, _path: str, query: dict[str, Any], **_options: Any) -> dict[str, Any]:
        self.requests += 1
        assert self.requests < 1000, "the pages never end"
        start = query["offset"]
        page = self.rows[start : start + query["limit"]]
        if self.steps:
            self._change(*self.steps.pop(0))
        return {"items": [{"id": number} for number in page]}

    def _change(self, added: int, places: list[int]) -> None:
        for place in sorted(set(places), reverse=True):
            if place < len(self.rows):
                self.deleted.add(self.rows.pop(place))
        highest = max([*self.rows, *self.deleted, *self.added], default=0)
        fresh = range(highest + added, highest, -1)
        self.added |= set(fresh)
        self.rows[:0] = fresh


def read(table: Table, page: int) -> list[int]:
    rows = newest_first(table, "list", {}, page=page)  # type: ignore[arg-type]
    return [row["id"] for row in rows]


@settings(max_examples=300)
@given(size=st.integers(0, 60), page=st.integers(OVERLAP + 1, 25), steps=STEPS)
@example(size=30, page=10, steps=[(0, list(range(10)))])
@example(size=60, page=10, steps=[(0, []), (0, list(range(15)))])
@example(size=30, page=10, steps=[(12, [])])
def test_every_row_that_stays_is_yielded_exactly_once(
    size: int, page: int, steps: list[Step]
) -> None:
    table = Table(size, steps)
    seen = read(table, page)
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen, reverse=True)
    stayed = set(range(1, size + 1)) - table.deleted
    assert stayed <= set(seen)
    assert set(seen) <= set(range(1, size + 1)) | table.added


@pytest.mark.parametrize(("size", "requests"), [(0, 1), (9, 1), (10, 2), (15, 3), (16, 3), (20, 4)])
def test_a_list_that_rests_takes_few_requests(size: int, requests: int) -> None:
    table = Table(size, [])
    assert read(table, 10) == list(range(size, 0, -1))
    assert table.requests == requests


def test_who_stops_early_asks_no_further() -> None:
    table = Table(100, [])
    rows = newest_first(table, "list", {}, page=10)  # type: ignore[arg-type]
    assert [next(rows)["id"] for _row in range(10)] == list(range(100, 90, -1))
    assert table.requests == 1


@pytest.mark.parametrize("answer", [{}, {"items": None}, {"items": {}}, {"items": [1]}])
def test_an_answer_that_is_no_list_is_an_error(answer: dict[str, Any]) -> None:
    with pytest.raises(CoprError) as caught:
        items_of(answer, "build/list")
    assert caught.value.kind == "server"
