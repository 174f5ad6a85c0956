# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""limit, offset, order and order_type of the lists; bad values are 500, not 400."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import flask

from .errors import Crash, ServerError

Row = TypeVar("Row")
Column = Callable[[Row], Any]

LARGEST = 2**63 - 1
NO_PAGES = {"limit": None, "offset": None, "order": None, "order_type": None}


@dataclass(frozen=True)
class Paging:
    """What a client asked of a list."""

    limit: int | None
    offset: int
    order: str
    order_type: str

    def cut(self, rows: Iterable[Row]) -> list[Row]:
        """Cut the page out of rows that are in order already."""
        end = None if self.limit is None else self.offset + self.limit
        return list(rows)[self.offset : end]

    def sort(self, rows: Iterable[Row], columns: Mapping[str, Column[Row]]) -> list[Row]:
        """Rows by the column asked for."""
        backwards = self.order_type == "DESC" or (not self.order_type and self.order == "id")
        return sorted(rows, key=columns[self.order], reverse=backwards)

    def answer(self, items: list[Any]) -> dict[str, Any]:
        """Make a list as the API answers it; there is no total."""
        return {"items": items, "meta": dict(vars(self))}


def asked_paging(
    table: str,
    columns: Mapping[str, Column[Any]],
    computed: tuple[str, ...] = (),
    synonyms: Mapping[str, str] | None = None,
) -> Paging:
    """Read the four arguments.

    ``computed`` are names known to the table but no columns, ``synonyms`` those that old clients
    send for others.
    """
    errors: dict[str, list[str]] = {}
    limit = _integer("limit", errors)
    offset = _integer("offset", errors)
    order = flask.request.args.get("order") or "id"
    order = (synonyms or {}).get(order, order)
    order_type = flask.request.args.get("order_type", "ASC")
    if order_type not in ("ASC", "DESC", ""):
        errors["order_type"] = ["Neither ASC nor DESC."]
    if errors:
        raise ServerError(str(errors))
    if order in computed:
        raise ServerError(f"Lists cannot be ordered by {order}")
    if order not in columns:
        raise ServerError(f"Lists cannot be ordered by {order}, {table} has no such column")
    if not 0 <= (limit or 0) <= LARGEST or not 0 <= (offset or 0) <= LARGEST:
        raise Crash
    return Paging(limit or None, offset or 0, order, order_type or _guessed_type(order))


def _guessed_type(order: str) -> str:
    return "ASC" if order == "name" else "DESC"


def _integer(name: str, errors: dict[str, list[str]]) -> int | None:
    text = flask.request.args.get(name, "").strip()
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        errors[name] = ["No integer."]
        return None
