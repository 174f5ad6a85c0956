# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shape that an answer must have, from the type that describes it.

A noun describes the responses of Copr as TypedDicts: type checkers verify the code against them,
and C(shape_of) the responses.
"""

from __future__ import annotations

from typing import Any, Optional, Union, get_args, get_origin, get_type_hints

from .answers import Shape

# Python 3.9 can't read "str | None" in the annotations of a type.
TextOrNull = Optional[str]
TimeOrNull = Optional[float]
ObjectOrNull = Optional[dict]  # type: ignore[type-arg]


def shape_of(kind: Any) -> Shape:
    """Return the shape (answers.fits) of a type, such as a TypedDict, list[str] or Optional[int].

    The required keys of a TypedDict must be present. C(Any) matches anything. Raises TypeError for
    a type that JSON can't have.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any:
        return object
    if kind is None or kind in (str, int, bool, dict, type(None)):
        return type(None) if kind is None else kind
    if kind is float:
        return (int, float)
    if origin is list:
        return [shape_of(arguments[0])]
    if origin is dict:
        return {str: shape_of(arguments[1])}
    if origin is Union:
        return tuple(shape_of(each) for each in arguments)
    if hasattr(kind, "__required_keys__"):
        hints = get_type_hints(kind)
        return {name: shape_of(hints[name]) for name in sorted(kind.__required_keys__)}
    raise TypeError(f"{kind!r} does not describe JSON.")
