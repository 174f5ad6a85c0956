# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of a task when the main process of its play is killed."""

from __future__ import annotations

import os
import select
import subprocess
import time
from pathlib import Path

import pytest

from simulator.clock import ManualClock
from simulator.server import running
from unit.controller.play import task, written
from unit.lab import F43

TASKS = [
    task("Project", "copr_project", {"project": "alice/demo", "chroots": [F43]}),
    task(
        "Build",
        "copr_build",
        {
            "project": "alice/demo",
            "url": ["https://example.org/{{ item }}-1.0-1.src.rpm"],
            "poll_interval": 0.05,
        },
        loop=["one", "two"],
    ),
]


@pytest.mark.parametrize("execution", ["controller", "module"])
def test_a_task_submits_no_more_when_its_play_is_gone(tmp_path: Path, execution: str) -> None:
    """The play is killed while it waits for its first build, which ends only then."""
    with running(clock=ManualClock()) as sim:
        script = written(sim, tmp_path, TASKS, "-e", f"copr_execution={execution}")
        # All processes of the play hold one end open, so that the other tells when all are gone.
        gone, held = os.pipe()
        with subprocess.Popen(script.command, env=script.environment, pass_fds=[held]) as play:
            os.close(held)
            while not sim.world.builds and play.poll() is None:
                time.sleep(0.01)
            play.kill()
        sim.clock.advance(3600)
        assert select.select([gone], [], [], 60)[0]
        os.close(gone)
        assert len(sim.world.builds) == 1
