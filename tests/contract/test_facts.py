# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The facts hold what they are to hold, and nothing that a server has written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract.distil import FACTS, distil, read_facts, sent_texts, write_facts
from contract.shapes import CHOICES, CHROOT, NAMED, REPO_SETTINGS

TYPES = {"", "any", "any text", "float", "int", "text", "url"}
RECORDING = [
    {
        "name": "add: answer 1",
        "request": {
            "method": "POST",
            "path": "/api_3/build/create/rubygems",
            "query": {},
            "auth": "alice",
            "content_type": "application/json",
            "body": {"ownername": "alice", "gem_name": "rake"},
            "headers": {"User-Agent": "recorder", "X-Fields": "id"},
        },
        "response": {
            "status": 200,
            "headers": {"Content-Type": "application/json", "Warning": "an old method"},
            "body": {
                "id": 4711,
                "state": "pending",
                "ownername": "alice",
                "submitter": "somebody",
                "chroots": ["fedora-43-x86_64"],
                "source_package": {"name": "rake", "url": "https://copr.example/x"},
                "ended_on": None,
            },
        },
    },
    {
        "name": "add: answer 2",
        "request": {
            "method": "PUT",
            "path": "/api_3/build/cancel/4711",
            "query": {"build_id": "4711"},
            "auth": None,
            "content_type": None,
            "body": None,
        },
        "response": {
            "status": 401,
            "headers": {"Content-Type": "application/json; charset=utf-8"},
            "body": {"error": "A secret message of the server"},
        },
    },
]


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Find all that is neither object nor list, with the key it stands under."""
    if isinstance(value, dict):
        for field, one in value.items():
            yield from leaves(one, field)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, key)
    else:
        yield key, value


@pytest.mark.parametrize("path", sorted(FACTS.glob("*.json")), ids=lambda path: path.stem)
def test_no_texts_of_a_server(path: Path) -> None:
    """Answers hold types, codes, words out of small sets, and what requests have sent."""
    exchanges = read_facts(path)
    sent = sent_texts(exchanges)
    for exchange in exchanges:
        for answer in exchange["answers"]:
            for key, value in leaves(answer.get("body")):
                if isinstance(value, str) and value.startswith("="):
                    text = value.removeprefix("=")
                    known = key in CHOICES | REPO_SETTINGS or text in sent or CHROOT.fullmatch(text)
                    assert known, (exchange["name"], key, value)
                elif isinstance(value, str):
                    assert value in TYPES or NAMED.fullmatch(value), (exchange["name"], key, value)


def test_distil() -> None:
    """A recording becomes facts: ids become names, texts their types, a race one set of answers."""
    answers = [
        {
            "status": 200,
            "type": "application/json",
            "headers": ["Warning"],
            "body": {
                "id": "build:1",
                "state": "=pending",
                "ownername": "=alice",
                "submitter": "text",
                "chroots": ["=fedora-43-x86_64"],
                "source_package": {"name": "text", "url": "url"},
                "ended_on": None,
            },
        },
        {"status": 401, "type": "application/json", "body": {"error": "text"}},
    ]
    assert distil(RECORDING) == [
        {
            "name": "add: answer 1",
            "request": {
                "method": "POST",
                "path": "/api_3/build/create/rubygems",
                "auth": "alice",
                "content_type": "application/json",
                "body": {"ownername": "alice", "gem_name": "rake"},
                "headers": {"X-Fields": "id"},
            },
            "answers": answers,
        },
        {
            "name": "add: answer 2",
            "request": {
                "method": "PUT",
                "path": "/api_3/build/cancel/build:1",
                "query": {"build_id": "str(build:1)"},
            },
            "answers": answers,
        },
    ]


def test_facts_are_read_as_written(tmp_path: Path) -> None:
    """Large shapes that occur twice are written once, and read as if they were not."""
    facts = distil(RECORDING)
    path = tmp_path / "facts.json"
    write_facts(path, facts)
    assert '"body": "shape 0"' in path.read_text(encoding="utf-8")
    assert read_facts(path) == facts
