# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""In real plays, every module gives the same results both ways."""

from __future__ import annotations

import re

import pytest

from tools.checkout import CHECKOUT
from unit.controller.cases import (
    AS_A_MODULE,
    FOR_ALL,
    GENERATED,
    IN_THE_CONTROLLER,
    MODULES,
    ON_HOSTS,
)
from unit.controller.conftest import Both
from unit.controller.differences import comparable
from unit.controller.play import HERE, TOKEN

SPECIAL = [
    line.partition("name: ")[2]
    for line in (HERE / "special.yml").read_text(encoding="utf-8").splitlines()
    if "- name: " in line
]
TASKS = [*(task["name"] for task in GENERATED), *SPECIAL]
NEVER_IN_THE_CONTROLLER = {
    "With an environment that matters",
    *(f"{module}: {keywords}" for module in FOR_ALL for keywords in AS_A_MODULE),
}
# Not everybody who runs the tests may become another user.
NOT_EVERYWHERE = "as another user"


def test_every_module_has_cases() -> None:
    modules = {path.stem for path in CHECKOUT.glob("plugins/modules/*.py")}
    assert set(MODULES) | ON_HOSTS == modules


@pytest.mark.parametrize("task", TASKS)
def test_both_ways_give_the_same_result(both: Both, task: str) -> None:
    assert comparable(both.controller, task) == comparable(both.module, task)


def test_both_plays_come_to_the_same(both: Both) -> None:
    recaps = [played.output.partition("PLAY RECAP")[2] for played in both]
    assert recaps[0] == recaps[1]


def test_each_way_is_the_one_it_is_meant_to_be(both: Both) -> None:
    assert {task for task in TASKS if not both.module.as_a_module(task)} == set()
    in_vain = {task for task in TASKS if both.controller.as_a_module(task)}
    assert in_vain == NEVER_IN_THE_CONTROLLER


@pytest.mark.parametrize("way", Both._fields)
def test_results_are_as_meant(both: Both, way: str) -> None:
    results = getattr(both, way).results
    for module in MODULES:
        assert "error" in results[f"{module}: refused"]
        for run in ("checked", "run", "run again"):
            assert not results[f"{module}: {run}"].get("failed", False), (module, run)
    for module in FOR_ALL:
        assert "censored" in results[f"{module}: in secret"]
        assert len(results[f"{module}: in a loop"]["results"]) == 2
        for circumstance in (*IN_THE_CONTROLLER, *AS_A_MODULE):
            failed = results[f"{module}: {circumstance}"].get("failed", False)
            assert not failed or circumstance == NOT_EVERYWHERE, (module, circumstance)
    renewals = [
        results[f"copr_token: {each}"]["changed"] for each in ("checked", "run", "run again")
    ]
    assert renewals == [True, True, False]
    assert "Unsupported parameters" in results["An option that there is not"]["msg"]
    users = [item["user"]["name"] for item in results["A loop over users"]["results"]]
    assert users == ["alice", "bob", "alice"]
    assert results["A date is text"]["project"]["description"] == "2024-01-01T10:00:00"
    refused = results["With an environment that matters"]
    assert refused["error"]["path"] == "/api_3/project/add/bob"


@pytest.mark.parametrize("way", Both._fields)
def test_secrets_are_shown_nowhere(both: Both, way: str) -> None:
    played = getattr(both, way)
    assert TOKEN not in played.output
    assert TOKEN not in str(played.results)
    hidden = played.results["copr_auth_info: run"]["invocation"]["module_args"]
    assert hidden["copr_login"] == hidden["copr_token"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    assert "Not for everybody" not in played.output
    assert "censored" in played.results["A secret task"]


@pytest.mark.parametrize("way", Both._fields)
def test_a_warning_is_shown_once(both: Both, way: str) -> None:
    played = getattr(both, way)
    assert len(played.results["A token that ends soon"]["warnings"]) == 1
    # Lines are wrapped, also within words.
    shown = "".join(played.output.split())
    assert len(re.findall(r"\[WARNING\]:TheAPItokenin[^ ]+?/soon\.confexpireson", shown)) == 1
