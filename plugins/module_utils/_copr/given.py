# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which options a task gives, at every depth: null and omitted differ.

Ansible's validation rejects null for an option with choices, and afterwards shows both null and
omitted as None. So nulls are removed before, and put back afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .wire.near import nearest

Spec = Mapping[str, Mapping[str, Any]]


def misspelled(spec: Spec, raw: Mapping[str, Any]) -> str | None:
    """Return a message about the first option or suboption that does not exist, or None.

    An option without a similar one is left to Ansible's own message, which lists all options.
    Ansible itself reports first what a misspelled option makes missing.
    """
    names = _own_names(spec)
    for key in map(str, raw):
        # ansible-core adds some of its own.
        if key not in names and not key.startswith("_ansible_"):
            near = nearest(key, names)
            if near:
                return f"{key}: there is no such option; did you mean {' or '.join(near)}?"
    return unknown_suboption(spec, raw)


def unknown_suboption(spec: Spec, raw: Mapping[str, Any]) -> str | None:
    """Return a message about the first suboption that does not exist, or None.

    It names the place in a list and a similar suboption, which Ansible's own message does not.
    """
    for name, option in spec.items():
        suboptions, value = option.get("options"), raw.get(name)
        if not suboptions:
            continue
        places = [(name, value)]
        if isinstance(value, list):
            places = [(f"{name}[{number}]", each) for number, each in enumerate(value)]
        for place, each in places:
            if isinstance(each, Mapping):
                wrong = _unknown(suboptions, each) or unknown_suboption(suboptions, each)
                if wrong:
                    return f"{place}.{wrong}"
    return None


def _unknown(spec: Spec, given: Mapping[str, Any]) -> str | None:
    names = _own_names(spec)
    for key in given:
        if key not in names:
            near = nearest(str(key), names)
            if near:
                return f"{key}: there is no such key; did you mean {' or '.join(near)}?"
            return f"{key}: there is no such key; use one of {', '.join(sorted(names))}."
    return None


def without_nulls(spec: Spec, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments to validate: those of C(raw) without the options that are null.

    C(spec) is the argument spec; arguments that it does not have stay as they are.
    """
    names = _own_names(spec)
    kept: dict[str, Any] = {}
    for key, value in raw.items():
        option = spec[names[key]] if key in names else {}
        suboptions = option.get("options")
        if value is None:
            continue
        if suboptions and isinstance(value, Mapping):
            kept[key] = without_nulls(suboptions, value)
        elif suboptions and isinstance(value, list):
            kept[key] = [
                without_nulls(suboptions, each) if isinstance(each, Mapping) else each
                for each in value
            ]
        else:
            kept[key] = value
    return kept


def given_options(spec: Spec, raw: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the validated values of the options that a task gives; None is null.

    Options have their own names, even if the task uses an alias. Suboptions that the task leaves
    out are missing, also in lists of objects.
    """
    names = _own_names(spec)
    given = {}
    for key, value in raw.items():
        if key in names:
            name = names[key]
            suboptions = spec[name].get("options")
            given[name] = (
                _given(suboptions, value, params.get(name)) if suboptions else params.get(name)
            )
    return given


def _given(suboptions: Spec, raw: Any, value: Any) -> Any:
    """Return a validated object, or list of objects, with only the suboptions that are given."""
    if isinstance(value, Mapping):
        if isinstance(raw, Mapping):
            return given_options(suboptions, raw, value)
        # It was given as text, which does not show what was left out.
        return {key: each for key, each in value.items() if each is not None}
    if isinstance(value, list):
        parts = raw if isinstance(raw, list) and len(raw) == len(value) else [None] * len(value)
        return [_given(suboptions, *pair) for pair in zip(parts, value)]
    return value


def _own_names(spec: Spec) -> dict[str, str]:
    names = {name: name for name in spec}
    for name, option in spec.items():
        names.update(dict.fromkeys(option.get("aliases") or [], name))
    return names
