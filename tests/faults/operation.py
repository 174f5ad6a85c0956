# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an operation of the campaign is, and what most of them begin with."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from faults.bench import Bench, Options
from simulator.world import World

F43, F44, EPEL = "fedora-43-x86_64", "fedora-44-x86_64", "epel-10-x86_64"
DEMO = "alice/demo"
URL = "https://example.org/{0}-1.0-1.src.rpm"

Reached = Callable[[World], bool]


@dataclass(frozen=True)
class Operation:
    """A task, and how to tell what it did.

    Attributes:
        reached: whether the server has what the task asks for.
        builds: how many builds there must be once the task is done; None if that is no matter.
        tells: C(changed) is whether the server's state is another one.
        again: a second run finds nothing to do; otherwise it does it all again.
        error: the kind of error with which the task ends when nothing goes wrong on the way.
        answer: for what only reads: the part of the result that must always be the same.
        local: what it changes is on this machine, and not on the server.
        believes: the task takes an answer at its word, also one that should not be believed.
    """

    module: str
    options: Options
    reached: Reached = lambda _world: True
    builds: int | None = None
    tells: bool = True
    again: bool = True
    error: str | None = None
    answer: Callable[[Options], Any] | None = None
    believes: bool = False
    local: bool = False


Prepare = Callable[[Bench, random.Random], Operation]


def project(bench: Bench, name: str = DEMO, **options: Any) -> None:
    """Make a project, undisturbed."""
    options = {"project": name, "chroots": [F43, EPEL], **options}
    assert bench.play("copr_project", options).result


def started(
    bench: Bench, names: list[str], project_name: str = DEMO, *, force: bool = False
) -> list[int]:
    """Submit builds, undisturbed, and return their ids."""
    urls = [URL.format(name) for name in names]
    options = {"project": project_name, "url": urls, "wait": False, "force": force}
    result = bench.play("copr_build", options).result
    assert result
    return [build["id"] for build in result["builds"]]


def built(
    bench: Bench, names: list[str], project_name: str = DEMO, *, force: bool = False
) -> list[int]:
    """Submit builds, and let them come to their end."""
    ids = started(bench, names, project_name, force=force)
    bench.sim.clock.advance(1000)
    return ids
