# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading long lists in pages while rows come and go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .answers import Shape
from .client import Client

PAGE = 100
OVERLAP = 5
ROW = {"id": int}


def list_of(row: Shape) -> Shape:
    """Return the shape of a list answer whose rows have a shape."""
    return {"items": [row]}


def rows_of(
    client: Client,
    path: str,
    query: dict[str, Any],
    *,
    row: Shape | None = None,
    page: int = PAGE,
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a list in the server's order, each once, a page in memory at a time.

    C(row) is the shape of each.

    A list can change while it is read: rows that are added push known ones into the next page,
    rows that are deleted pull unknown ones out of it. Therefore pages overlap by a few rows; known
    rows are dropped, and if the overlap is gone, the next page starts earlier. Only the ids are
    kept.
    """
    offset = 0
    seen: set[int] = set()
    while True:
        place = {**query, "limit": page, "offset": offset}
        rows = client.get(path, place, shape=list_of(row or ROW))["items"]
        if offset > 0 and (not rows or rows[0]["id"] not in seen):
            offset = max(0, offset - page)
            continue
        for each in rows:
            if each["id"] not in seen:
                seen.add(each["id"])
                yield each
        if len(rows) < page:
            return
        offset += page - OVERLAP
