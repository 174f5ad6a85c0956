# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running commands in turns, and what each took: time, memory, requests."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.stage import Stage


@dataclass(frozen=True)
class Case:
    """One command to measure, with variables of its own; C({home}) in both is the stage's."""

    command: Sequence[str]
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Measured:
    """What the runs of a case took.

    Attributes:
        times: seconds of each run.
        peak: MiB of memory at the most, of whichever of its processes took most; what took less
            than this very process shows as much as this took.
        requests: how many requests the server received in a run.
    """

    times: list[float] = field(default_factory=list)
    peak: float = 0.0
    requests: int = 0

    @property
    def seconds(self) -> float:
        """The median."""
        return statistics.median(self.times)


Results = dict[str, Measured]


def measure(program: Sequence[tuple[Stage, Mapping[str, Case]]], runs: int) -> list[Results]:
    """Run the cases of every stage, round after round; return the results of each stage.

    What slows the machine for a while slows all cases alike that way. The first round fills
    caches and is not counted.
    """
    results: list[Results] = [{name: Measured() for name in cases} for _stage, cases in program]
    for turn in range(runs + 1):
        print(f"round {turn} of {runs}" if turn else "a round that does not count", file=sys.stderr)
        for (stage, cases), of_stage in zip(program, results):
            for name, case in cases.items():
                seconds, peak, requests = run(case, stage)
                measured = of_stage[name]
                if turn > 1 and requests != measured.requests:
                    sys.exit(f"{name}: {requests} requests, but {measured.requests} before")
                measured.requests = requests
                if turn:
                    measured.times.append(seconds)
                    measured.peak = max(measured.peak, peak)
    return results


def run(case: Case, stage: Stage) -> tuple[float, float, int]:
    """Run a case once; return seconds, MiB and requests. One that fails ends the program."""
    command = [word.format(home=stage.home) for word in case.command]
    variables = {name: value.format(home=stage.home) for name, value in case.variables.items()}
    stage.received()
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=stage.home,
            env={**stage.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        # Unlike the module resource this tells of one child, and of those that it waited for.
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{output.read().decode()}")
    return seconds, usage.ru_maxrss / 1024, stage.received()
