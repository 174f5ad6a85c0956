# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a play shows of a wait."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simulator.server import Simulator
from unit.controller.play import Options, Played, play, task
from unit.lab import F43
from unit.pace import running_with_polls

PROJECT = task("Project", "copr_project", {"project": "alice/demo", "chroots": [F43]})
LINE = re.compile(r"\[\d\d:\d\d\] ")


def building(name: str, *, progress: bool = True, **keywords: Any) -> Options:
    """Return a task that has a package built and waits for it."""
    url = f"https://example.org/{name}-1.0-1.src.rpm"
    options = {"project": "alice/demo", "url": [url], "poll_interval": 0.05, "progress": progress}
    return task(name, "copr_build", options, **keywords)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Have packages built in several ways."""
    tasks = [
        PROJECT,
        building("hello"),
        building("quiet", progress=False),
        building("module", vars={"copr_execution": "module"}),
        building("secret", no_log=True),
    ]
    with running_with_polls(step=10.0) as sim:
        yield play(sim, tmp_path_factory.mktemp("play"), tasks)


def test_a_wait_can_be_followed_in_a_log(played: Played) -> None:
    lines = [line for line in played.shown("hello").splitlines() if LINE.match(line)]
    told = [LINE.sub("", line) for line in lines]
    assert f"build 1 (hello 1.0-1) {F43}: running" in told
    assert told[-1] == "finished waiting: 1 succeeded"
    assert played.shown("hello").isascii()
    assert "\x1b" not in played.shown("hello")


@pytest.mark.parametrize("name", ["quiet", "module", "secret"])
def test_a_wait_is_silent(played: Played, name: str) -> None:
    assert played.results[name]["changed"] is True or "censored" in played.results[name]
    assert not LINE.search(played.shown(name))


def test_progress_does_not_mix_with_the_output(sim: Simulator, tmp_path: Path) -> None:
    played = play(sim, tmp_path, [PROJECT, building("hello")], stderr=subprocess.DEVNULL)
    assert "TASK [hello]" in played.output
    assert not LINE.search(played.output)
