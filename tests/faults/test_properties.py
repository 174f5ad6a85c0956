# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random sequences of tasks, beside a model of what the server must have after each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from faults.bench import Bench, Options, Played
from faults.of_projects import ATTRIBUTES, stored
from faults.operation import EPEL, F43, F44, URL
from simulator.lifecycle import is_finished

NAMES = st.sampled_from(["alice/one", "alice/two", "@packagers/one"])
PACKAGES = st.sampled_from(["hello", "world"])
CHROOTS = st.none() | st.lists(st.sampled_from([F43, F44, EPEL]), min_size=1, unique=True)
# What is shown where it was set, and at once.
PLAIN = sorted(set(ATTRIBUTES) - {"delete_after_days"})
DEFAULTS: Options = {
    **dict.fromkeys(PLAIN, False),
    "description": "",
    "instructions": "",
    "additional_repos": [],
    "bootstrap": "default",
    "isolation": "default",
}
GIVEN = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from([*ATTRIBUTES[name], None]) for name in PLAIN}
)
# What check mode can't know: ids, and addresses made of them.
UNKNOWN = ("id", "chroot_repos", "storage")


@dataclass
class Expected:
    """A project as it must be: builds by id, with package and chroots, None once canceled."""

    attributes: Options
    chroots: set[str]
    builds: dict[int, tuple[str, set[str]] | None] = field(default_factory=dict)

    def covered(self, package: str) -> set[str]:
        """Return the chroots in which a package needs no build."""
        sets = [each[1] for each in self.builds.values() if each and each[0] == package]
        return set().union(*sets)


