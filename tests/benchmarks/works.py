# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The works of the table: in which ways each was done, and what was to be reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.measure import Results


@dataclass(frozen=True)
class Way:
    """One way to do a work, and what it took."""

    name: str
    seconds: float
    requests: float


@dataclass(frozen=True)
class Goal:
    """What was to be reached, and what was: at most the limit, unless C(at_least).

    What has no limit stands below a goal to tell where it ends: it is what is possible. C(far) is a
    goal for a server far away only.
    """

    text: str
    limit: float | None
    reached: float
    unit: str = "x"
    at_least: bool = False
    far: bool = False

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        if self.limit is None:
            return True
        return self.reached >= self.limit if self.at_least else self.reached <= self.limit


@dataclass(frozen=True)
class Work:
    """A work; ratios are to the first of its ways, which is the collection's."""

    title: str
    ways: list[Way]
    goals: list[Goal]


def way(results: Results, case: str, name: str, times: int = 1, idle: bool = False) -> Way:
    """Return what a case took.

    Args:
        times: how often the work of the case makes up the whole work.
        idle: whether a case starts Ansible once, however much there is to do.
    """
    measured = results[case]
    start = results["idle"].seconds if idle else 0.0
    seconds = start + times * (measured.seconds - start)
    return Way(name, seconds, times * measured.requests)


def unchanged_projects(results: Results) -> Work:
    """Hold 100 projects against what they should be."""
    ours = way(results, "projects", "`copr_project` in a loop")
    floor = way(results, "raw projects", "raw floor: one session of `requests`")
    loop = way(results, "debug", "Ansible's own empty loop: `debug`")
    uri = way(results, "uri", "`uri` in a loop (from 5 items)", times=20, idle=True)
    cli = way(results, "copr-cli", "`copr-cli get` (from 10 processes)", times=10)
    library = way(results, "python-copr", "python-copr in one process")
    return Work(
        "100 unchanged projects",
        [ours, floor, loop, uri, cli, library],
        [
            Goal(
                "100 unchanged `copr_project` items, to raw floor plus empty loop",
                1.5,
                ours.seconds / (floor.seconds + loop.seconds),
            ),
            Goal("`uri`, to `copr_project`", 20, uri.seconds / ours.seconds, at_least=True),
            Goal("`copr-cli`, to `copr_project`", 10, cli.seconds / ours.seconds, at_least=True),
        ],
    )


def defined_projects(results: Results) -> Work:
    """Hold 100 projects against what they should be, in one task."""
    ours = way(results, "definitions", "one `copr_projects` task")
    loop = way(results, "projects", "`copr_project` in a loop")
    floor = way(results, "raw projects", "raw floor: 100 requests, one after the other")
    idle = way(results, "idle", "Ansible's start: a play of one `debug`")
    return Work(
        "100 unchanged projects in one task",
        [ours, loop, floor, idle],
        [
            Goal(
                "100 unchanged projects in one task, less Ansible's start, to 100 requests",
                0.1,
                (ours.seconds - idle.seconds) / floor.seconds,
                far=True,
            )
        ],
    )


def packages(results: Results) -> Work:
    """Hold 500 packages against what they should be."""
    ours = way(results, "packages", "one `copr_package` task")
    floor = way(results, "raw packages", "raw floor: the pages of one list")
    idle = way(results, "idle", "Ansible's start: a play of one `debug`")
    return Work(
        "500 unchanged packages",
        [ours, floor, idle],
        [
            Goal(
                "500 packages unchanged, one task, to raw floor plus Ansible's start",
                1.3,
                ours.seconds / (floor.seconds + idle.seconds),
            )
        ],
    )


def new_packages(results: Results) -> Work:
    """Create 200 packages."""
    ours = way(results, "new packages", "one `copr_package` task")
    floor = way(results, "raw new packages", "raw floor: 200 requests, one after the other")
    idle = way(results, "idle", "Ansible's start: a play of one `debug`")
    return Work(
        "200 packages created",
        [ours, floor, idle],
        [
            Goal(
                "200 packages created, one task, to the same calls one after the other",
                0.35,
                ours.seconds / floor.seconds,
                far=True,
            )
        ],
    )


def waiting(results: Results) -> Work:
    """Look once at 200 builds."""
    ours = way(results, "our wait", "the collection")
    library = way(results, "python-copr's wait", "python-copr's `wait`")
    return Work(
        "One look at 200 builds of a project, with the start of Python",
        [ours, library],
        [
            Goal(
                "Waiting for 200 builds: requests per poll, to one set of pages of 100",
                3,
                ours.requests,
                "requests",
            )
        ],
    )


def upload(results: Results) -> Work:
    """Submit a source package of 1 GiB."""
    ours = way(results, "large upload", "`copr_build`")
    small = way(results, "small upload", "`copr_build`, of 1 MiB")
    curl = way(results, "large curl", "`curl --form`")
    small_curl = way(results, "small curl", "`curl --form`, of 1 MiB")
    idle = way(results, "idle", "Ansible's start: a play of one `debug`")
    above_small = (ours.seconds - small.seconds) / (curl.seconds - small_curl.seconds)

    def above_idle(case: str) -> float:
        return max(0.0, results[case].peak - results["idle"].peak)

    return Work(
        "A source package of 1 GiB",
        [ours, curl, small, small_curl, idle],
        [
            Goal("1 GiB upload: peak memory above idle", 60, above_idle("large upload"), "MiB"),
            Goal("The same of 1 MiB", None, above_idle("small upload"), "MiB"),
            Goal("1 GiB upload: time, to `curl`", 1.2, ours.seconds / curl.seconds),
            Goal("The same, both less what 1 MiB takes", None, above_small),
        ],
    )


def inventory(results: Results) -> Work:
    """Make an inventory of 5,000 projects."""
    ours = way(results, "inventory", "`fedora.copr.copr`")
    cached = way(results, "cached inventory", "`fedora.copr.copr`, cached")
    script = way(results, "scripted inventory", "the raw floor as an inventory script in Ansible")
    floor = way(results, "raw inventory", "raw floor: one request, and a print of the answer")
    idle = way(results, "idle", "Ansible's start: a play of one `debug`")
    return Work(
        "An inventory of 5,000 projects",
        [ours, cached, script, floor, idle],
        [
            Goal("Inventory of 5,000 projects, to raw floor", 1.2, ours.seconds / floor.seconds),
            Goal("The same, to the raw floor in Ansible", None, ours.seconds / script.seconds),
            Goal("The same, cached: requests", 0, cached.requests, "requests"),
        ],
    )


def one_module(results: Results) -> Work:
    """Run a module the ordinary way, as a process of its own; Ansible's start is left out."""
    idle = results["idle"].seconds

    def each(case: str, name: str) -> Way:
        return Way(name, (results[case].seconds - idle) / 5, results[case].requests / 5)

    ours = each("module", "`copr_project`")
    ping = each("ping", "`ping`")
    bare = each("bare", "the least module with one GET of `requests`")
    uri = each("uri", "`uri`")
    return Work(
        "One module run the ordinary way (a fifth of a loop of five, without Ansible's start)",
        [ours, ping, bare, uri],
        [
            Goal("One module run, to `ping`", 1.15, ours.seconds / ping.seconds),
            Goal("The same of the least module", None, bare.seconds / ping.seconds),
        ],
    )


Describe = Callable[[Results], Work]

WORKS: list[Describe] = [
    unchanged_projects,
    defined_projects,
    packages,
    new_packages,
    waiting,
    inventory,
]
NEAR_WORKS: list[Describe] = [upload, one_module]
