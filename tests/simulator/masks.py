# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The request header X-Fields: ``a,b{c}`` leaves only these fields in the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .errors import BadMask

Mask = dict[str, "Mask | None"]


def apply_mask(header: str | None, answer: Any) -> Any:
    """Cut an answer down to what a mask names; unknown names are dropped."""
    if not header:
        return answer
    tokens = re.findall(r"[{},]|[^{},\s]+", header)
    if tokens and tokens[0] == "{":
        if tokens[-1] != "}":
            raise BadMask("a bracket is not closed")
        tokens = tokens[1:-1]
    remaining = iter(tokens)
    return _cut(_parse(remaining, nested=False), answer)


def _parse(tokens: Iterator[str], *, nested: bool) -> Mask:
    mask: Mask = {}
    name = ""
    for token in tokens:
        if token == "{":
            if not name:
                raise BadMask("a bracket opens without a name before it")
            mask[name] = _parse(tokens, nested=True)
        elif token == "}":
            if not nested:
                raise BadMask("a bracket is closed that was not opened")
            return mask
        elif token != ",":
            name = token
            mask[name] = None
    if nested:
        raise BadMask("a bracket is not closed")
    return mask


def _cut(mask: Mask | None, value: Any) -> Any:
    if mask is None or "*" in mask:
        return value
    if isinstance(value, list):
        return [_cut(mask, item) for item in value]
    if isinstance(value, dict):
        return {name: _cut(inner, value[name]) for name, inner in mask.items() if name in value}
    return value
