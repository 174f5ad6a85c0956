# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that were recorded at the same moment are sent at the same moment."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from contract.conftest import STEP
from contract.distil import FACTS, RACE, read_facts, sent_texts
from contract.stage import Clock, Stage
from contract.test_recorded import OFF_THE_RECORD
from simulator.server import running

NAME = "30-races"
WINDOW = 0.1
LEFT_TO_CHANCE = {"project/edit with different chroots: afterwards"}
"""What depends on which request was the last to write."""

MORE = {"build/create with the same body, eight at once": {(500, "text/html")}}
"""Kinds of answers that others have seen, in the same race, beside those that were recorded."""


def kind(answer: dict[str, Any]) -> tuple[int, str]:
    """Tell answers apart by what a client sees first."""
    return answer["status"], answer["type"]


def race_of(exchange: dict[str, Any]) -> str:
    """Name the race that an exchange belongs to, or else the exchange itself."""
    race = RACE.fullmatch(exchange["name"])
    return race[1] if race else exchange["name"]


def test_races(tmp_path: Path) -> None:
    """Each answer of a race is of a kind that was recorded, and things end as recorded."""
    exchanges = read_facts(FACTS / f"{NAME}.json")
    before = OFF_THE_RECORD[NAME]
    with (
        running(clock=Clock(), step=STEP, race=WINDOW) as simulator,
        Stage(simulator, sent_texts(exchanges), tmp_path) as stage,
        ThreadPoolExecutor(8) as pool,
    ):
        for race, group in itertools.groupby(exchanges, race_of):
            together = list(group)
            stage.prepare([{"wait": "all"}, *before.get(together[0]["name"], [])])
            if len(together) == 1:
                assert race in LEFT_TO_CHANCE or not stage.play(together[0]), race
                continue
            requests = [exchange["request"] for exchange in together]
            answers = list(pool.map(stage.sender.send, requests))
            recorded = {kind(answer) for answer in together[0]["answers"]} | MORE.get(race, set())
            for answer in answers:
                content_type = answer.headers["Content-Type"].partition(";")[0]
                assert (answer.status_code, content_type) in recorded, (race, answer.text)
            assert any(answer.ok for answer in answers), race
