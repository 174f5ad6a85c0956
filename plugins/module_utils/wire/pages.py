# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading long lists in pages while rows come and go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .client import Client
from .errors import CoprError

PAGE = 100
OVERLAP = 5


def items_of(answer: Any, path: str) -> list[dict[str, Any]]:
    """Return the rows of a list answer, or raise CoprError (server) if it has another form."""
    rows = answer.get("items")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise CoprError("server", f"The server's answer to {path} is not a list.", path=path)
    return rows


def rows_of(
    client: Client,
    path: str,
    query: dict[str, Any],
    *,
    page: int = PAGE,
    retries: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a list in the server's order, each once, a page in memory at a time.

    Nothing holds a list still while it is read: rows that are added push known ones into the
    next page, rows that are deleted pull unknown ones out of it. Pages therefore overlap by a
    few rows; what was seen is dropped, and where the overlap is gone the next page starts
    earlier. Only the ids are kept.
    """
    offset = 0
    seen: set[int] = set()
    while True:
        answer = client.get(path, {**query, "limit": page, "offset": offset}, retries=retries)
        rows = items_of(answer, path)
        if offset > 0 and (not rows or rows[0]["id"] not in seen):
            offset = max(0, offset - page)
            continue
        for row in rows:
            if row["id"] not in seen:
                seen.add(row["id"])
                yield row
        if len(rows) < page:
            return
        offset += page - OVERLAP
