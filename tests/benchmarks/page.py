# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page with the results: docs/benchmarks.md."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Results
from benchmarks.stage import HERE, Stage
from benchmarks.works import NEAR_WORKS, WORKS, Goal, Work

PACKAGES = ("ansible-core", "requests", "urllib3", "copr", "copr-cli", "uvicorn")
# A goal that nothing can be held against yet.


def page(stages: Sequence[Stage], results: Sequence[Results], runs: int, load: float) -> str:
    """Return the page in Markdown; C(load) is what the machine had to do besides."""
    delays = [f"{stage.delay * 1000:g} ms" for stage in stages]
    works = [[describe(each) for each in results] for describe in WORKS]
    works += [[describe(results[0])] for describe in NEAR_WORKS]
    goals = [[*row, ""][: 2 + len(delays)] for work in works for row in goal_rows(work)]
    parts = [
        "# Benchmarks",
        f"Written by `make bench` on {datetime.date.today()}; do not edit. The text below the "
        "tables comes from `tests/benchmarks/notes.md`.",
        f"Medians of {runs} runs. All programs run in turn and are timed from start to exit. The "
        f"server sends prepared responses immediately ({delays[0]}), or after {delays[1]} where "
        "the distance matters. "
        f"Server and clients share one machine: {machine()}; its load before was {load:.1f}. "
        f"Python {platform.python_version()}, {', '.join(versions())}.",
        "## Goals",
        table(["goal", "limit", *delays], goals),
        *(section(work, delays[: len(work)]) for work in works),
        (HERE / "notes.md").read_text(encoding="utf-8").strip(),
    ]
    return "\n\n".join(parts) + "\n"


def goal_rows(work: Sequence[Work]) -> list[list[str]]:
    """Return the rows of a work's goals; C(work) is the same one on each stage."""
    return [
        [each[0].text, limit(each[0]), *map(verdict, each, range(len(each)))]
        for each in zip(*(on_stage.goals for on_stage in work))
    ]


def limit(goal: Goal) -> str:
    """Return what is to be reached, in words."""
    if goal.limit is None:
        return ""
    where = ", far away" if goal.far else ""
    return f"at {'least' if goal.at_least else 'most'} {goal.limit:g} {goal.unit}{where}"


def verdict(goal: Goal, stage: int) -> str:
    """Return what was reached, and whether that is enough; the first stage is the near one."""
    reached = f"{number(goal.reached)} {goal.unit}"
    if goal.limit is None or (goal.far and stage == 0):
        return reached
    return f"{reached}, {'met' if goal.met else '**not met**'}"


def section(work: Sequence[Work], delays: Sequence[str]) -> str:
    """Return what a work took in each way: seconds, and how many times the collection's."""
    heads = ["way", *(head for delay in delays for head in (f"{delay}: s", "x")), "requests"]
    rows = []
    for ways in zip(*(on_stage.ways for on_stage in work)):
        row = [ways[0].name]
        for way, on_stage in zip(ways, work):
            row += [f"{way.seconds:.2f}", number(way.seconds / on_stage.ways[0].seconds)]
        rows.append([*row, f"{ways[0].requests:g}"])
    return f"## {work[0].title}\n\n{table(heads, rows)}"


def number(value: float) -> str:
    """Return a number with as many places as tell something."""
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.2f}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown: names to the left, figures to the right."""
    rule = ["---", *["---:"] * (len(heads) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *rows))


def machine() -> str:
    """Return what this machine is."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    for line in info.read_text(encoding="utf-8").splitlines() if info.exists() else ():
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"
    return f"{cpu}, {os.cpu_count()} processors, {memory:.0f} GiB, {system}"


def versions() -> list[str]:
    """Return what took part, with versions."""
    told = subprocess.run(["curl", "--version"], check=True, capture_output=True, text=True)
    return [*(f"{name} {version(name)}" for name in PACKAGES), f"curl {told.stdout.split()[1]}"]
