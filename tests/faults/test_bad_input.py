# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of every module with values that make no sense: an error, and no traceback."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from faults.bench import SECRETS, Bench, Options, declared
from faults.operation import DEMO, F43, URL, built, project

MODULES = sorted(
    path.stem for path in (Path(__file__).parents[2] / "plugins/modules").glob("copr_*.py")
)
ABSURD: list[Any] = [
    *("", " ", "/", "..", "../../etc/passwd", "\0", "\n", "\x1b[31m", "{{ 7 * 7 }}", "%s%n"),
    *("x" * 100_000, "ü" * 300, "\ud800", "alice/demo", "@/x", "no", "1e400", "-1", "999999999999"),
    *(0, -1, 1, 2**31, 2**63, 2**70, 1.5, 1e308, float("inf"), float("-inf"), float("nan")),
    *(True, False, [], [[]], [None], [""], [0], [{}], ["x" * 10_000], ["*"], ["[", "?"], [-1]),
    *({}, {"": ""}, {"a": {"b": [1]}}, {"copr_url": 1}, {1: 2}, "[1, 2", "{'a': 1}", b"bytes"),
]
# Tasks that are good but for the option that is tried.
GOOD: dict[str, Options] = {
    "copr_api": {"path": "project/list", "query": {"ownername": "alice"}},
    "copr_build": {"project": DEMO, "url": [URL.format("one")], "wait_timeout": 60},
    "copr_build_info": {"project": DEMO},
    "copr_build_prune": {"project": DEMO, "keep": 1},
    "copr_project": {"project": DEMO},
    "copr_regenerate": {"project": DEMO, "wait_timeout": 60},
    "copr_project_info": {"project": DEMO},
}
# Without these, the options of a source would be refused for naming two sources.
ALONE = {"build_ids", "url", "srpm", "scm", "distgit", "pypi", "rubygems", "custom", "package"}
LONGEST_MESSAGE = 300_000


def attempts(module: str) -> list[Options]:
    """Return tasks with one option each that makes no sense, also within options of options."""
    spec = declared(module).argument_spec
    tasks = []
    for name, value in itertools.product(spec, ABSURD):
        good = GOOD.get(module, {})
        if name in ALONE:
            good = {key: each for key, each in good.items() if key not in ALONE}
        tasks.append({**good, name: value})
        for inner in spec[name].get("options", {}):
            required = {
                key: "x" for key, each in spec[name]["options"].items() if each.get("required")
            }
            tasks.append({**good, name: {**required, inner: value}})
    return tasks


@pytest.mark.parametrize("module", MODULES)
def test_nonsense_gives_an_error(here: Bench, module: str, thorough: bool) -> None:
    project(here)
    built(here, ["one"])
    tasks = attempts(module)
    wrong = []
    for task in tasks if thorough else tasks[::7]:
        # Nothing else answers at addresses that make no sense, and no test leaves this machine.
        if str(task.get("copr_url", "")).startswith(("http", "alice")):
            continue
        played = here.play(module, {"retries": 0, **task})
        shown = {key: repr(value)[:60] for key, value in task.items()}
        if played.crash:
            wrong.append(f"{shown}: {played.crash[-400:]}")
        elif played.error and not 0 < len(played.error.message.strip()) < LONGEST_MESSAGE:
            wrong.append(f"{shown}: {played.error.message[:400]}")
        if any(secret in played.told for secret in SECRETS):
            wrong.append(f"{shown}: the token shows")
        if DEMO not in here.world.projects:
            project(here)
    assert not wrong, "\n".join(wrong)


def test_chroots_that_make_no_sense_change_nothing(here: Bench) -> None:
    project(here)
    for chroots in ([""], ["../x"], ["\n"], ["nothing-*"], [F43, F43 + " "]):
        played = here.play("copr_project", {"project": DEMO, "chroots": chroots})
        assert played.error is not None, chroots
        assert played.error.kind == "invalid", chroots
    assert len(here.world.projects[DEMO].enabled_chroots()) == 2
