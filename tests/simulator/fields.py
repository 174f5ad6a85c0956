# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the fields of a body by a table: one Field a line, one function a kind of value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .errors import BadRequest, Crash, RefusedWrite

LARGEST_INTEGER = 2**31 - 1


class Keep(Exception):
    """A value that counts as if the field had been left out."""


class Invalid(Exception):
    """A value that is refused, with one message or more."""

    def __init__(self, *messages: str) -> None:
        super().__init__(*messages)
        self.messages = list(messages)


class Unstorable(Exception):
    """A value that passes all checks and is then refused by the database."""


Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Field:
    """One field of a body: how it is read, other names of it, the name its errors are told by."""

    name: str
    read: Reader
    aliases: tuple[str, ...] = ()
    told_as: str = ""
    required: str | None = None
    """The message if the field is missing, empty or blank."""
    keeps_lists: bool = False
    """Lists reach the reader as they are; elsewhere they are joined by blanks."""


@dataclass
class Form:
    """The outcome of reading a body: values of the fields that were given, and errors."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    unstorable: bool = False

    def refuse(self, name: str, *messages: str) -> None:
        """Add messages to a field."""
        self.errors.setdefault(name, []).extend(messages)

    def check_by_lines(self) -> None:
        """400 with one ``field: message`` a line, as projects, packages and chroots have it."""
        lines = [f"{name}: {text}" for name, texts in self.errors.items() for text in texts]
        if lines:
            raise BadRequest("\n".join(lines))

    def check_as_python(self) -> None:
        """400 with a Python dictionary as text, as builds have it."""
        if self.errors:
            raise BadRequest(f"Bad request parameters: {self.errors}")

    def check_storable(self) -> None:
        """500 with an HTML page for values only the database refuses."""
        if self.unstorable:
            raise RefusedWrite

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Read the value of a field, or the default if it was not given."""
        return self.values.get(name, default)


def read_form(table: Iterable[Field], body: Mapping[str, Any]) -> Form:
    """Read a body by a table of fields; unknown fields are ignored."""
    form = Form()
    for spec in table:
        _read_field(form, spec, body)
    return form


def _read_field(form: Form, spec: Field, body: Mapping[str, Any]) -> None:
    given = [name for name in body if name == spec.name or name in spec.aliases]
    raw = body[given[0]] if given else None
    if isinstance(raw, list) and not spec.keeps_lists:
        raw = " ".join(map(str, raw))
    told_as = spec.told_as or spec.name
    blank = isinstance(raw, str) and not raw.strip()
    if spec.required is not None and (blank or raw in (None, [])):
        form.refuse(told_as, spec.required)
        return
    if not given:
        return
    try:
        form.values[spec.name] = spec.read(raw)
    except Keep:
        return
    except Unstorable:
        form.unstorable = True
    except Invalid as error:
        form.refuse(told_as, *error.messages)


def boolean(raw: Any) -> bool:
    """Read a boolean: False, "false", "" and 0 are false; all else, even "False", is true."""
    return raw not in (False, "false", "", 0)


def text(raw: Any) -> str:
    """Any text; numbers become text, objects and NUL characters are refused by the database."""
    if isinstance(raw, dict) or "\0" in str(raw):
        raise Unstorable
    return str(raw)


def stripped(raw: Any) -> str:
    """Text without outer blanks."""
    return text(raw).strip()


def integer(
    least: int, most: int | None = None, *, empty: Callable[[], Any] = lambda: None
) -> Reader:
    """Read a whole number within bounds; ``empty`` says what an empty text means."""
    bounds = f"between {least} and {most}" if most is not None else f"{least} or more"

    def read(raw: Any) -> Any:
        if isinstance(raw, str) and not raw.strip():
            return empty()
        out_of_bounds = f"The number must be {bounds}."
        try:
            number = int(raw)
        except (TypeError, ValueError):
            raise Invalid("This is no whole number.", out_of_bounds) from None
        if number < least or (most is not None and number > most):
            raise Invalid(out_of_bounds)
        if number > LARGEST_INTEGER:
            raise Unstorable
        return number

    return read


def keep() -> Any:
    """For values that leave the field alone."""
    raise Keep


def choice(*values: str, empty: Callable[[], Any] = lambda: "") -> Reader:
    """One word out of several; an empty one is stored as it is unless told otherwise."""

    def read(raw: Any) -> Any:
        word = str(raw)
        if not word:
            return empty()
        if word not in values:
            raise Invalid("This is none of the possible values.")
        return word

    return read


def up_to(most: int) -> Reader:
    """Text of limited length."""

    def read(raw: Any) -> str:
        value = stripped(raw)
        if len(value) > most:
            raise Invalid(f"The text is longer than {most} characters.")
        return value

    return read


def names_out_of(raw: Any, possible: Sequence[str]) -> list[str]:
    """Read a list of names that must all be possible; one bare text is one name."""
    if isinstance(raw, dict):
        raise Crash
    names = [str(name) for name in (raw if isinstance(raw, list) else [raw])]
    check_names([name for name in names if name not in possible])
    return names


def check_names(unknown: list[str]) -> None:
    """Refuse names that are not possible, all in one message."""
    if len(unknown) == 1:
        raise Invalid(f"'{unknown[0]}' is none of the possible values.")
    if unknown:
        quoted = ", ".join(f"'{name}'" for name in unknown)
        raise Invalid(f"{quoted} are none of the possible values.")
