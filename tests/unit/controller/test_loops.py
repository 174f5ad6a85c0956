# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the items of a loop share inside the controller."""

from __future__ import annotations

import datetime
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


def test_a_token_that_one_item_renews_is_void_for_none_of_the_next(
    sim: Simulator, tmp_path: Path
) -> None:
    """All items share a client, which must not go on with the login it began with."""
    config = tmp_path / "copr.conf"
    soon = datetime.date.today() + datetime.timedelta(days=2)
    config.write_text(
        f"[copr-cli]\ncopr_url={sim.url}\nlogin=alice-login\ntoken=alice-token\n"
        f"# expiration date: {soon}\n",
        encoding="utf-8",
    )
    (tmp_path / "link").symlink_to(config)
    stored = {"copr_url": None, "copr_login": None, "copr_token": None, "config_file": str(config)}
    items = [
        {"file": "copr.conf", "days": 1},
        {"file": "link", "days": 30},
        {"file": "copr.conf", "days": 30},
        {"file": "copr.conf", "days": 1000},
        {"file": "link", "days": 1000},
    ]
    renew = {**stored, "config_file": f"{tmp_path}/{{{{ item.file }}}}", "days": "{{ item.days }}"}
    tasks = [
        task("Renew", "copr_token", renew, loop=items),
        task("Ask", "copr_auth_info", stored),
    ]
    played = play(sim, tmp_path / "play", tasks)
    results = played.results["Renew"]["results"]
    assert [item.get("msg") for item in results] == [None] * len(items)
    assert [item["changed"] for item in results] == [False, True, False, True, True]
    assert played.results["Ask"]["user"]["name"] == "alice"
    assert sim.world.users["alice"].token in config.read_text(encoding="utf-8")
    assert sim.world.users["alice"].token not in played.output