class Tasks(RuleBasedStateMachine):
    """Tasks on projects, chroots and builds, each predicted, run, read back and run again."""

    bench: Bench

    @initialize()
    def start(self) -> None:
        """Begin with a server that knows nothing."""
        self.bench.start_anew()
        self.model: dict[str, Expected] = {}

    def settled(self, module: str, options: Options) -> Options | None:
        """Predict, run, run again; return the result, or None if the task is refused."""
        predicted = self.bench.play(module, options, check=True)
        self.as_expected()
        played = self.bench.play(module, options)
        assert (predicted.crash, played.crash) == (None, None)
        if played.result is None:
            assert (predicted.error and predicted.error.kind) == (
                played.error and played.error.kind
            )
            return None
        assert comparable(predicted) == comparable(played)
        again = self.bench.play(module, options)
        assert again.result, again
        assert again.result["changed"] is False
        assert "diff" not in again.result
        return played.result

    @rule(name=NAMES, given=GIVEN, chroots=CHROOTS, purge=st.booleans())
    def present(self, name: str, given: Options, chroots: list[str] | None, purge: bool) -> None:
        """Make a project present; omitted fields stay, nothing unnamed goes without purge."""
        options = {"project": name, "purge_chroots": purge, **given}
        if chroots is not None:
            options["chroots"] = chroots
        known = self.model.get(name)
        result = self.settled_with(options, known, given, chroots, purge)
        if result is None and known is None:
            assert chroots is None
        elif result is None:
            assert purge
            assert known
            assert self.at_work(known.builds)

    def settled_with(
        self,
        options: Options,
        known: Expected | None,
        given: Options,
        chroots: list[str] | None,
        purge: bool,
    ) -> Options | None:
        """Run the task and bring the model to what it asked for."""
        result = self.settled("copr_project", options)
        if result is None:
            return None
        if known is None:
            known = self.model[options["project"]] = Expected(dict(DEFAULTS), set())
        for key, value in given.items():
            known.attributes[key] = DEFAULTS[key] if value is None else value
        if chroots is not None:
            known.chroots = set(chroots) if purge else known.chroots | set(chroots)
        return result

    @rule(name=NAMES, cancel_running=st.booleans())
    def absent(self, name: str, cancel_running: bool) -> None:
        """Delete a project with all its builds, also running ones if asked to."""
        options = {"project": name, "state": "absent", "cancel_running": cancel_running}
        known = self.model.get(name)
        running = known is not None and self.at_work(known.builds)
        result = self.settled("copr_project", options)
        if result is None:
            assert running
            assert not cancel_running
            return
        assert cancel_running or not running
        assert result["changed"] == (self.model.pop(name, None) is not None)

    def at_work(self, numbers: Iterable[int]) -> bool:
        """Return whether any of these builds has not come to its end."""
        world = self.bench.world
        return not all(is_finished(world, world.builds[number]) for number in numbers)

    @rule(name=NAMES, package=PACKAGES, force=st.booleans())
    def build(self, name: str, package: str, force: bool) -> None:
        """Build a package where it is not built yet."""
        known = self.model.get(name)
        if known is None:
            return
        missing = known.chroots if force else known.chroots - known.covered(package)
        options = {"project": name, "url": [URL.format(package)], "wait": False}
        before = set(self.bench.world.builds)
        if force:
            assert self.bench.play("copr_build", {**options, "force": True}).result
        else:
            result = self.settled("copr_build", options)
            assert result
            assert result["changed"] == bool(missing)
        for number in set(self.bench.world.builds) - before:
            known.builds[number] = (package, set(missing))

    @rule(name=NAMES, position=st.integers(0, 3))
    def cancel(self, name: str, position: int) -> None:
        """Cancel a build; one that has ended stays as it is."""
        numbers = sorted(self.model[name].builds) if name in self.model else []
        if position >= len(numbers):
            return
        number = numbers[position]
        running = not is_finished(self.bench.world, self.bench.world.builds[number])
        result = self.settled("copr_build", {"state": "canceled", "build_ids": [number]})
        assert result
        assert result["changed"] == running
        if running:
            self.model[name].builds[number] = None

    @rule(name=NAMES, positions=st.sets(st.integers(0, 3)), cancel_running=st.booleans())
    def delete(self, name: str, positions: set[int], cancel_running: bool) -> None:
        """Delete some of a project's builds, also running ones if asked to."""
        there = sorted(self.model[name].builds) if name in self.model else []
        numbers = [number for at, number in enumerate(there) if at in positions]
        running = self.at_work(numbers)
        options = {"state": "absent", "build_ids": numbers, "cancel_running": cancel_running}
        result = self.settled("copr_build", options)
        if result is None:
            assert running
            assert not cancel_running
            return
        assert cancel_running or not running
        assert result["changed"] == bool(numbers)
        for number in numbers:
            del self.model[name].builds[number]

    @rule(steps=st.sampled_from([1, 3, 20]))
    def pass_time(self, steps: int) -> None:
        """Let the builds go on."""
        self.bench.sim.clock.advance(10.0 * steps)

    @invariant()
    def as_expected(self) -> None:
        """Hold the server's state, and what reading shows of it, against the model."""
        if not hasattr(self, "model"):
            return
        world = self.bench.world
        assert set(world.projects) == set(self.model)
        for name, known in self.model.items():
            there = world.projects[name]
            assert {key: stored(there.settings, key) for key in PLAIN} == known.attributes
            assert set(there.enabled_chroots()) == known.chroots
            assert set(there.builds) == set(known.builds)
            read = self.bench.play("copr_project_info", {"project": name}).result
            assert read
            (shown,) = read["projects"]
            assert {key: shown[key] for key in PLAIN} == known.attributes
            assert shown["chroots"] == sorted(known.chroots)


def comparable(played: Played) -> Any:
    """Return the part of a result that check mode has to predict exactly."""
    result = dict(played.result or {})
    project = result.get("project")
    if project:
        result["project"] = {key: value for key, value in project.items() if key not in UNKNOWN}
    # A build that is only planned has neither id nor times, and its state goes on.
    result["builds"] = [sorted(build["chroots"]) for build in result.get("builds", [])]
    return result


def test_tasks_do_what_they_say(here: Bench, thorough: bool) -> None:
    class OnThisServer(Tasks):
        bench = here

    case = OnThisServer.TestCase
    case.settings = settings(
        max_examples=1000 if thorough else 8,
        stateful_step_count=30 if thorough else 12,
        deadline=None,
        derandomize=not thorough,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    case().runTest()
