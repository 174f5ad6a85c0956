# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When builds ran, and which builds they waited for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import is_final

from .builds import moments_of, name_of, project_of
from .matrix import in_natural_order

# After a pause of this many seconds, a new period begins, which has an axis of its own: on a single
# axis, minutes of building would disappear between weeks without builds.
PAUSE = 3600
# The least width of a bar that can be seen, in percent.
THINNEST = 0.6


@dataclass(frozen=True)
class Bar:
    """A stretch of time in the chart of a period.

    Attributes:
        start: percent of the period.
        width: percent of the period.
        state: of the chroot or build; C(waited) for the time before.
        lane: the line of the chart; None means all of them.
    """

    start: float
    width: float
    state: str
    lane: int | None


@dataclass(frozen=True)
class Stretch:
    """A chroot of a build, or a build: its state and times, null if Copr has none."""

    name: str
    state: str
    started_on: int | None
    ended_on: int | None

    @property
    def took(self) -> int | None:
        """How many seconds it ran; None while it runs, or if a time is unknown."""
        if self.started_on is None or self.ended_on is None:
            return None
        return self.ended_on - self.started_on

    @property
    def is_final(self) -> bool:
        """Whether it is finished, so that a missing time stays missing."""
        return is_final({"state": self.state})


@dataclass(frozen=True)
class Line:
    """A build in the timeline.

    Attributes:
        whole: the build itself.
        waited: seconds from its submission to its start; None until then.
        after: names of its set that it comes after, each with its build if that is in the timeline.
    """

    build_id: int
    build_url: str
    project: str
    package: str
    version: str
    submitted_on: int | None
    waited: int | None
    whole: Stretch
    chroots: Sequence[Stretch]
    after: Mapping[str, int | None]
    bars: Sequence[Bar]

    @property
    def lanes(self) -> int:
        """How many lines the chart has."""
        return max(1, len(self.chroots))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What the page filters by: chroots and states."""
        return [(each.name, each.state) for each in self.chroots or [self.whole]]


@dataclass(frozen=True)
class Period:
    """Builds without a long pause between them, oldest first."""

    start: int | None
    end: int | None
    lines: Sequence[Line]


@dataclass(frozen=True)
class Unsubmitted:
    """A member of a set that has no build, with the names of the members that it comes after."""

    name: str
    state: str
    after: Sequence[str]


def periods_of(
    builds: Iterable[Mapping[str, Any]], members: Iterable[Mapping[str, Any]] = ()
) -> list[Period]:
    """Return the periods in which builds ran, the newest first.

    C(members) are those of the set that the builds belong to, as copr_build_set returns them.
    """
    builds, members = list(builds), list(members)
    shown = {build["id"] for build in builds}
    numbers = {
        each["name"]: next((number for number in each["build_ids"] if number in shown), None)
        for each in members
    }
    after = {
        number: {name: numbers.get(name) for name in each["after"]}
        for each in members
        for number in each["build_ids"]
    }
    latest = max((moment for build in builds for moment in moments_of(build)), default=0)
    periods: list[list[Mapping[str, Any]]] = []
    end = 0
    for build in sorted(builds, key=lambda build: (min(moments_of(build), default=0), build["id"])):
        first, last = _ends(build, latest)
        if not periods or first > end + PAUSE:
            periods.append([])
        periods[-1].append(build)
        end = max(end, last)
    return [_period(each, after, latest) for each in reversed(periods)]


def unsubmitted_of(members: Iterable[Mapping[str, Any]]) -> list[Unsubmitted]:
    """Return the members of a set that have no build; planned builds are null."""
    return [
        Unsubmitted(each["name"], each["state"], list(each["after"]))
        for each in members
        if not any(each["build_ids"])
    ]


def _ends(build: Mapping[str, Any], latest: int) -> tuple[int, int]:
    """Return when a build began and ended; an unfinished one extends to the latest known time."""
    moments = moments_of(build)
    if not moments:
        return 0, 0
    return min(moments), max(moments) if is_final(build) else latest


def _period(
    builds: Sequence[Mapping[str, Any]],
    after: Mapping[int, Mapping[str, int | None]],
    latest: int,
) -> Period:
    ends = [_ends(build, latest) for build in builds if moments_of(build)]
    start = min((first for first, _last in ends), default=None)
    end = max((last for _first, last in ends), default=None)
    lines = [_line(build, after.get(build["id"], {}), start or 0, end or 0) for build in builds]
    return Period(start, end, lines)


def _line(build: Mapping[str, Any], after: Mapping[str, int | None], start: int, end: int) -> Line:
    chroots = [
        Stretch(each["name"], each["state"], each["started_on"], each["ended_on"])
        for each in sorted(
            build["build_chroots"] or [], key=lambda each: in_natural_order(each["name"])
        )
    ]
    whole = Stretch("", build["state"], build["started_on"], build["ended_on"])
    submitted, started = build["submitted_on"], whole.started_on
    waited = None if submitted is None or started is None else max(0, started - submitted)
    return Line(
        build_id=build["id"],
        build_url=build["web_url"],
        project=project_of(build),
        package=name_of(build),
        version=build["source_package"]["version"] or "",
        submitted_on=submitted,
        waited=waited,
        whole=whole,
        chroots=chroots,
        after=after,
        bars=_bars(submitted, whole, chroots, start, end),
    )


def _bars(
    submitted: int | None, whole: Stretch, chroots: Sequence[Stretch], start: int, end: int
) -> list[Bar]:
    """Return the bars of a build in a period: the wait, then each chroot, or else the build."""
    spans: list[tuple[int, int, str, int | None]] = []
    if submitted is not None:
        until = whole.started_on
        if until is None:
            until = submitted if whole.is_final else end
        spans.append((submitted, until, "waited", None))
    ran: list[tuple[int | None, Stretch]] = [
        (lane, each) for lane, each in enumerate(chroots) if each.started_on is not None
    ]
    for lane, each in ran or [(None, whole)]:
        if each.started_on is not None:
            last = each.ended_on
            if last is None:
                last = each.started_on if each.is_final else end
            spans.append((each.started_on, last, each.state, lane))
    return [_bar(*span, start, end) for span in spans]


def _bar(first: int, last: int, state: str, lane: int | None, start: int, end: int) -> Bar:
    """Return the bar of a time within a period, wide enough to be seen."""
    percent = 100 / max(1, end - start)
    width = max(THINNEST, min(100.0, (last - first) * percent))
    place = min(max(0.0, (first - start) * percent), 100 - width)
    return Bar(round(place, 2), round(width, 2), state, lane)
