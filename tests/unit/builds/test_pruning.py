# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rule of pruning, against one that reads everything and takes every word of it by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Callable

from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.pruning import (
    Rule,
    surplus_of,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import FINAL
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import Settings
from hypothesis import given, settings
from hypothesis import strategies as st

from unit.lab import EPEL, F43, F44

ENDS = ["succeeded", "succeeded", "failed", "skipped", "canceled"]
CHROOTS = st.dictionaries(st.sampled_from([F43, F44, EPEL]), st.sampled_from(ENDS))
# How Copr makes one state out of those of the chroots.
PRECEDENCE = ["running", "failed", "succeeded", "skipped", "forked"]


@dataclass
class Real:
    """A build as the server has it."""

    id: int
    package: str | None
    dirname: str
    chroots: dict[str, str]
    submitted_on: int
    canceled: bool

    @property
    def state(self) -> str:
        if self.canceled:
            return "canceled"
        if self.package is None:
            return "failed"
        there = set(self.chroots.values())
        return next((state for state in PRECEDENCE if state in there), "unknown")

    @property
    def row(self) -> dict[str, Any]:
        """What the list of builds shows."""
        return {
            "id": self.id,
            "state": self.state,
            "chroots": sorted(self.chroots),
            "project_dirname": self.dirname,
            "submitted_on": self.submitted_on,
            "source_package": {"name": self.package, "version": None},
        }


@st.composite
def worlds(draw: st.DrawFn) -> list[Real]:
    """Return builds with all that may have become of them."""
    builds = []
    for number in range(1, draw(st.integers(0, 14)) + 1):
        chroots = draw(CHROOTS)
        fate = draw(st.sampled_from(["ended"] * 5 + ["source", "forked", "running", "canceled"]))
        package: str | None = draw(st.sampled_from(["one", "one", "two"]))
        if fate == "source":
            package, chroots = None, dict.fromkeys(chroots, "failed")
        elif fate == "forked":
            chroots = dict.fromkeys(chroots, "forked")
        elif fate == "running" and chroots:
            chroots[draw(st.sampled_from(sorted(chroots)))] = "running"
        dirname = draw(st.sampled_from(["demo", "demo", "demo:pr:1"]))
        when = draw(st.integers(0, 5))
        builds.append(Real(number, package, dirname, chroots, when, fate == "canceled"))
    return builds


RULES = st.builds(
    Rule,
    keep=st.integers(1, 3),
    states=st.just(FINAL) | st.sets(st.sampled_from(sorted(FINAL))),
    until=st.none() | st.integers(-1, 5),
)


def is_last_success(build: Real, newer: list[Real], chroot: str) -> bool:
    """Return whether a build succeeded in a chroot, and none that is newer."""
    good = ("succeeded", "forked")
    return build.chroots[chroot] in good and all(each.chroots[chroot] not in good for each in newer)


def goes(build: Real, builds: list[Real], rule: Rule) -> bool:
    """Return whether a build goes, by the words of the documentation."""
    if build.state not in FINAL or build.state not in rule.states:
        return False
    if rule.until is not None and build.submitted_on > rule.until:
        return False
    for chroot in build.chroots or [None]:
        same = [
            each
            for each in builds
            if (each.package, each.dirname) == (build.package, build.dirname)
            and (chroot in each.chroots if chroot else not each.chroots)
        ]
        newer = [each for each in same if each.id > build.id and each.state in FINAL]
        if sum(each.state in rule.states for each in newer) < rule.keep:
            return False
        if chroot and is_last_success(build, newer, chroot):
            return False
    return True


class Server(Client):
    """Answers what became of the chroots of a build, and counts that."""

    def __init__(self, builds: list[Real]) -> None:
        super().__init__(Settings(url="http://127.0.0.1"))
        self.builds = builds
        self.read: list[int] = []

    def get(
        self,
        path: str,
        query: dict[str, Any] | None = None,
        *,
        login: bool = False,
        shape: Any = dict,
    ) -> Any:
        """Answer GET /build-chroot/list."""
        assert (path, login, bool(shape), query is None) == (
            "build-chroot/list",
            False,
            True,
            False,
        )
        number = (query or {})["build_id"]
        self.read.append(number)
        (build,) = (each for each in self.builds if each.id == number)
        rows = [{"name": name, "state": state} for name, state in build.chroots.items()]
        return {"items": rows}

    def at_once(self, calls: Sequence[Callable[[], Any]]) -> list[Any]:
        """Call one after the other."""
        return [call() for call in calls]


@settings(max_examples=400)
@given(worlds(), RULES)
def test_the_rule_is_what_its_words_say(builds: list[Real], rule: Rule) -> None:
    server = Server(builds)
    surplus = surplus_of(server, [build.row for build in reversed(builds)], rule)
    expected = [build.id for build in reversed(builds) if goes(build, builds, rule)]
    assert [build["id"] for build in surplus] == expected
    assert len(server.read) == len(set(server.read))
    if not any(build.state in rule.states for build in builds):
        assert server.read == []


@settings(max_examples=100)
@given(worlds(), RULES)
def test_a_second_run_deletes_nothing(builds: list[Real], rule: Rule) -> None:
    server = Server(builds)
    surplus = surplus_of(server, [build.row for build in builds], rule)
    gone = {build["id"] for build in surplus}
    left = [build.row for build in builds if build.id not in gone]
    assert surplus_of(server, left, rule) == []
