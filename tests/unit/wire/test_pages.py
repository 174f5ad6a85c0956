# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading a list in pages while rows come and go."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, cast

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.pages import (
    OVERLAP,
    PAGE,
    rows_of,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import Settings
from hypothesis import given
from hypothesis import strategies as st

from unit.rawserver import http, raw_server

Ids = list[int]
Change = Callable[[Ids], None]


class Listing:
    """A list of ids, newest first, that changes after the pages that C(changes) name."""

    def __init__(self, ids: Ids, changes: Mapping[int, Change] | None = None) -> None:
        self.ids = ids
        self.changes = dict(changes or {})
        self.requests = 0

    def get(self, _path: str, query: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Answer a page, as Client.get does."""
        begin = query["offset"]
        rows = self.ids[begin : begin + query["limit"]]
        self.requests += 1
        change = self.changes.pop(self.requests, None)
        if change:
            change(self.ids)
        return {"items": [{"id": number} for number in rows], "meta": {}}

    def read(self) -> Ids:
        """Read it to its end."""
        return [row["id"] for row in rows_of(cast(Client, self), "list", {})]


def newest_first(count: int) -> Ids:
    return list(range(count, 0, -1))


def add(count: int) -> Change:
    def change(ids: Ids) -> None:
        ids[:0] = range(max(ids, default=0) + count, max(ids, default=0), -1)

    return change


def remove(*numbers: int) -> Change:
    def change(ids: Ids) -> None:
        ids[:] = [number for number in ids if number not in numbers]

    return change


@pytest.mark.parametrize("count", [0, 1, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE, 1000])
def test_every_row_is_read_once_and_in_order(count: int) -> None:
    assert Listing(newest_first(count)).read() == newest_first(count)


def test_a_short_list_takes_one_request() -> None:
    listing = Listing(newest_first(PAGE - 1))
    listing.read()
    assert listing.requests == 1


def test_a_thousand_rows_take_eleven_requests() -> None:
    listing = Listing(newest_first(1000))
    listing.read()
    assert listing.requests == 11


def test_pages_are_read_only_as_they_are_needed() -> None:
    listing = Listing(newest_first(1000))
    list(islice(rows_of(cast(Client, listing), "list", {}), PAGE))
    assert listing.requests == 1


@pytest.mark.parametrize("count", [1, OVERLAP, PAGE - OVERLAP, PAGE, 5 * PAGE])
def test_rows_added_meanwhile_hide_and_repeat_nothing(count: int) -> None:
    seen = Listing(newest_first(300), {1: add(count)}).read()
    assert [number for number in seen if number <= 300] == newest_first(300)


@pytest.mark.parametrize("count", [1, OVERLAP, OVERLAP + 1, PAGE - 1])
def test_rows_deleted_meanwhile_hide_no_others(count: int) -> None:
    listing = Listing(newest_first(300), {1: remove(*range(300, 300 - count, -1))})
    assert listing.read() == newest_first(300)


def test_a_list_that_was_emptied_meanwhile_comes_to_its_end() -> None:
    listing = Listing(newest_first(300), {1: remove(*range(1, 301))})
    assert listing.read() == newest_first(300)[:PAGE]


changes = st.one_of(
    st.integers(1, 2 * PAGE).map(add),
    st.lists(st.integers(1, 300), max_size=250).map(lambda numbers: remove(*numbers)),
)


@given(st.dictionaries(st.integers(1, 5), changes, max_size=3))
def test_what_stays_is_read_once_whatever_comes_and_goes(changes: dict[int, Change]) -> None:
    listing = Listing(newest_first(300), changes)
    seen = listing.read()
    assert len(seen) == len(set(seen))
    assert set(listing.ids) & set(newest_first(300)) <= set(seen)


@pytest.mark.parametrize("answer", [{}, {"items": None}, {"items": [1]}, {"items": "text"}])
def test_an_answer_that_is_no_list_is_named(answer: dict[str, Any]) -> None:
    with raw_server(http(json.dumps(answer).encode())) as server:
        client = Client(Settings(url=server.url, retries=0))
        with pytest.raises(CoprError) as caught:
            list(rows_of(client, "build/list", {}))
    assert caught.value.kind == "server"
    assert "build/list" in caught.value.message
