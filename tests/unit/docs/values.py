# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks literal values of an example against an argument spec; templates count as fitting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.fedora.copr.plugins.module_utils._copr.given import without_nulls

Spec = Mapping[str, Mapping[str, Any]]
SAMPLES: Mapping[str, Any] = {"int": 1, "float": 1.0, "bool": True, "list": [], "dict": {}}


def is_template(value: Any) -> bool:
    """Return whether a value is known only when the playbook runs."""
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def mistakes(
    spec: Spec, given: Mapping[str, Any], checks: Mapping[str, Any] | None = None
) -> Iterator[str]:
    """Yield what Ansible's own validation says of options."""
    literal = _fitting(spec, without_nulls(spec, given))
    yield from ArgumentSpecValidator(spec, **(checks or {})).validate(literal).error_messages


def optional(spec: Spec) -> dict[str, dict[str, Any]]:
    """Return a spec in which nothing is required, for defaults and variables."""
    return {name: {**option, "required": False} for name, option in spec.items()}


def _fitting(spec: Spec, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with values that fit in place of templates."""
    fitting = {}
    for name, value in given.items():
        option = spec.get(name, {})
        if is_template(value):
            fitting[name] = _sample(option)
        elif option.get("options") and isinstance(value, Mapping):
            fitting[name] = _fitting(option["options"], value)
        elif isinstance(value, list):
            fitting[name] = [_element(option, each) for each in value if not is_template(each)]
        else:
            fitting[name] = value
    return fitting


def _element(option: Mapping[str, Any], value: Any) -> Any:
    if option.get("options") and isinstance(value, Mapping):
        return _fitting(option["options"], value)
    return value


def _sample(option: Mapping[str, Any]) -> Any:
    """Return a value that fits an option."""
    if option.get("choices"):
        sample = option["choices"][0]
        return [sample] if option.get("type") == "list" else sample
    suboptions = option.get("options")
    if option.get("type") == "dict" and suboptions:
        return {name: _sample(each) for name, each in suboptions.items() if each.get("required")}
    return SAMPLES.get(option.get("type", "str"), "text")
