# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the event source, read from a rulebook and the environment.

ansible-rulebook does not check the options of a source, and it may run in a Python without
ansible-core, so that Ansible's own validation can't be used.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Callable

from ..nouns.build import FINAL, STATES
from ..wire.errors import CoprError
from ..wire.near import unknown_keys, with_nearest
from ..wire.settings import from_environment

DEFAULT_INTERVAL = 30.0
SHORTEST_INTERVAL, LONGEST_INTERVAL = 1.0, 24 * 3600.0
ALL_STATES = frozenset(STATES) | FINAL
# What ansible-rulebook adds to the options of the rulebook.
ADDED = frozenset({"eda_feedback_queue"})
_FLAGS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}


@dataclass(frozen=True)
class Options:
    """The options of a rulebook for the builds to watch.

    Attributes:
        project, owner: whose builds; exactly one of them is set.
        packages: names or patterns of packages; empty means all.
        states: the states to report; None means all, even unknown ones.
        interval: seconds between two polls.
        state_file: where to keep what was reported, if anywhere.
        connection: the connection options, as C(settings_from) takes them.
    """

    project: str | None
    owner: str | None
    packages: tuple[str, ...]
    states: frozenset[str] | None
    interval: float
    state_file: str | None
    connection: Mapping[str, Any] = field(repr=False)


def read_options(args: Mapping[str, Any]) -> Options:
    """Return the options of a rulebook; one that is null counts as not given.

    Raises CoprError (configuration) for options that are unknown, missing or can't be used. No
    message quotes the value of a connection option.
    """
    given = {key: each for key, each in args.items() if each is not None and key not in ADDED}
    unknown = unknown_keys(given, [*_READERS, *_CONNECTION])
    if unknown:
        raise _wrong(f"There is no option {unknown}.")
    values = {name: read(name, given.get(name)) for name, read in _READERS.items()}
    project, owner = values["project"], values["owner"]
    if bool(project) == bool(owner):
        raise _wrong("Set either project or owner.")
    interval = DEFAULT_INTERVAL if values["interval"] is None else values["interval"]
    if not SHORTEST_INTERVAL <= interval <= LONGEST_INTERVAL:
        raise _wrong(
            f"interval must be {SHORTEST_INTERVAL:g} to {LONGEST_INTERVAL:g} seconds, "
            f"not {interval:g}."
        )
    return Options(
        project,
        owner,
        values["packages"],
        _states(values["states"], values["final_only"]),
        interval,
        values["state_file"],
        _connection(given),
    )


def _connection(given: Mapping[str, Any]) -> dict[str, Any]:
    options = {}
    for name, read in _CONNECTION.items():
        value = given.get(name)
        options[name] = read(name, from_environment(name) if value is None else value)
    return options


def _states(states: tuple[str, ...], final_only: bool | None) -> frozenset[str] | None:
    if states and final_only:
        raise _wrong("Set either states or final_only.")
    unknown = [with_nearest(state, ALL_STATES) for state in states if state not in ALL_STATES]
    if unknown:
        raise _wrong(f"states: no build can be in the state {', '.join(unknown)}.")
    if final_only:
        return FINAL
    return frozenset(states) or None


def _text(name: str, value: Any) -> str | None:
    if isinstance(value, (dict, list, bool)):
        raise _wrong(f"{name} must be text.")
    return None if value is None else str(value)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    """Return a list of texts; one text is a list of one."""
    entries = value if isinstance(value, list) else [value]
    texts = [_text(name, entry) for entry in entries if entry is not None]
    if value is not None and not all(texts or [None]):
        raise _wrong(f"{name} must have at least one entry and no empty ones.")
    return tuple(text for text in texts if text)


def _flag(name: str, value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    flag = _FLAGS.get(str(value).strip().lower())
    if flag is None:
        raise _wrong(f"{name} must be true or false.")
    return flag


def _number(name: str, value: Any) -> float | None:
    if value is None:
        return None
    try:
        number = float("nan" if isinstance(value, bool) else value)
    except (TypeError, ValueError):
        number = float("nan")
    if math.isnan(number):
        raise _wrong(f"{name} must be a number.")
    return number


def _whole_number(name: str, value: Any) -> int | None:
    number = _number(name, value)
    if number is None:
        return None
    if not number.is_integer():
        raise _wrong(f"{name} must be a whole number.")
    return int(number)


def _wrong(message: str) -> CoprError:
    return CoprError("configuration", message)


Reader = Callable[[str, Any], Any]
_READERS: dict[str, Reader] = {
    "project": _text,
    "owner": _text,
    "packages": _texts,
    "states": _texts,
    "final_only": _flag,
    "interval": _number,
    "state_file": _text,
}
_CONNECTION: dict[str, Reader] = {
    "copr_url": _text,
    "copr_login": _text,
    "copr_token": _text,
    "copr_username": _text,
    "config_file": _text,
    "config_content": _text,
    "gssapi": _flag,
    "validate_certs": _flag,
    "ca_path": _text,
    "request_timeout": _number,
    "retries": _whole_number,
}
