# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a task runs inside the controller, and when it can't; the keywords are in cases.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.server import Simulator, running
from unit.controller.cases import FOR_ALL, MODULES
from unit.controller.play import Played, play, task

IN_THE_CONTROLLER: dict[str, dict[str, Any]] = {
    "nothing special": {},
    "become: false": {"become": False},
    "environment: {}": {"environment": {}},
    "async: 0": {"async": 0},
    "copr_execution: controller": {"vars": {"copr_execution": "controller"}},
}
AS_A_MODULE: dict[str, dict[str, Any]] = {
    "copr_execution: module": {"vars": {"copr_execution": "module"}},
    "copr_execution, a template": {"vars": {"copr_execution": "{{ 'module' }}"}},
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Play all of these."""
    keywords = {**IN_THE_CONTROLLER, **AS_A_MODULE}
    tasks = [task(name, "copr_auth_info", {}, **more) for name, more in keywords.items()]
    with running() as sim:
        yield play(sim, tmp_path_factory.mktemp("play"), tasks, "-vvv")


@pytest.mark.parametrize("name", IN_THE_CONTROLLER)
def test_in_the_controller(played: Played, name: str) -> None:
    assert not played.as_a_module(name)
    assert played.results[name]["user"]["name"] == "alice"


@pytest.mark.parametrize("name", AS_A_MODULE)
def test_as_a_module(played: Played, name: str) -> None:
    assert played.as_a_module(name)
    assert played.results[name]["user"]["name"] == "alice"


def test_a_library_that_the_controller_lacks(sim: Simulator, tmp_path: Path) -> None:
    tasks = [task(module, module, MODULES[module][0]) for module in FOR_ALL]
    callbacks = {"ANSIBLE_CALLBACKS_ENABLED": "record,no_library"}
    played = play(sim, tmp_path, tasks, "-vvv", environment=callbacks)
    for module in FOR_ALL:
        assert played.as_a_module(module)
        assert not played.results[module].get("failed", False)
