# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Compares an answer with the one that was recorded: status, kind of body, headers, shape, ids."""

from __future__ import annotations

import json
from typing import Any

import requests

from contract.distil import HEADERS, error_data
from contract.shapes import NAMED, Names, Shaper, ids_in_list, repo_file_shape


class Comparison:
    """One answer against one recorded answer; it collects the differences."""

    def __init__(
        self, answer: requests.Response, path: str, names: Names, sent: frozenset[str]
    ) -> None:
        self.answer = answer
        self.path = path
        self.names = names
        self.sent = sent
        self.bound: dict[str, int] = {}
        """Ids that are seen for the first time, under the names they have in the recording."""

    def differences(self, expected: dict[str, Any]) -> list[str]:
        """Say how the answer differs from what is expected."""
        given = {
            "status": self.answer.status_code,
            "type": self.answer.headers.get("Content-Type", "").partition(";")[0],
            "headers": [name for name in HEADERS if name in self.answer.headers],
        }
        wanted = {"headers": [], **expected}
        found = [
            f"{key}: expected {wanted[key]}, got {given[key]}"
            for key in given
            if wanted[key] != given[key]
        ]
        if found:
            return [*found, f"the body: {self.answer.text[:300]!r}"]
        shaper = Shaper(self.path, self.names.find, self.sent)
        if "error_data" in expected:
            given_data = shaper.shape(error_data(self.answer.headers))
            return self._shapes(expected["error_data"], given_data, "error_data")
        if "body" not in expected:
            return self._unwanted_body()
        if given["type"] == "text/plain":
            return self._shapes(expected["body"], repo_file_shape(self.answer.text), "body")
        body = self.answer.json()
        given_shape = shaper.shape(body)
        return [
            *self._shapes(expected["body"], given_shape, "body"),
            *self._ids_of_items(expected.get("ids", []), body),
        ]

    def remember(self) -> None:
        """Keep the names of the ids that were new."""
        for name, number in self.bound.items():
            self.names.bind(name, number)

    def _unwanted_body(self) -> list[str]:
        """Complain of JSON where none was recorded; other bodies are not looked at."""
        is_json = self.answer.headers.get("Content-Type") == "application/json"
        wanted = not (is_json and self.answer.content)
        return [] if wanted else [f"body: expected none, got {self.answer.text[:300]!r}"]

    def _ids_of_items(self, expected: list[str], body: Any) -> list[str]:
        given = [self.names.find(*found) for found in ids_in_list(body, self.path)]
        if len(expected) != len(given):
            return [f"items: expected {expected}, got {given}"]
        return [
            difference
            for name, found in zip(expected, given)
            for difference in self._ids(name, found, "items")
        ]

    def _ids(self, name: str, given: str, where: str) -> list[str]:
        """Compare ids; one that is seen for the first time is bound to its name."""
        if name == given:
            return []
        kind, unknown, number = given.partition("#")
        is_new = unknown and kind == name.partition(":")[0] and name not in self.names.id_of
        if is_new and self.bound.setdefault(name, int(number)) == int(number):
            return []
        return [f"{where}: expected {name}, got {given}"]

    def _shapes(self, expected: Any, given: Any, where: str) -> list[str]:
        if expected in (given, "any"):
            return []
        if isinstance(expected, dict) and isinstance(given, dict):
            return self._objects(expected, given, where)
        if isinstance(expected, list) and isinstance(given, list):
            return self._lists(expected, given, where)
        if isinstance(given, str) and isinstance(expected, str) and NAMED.fullmatch(expected):
            return self._ids(expected, given, where)
        return [f"{where}: expected {_brief(expected)}, got {_brief(given)}"]

    def _objects(self, expected: dict[str, Any], given: dict[str, Any], where: str) -> list[str]:
        if "<chroot>" in expected:
            fits = given and set(given.values()) <= {"", "text"}
            return [] if fits else [f"{where}: expected texts, got {_brief(given)}"]
        found = [f"{where}.{key}: missing" for key in expected.keys() - given.keys()]
        found += [f"{where}.{key}: not expected" for key in given.keys() - expected.keys()]
        for key in expected.keys() & given.keys():
            found += self._shapes(expected[key], given[key], f"{where}.{key}")
        return sorted(found)

    def _lists(self, expected: list[Any], given: list[Any], where: str) -> list[str]:
        """Compare the sets of shapes of the elements, in both directions."""
        missing = [one for one in expected if all(self._shapes(one, other, "") for other in given)]
        excess = [one for one in given if all(self._shapes(other, one, "") for other in expected)]
        if len(missing) == len(excess) == 1:
            return self._shapes(missing[0], excess[0], f"{where}[]")
        return [
            *(f"{where}[]: expected {_brief(one)} among others" for one in missing),
            *(f"{where}[]: not expected {_brief(one)}" for one in excess),
        ]


def _brief(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 500 else f"{text[:500]}..."
