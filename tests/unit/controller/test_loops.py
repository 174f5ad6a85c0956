# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the items of a loop share inside the controller."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.http import KeepAliveHandler
from simulator.server import Simulator
from unit.controller.play import play, task


def test_a_loop_needs_one_connection_and_asks_once_who_it_is(
    sim: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connections: list[Any] = []
    setup = KeepAliveHandler.setup

    def counted(handler: KeepAliveHandler) -> None:
        connections.append(handler)
        setup(handler)

    monkeypatch.setattr(KeepAliveHandler, "setup", counted)
    items = [f"project{number}" for number in range(5)]
    options = {"project": "{{ item }}", "chroots": ["fedora-43-x86_64"]}
    played = play(sim, tmp_path, [task("Projects", "copr_project", options, loop=items)])
    assert [item["changed"] for item in played.results["Projects"]["results"]] == [True] * 5
    assert len(connections) == 1
    calls = [request.path for request in sim.requests]
    assert calls.count("/api_3/auth-check") == 1
    assert len(calls) == 1 + 4 * len(items)
