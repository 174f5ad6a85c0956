# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the report says of builds, before it is a page."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.report.report import (
    Report,
    report_of,
)

from unit.lab import EPEL, F43, Lab
from unit.report.sample import (
    CHROOTS,
    MINUTE,
    PROJECT,
    SITE,
    START,
    build,
    failure,
    member,
    monitor,
    team,
)

HOUR = 60 * MINUTE


def of_project(*builds: Any, **more: Any) -> Report:
    return report_of(builds, project=PROJECT, packages=monitor([*builds]), **more)


def states(report: Report) -> dict[str, dict[str, str]]:
    """Return the states in the matrix, by package and chroot."""
    return {
        row.package: {name: cell.state for name, cell in row.cells.items()} for row in report.rows
    }


# --- the matrix ---


def test_the_newest_build_of_each_package_and_chroot_counts() -> None:
    builds = [
        build(2, "b", chroots={F43: "failed"}, version="2-1"),
        build(1, "b", chroots={F43: "succeeded", EPEL: "succeeded"}),
        build(3, "a", chroots={F43: "running"}, takes=None),
    ]
    expected = {"a": {F43: "running"}, "b": {F43: "failed", EPEL: "succeeded"}}
    for report in (report_of(builds), of_project(*builds)):
        assert states(report) == expected
        cell = report.rows[1].cells[F43]
        assert (cell.build_id, cell.version) == (2, "2-1")
        assert cell.build_url == f"{SITE}/coprs/build/2"
        assert report.states == {"running": 1, "failed": 1, "succeeded": 1}


def test_chroots_are_in_the_order_of_their_numbers_and_those_without_builds_are_there() -> None:
    builds = [build(1, chroots={"fedora-9-x86_64": "succeeded"})]
    assert of_project(*builds).chroots == [
        *CHROOTS[:2],
        "fedora-9-x86_64",
        *CHROOTS[2:],
    ]


def test_a_cell_whose_build_was_not_read_has_no_times_but_a_page() -> None:
    old, new = build(1, "old"), build(2, "new")
    report = report_of([new], project=PROJECT, packages=monitor([old, new]))
    cells = {row.package: row.cells[CHROOTS[3]] for row in report.rows}
    assert (cells["old"].started_on, cells["old"].ended_on) == (None, None)
    assert cells["old"].build_url == f"{SITE}/coprs/build/1"
    assert cells["new"].started_on == START + 2 * MINUTE


def test_packages_of_several_projects_are_rows_of_their_own() -> None:
    report = report_of([build(1), build(2, project="alice/hello")])
    assert [row.project for row in report.rows] == ["@team/hello", "alice/hello"]
    assert report.projects == {
        "@team/hello": f"{SITE}/coprs/g/team/hello/",
        "alice/hello": f"{SITE}/coprs/alice/hello/",
    }
    assert report.rows[0].package_url == f"{SITE}/coprs/g/team/hello/package/hello/"


# --- failures ---


def test_chroots_with_the_same_cause_are_one_failure() -> None:
    one = build(5, chroots=dict.fromkeys(CHROOTS[:4], "failed"), state="failed")
    told = [failure(one, where, "error: a") for where in CHROOTS[:2]]
    told += [failure(one, CHROOTS[2], "error: b"), failure(one, CHROOTS[3], None)]
    report = of_project(one, failures=told)
    found = [(each.cause, each.chroots, [*each.logs]) for each in report.failures]
    assert found == [
        ("error: a", CHROOTS[:2], CHROOTS[:2]),
        ("error: b", [CHROOTS[2]], [CHROOTS[2]]),
        ("", [CHROOTS[3]], [CHROOTS[3]]),
    ]
    assert report.failures[2].excerpt == ["Copr build error: Build failed"]


def test_failures_whose_logs_were_not_read_are_there_with_their_logs() -> None:
    one = build(5, chroots=dict.fromkeys(CHROOTS[:2], "failed"), state="failed")
    (found,) = of_project(one).failures
    assert (found.cause, found.excerpt, found.chroots) == ("", [], CHROOTS[:2])
    assert found.logs == {each["name"]: each["log_url"] for each in one["build_chroots"]}


def test_a_failure_that_a_newer_build_has_mended_is_not_told() -> None:
    old = build(1, chroots={F43: "failed"}, state="failed")
    new = build(2, chroots={F43: "succeeded"})
    assert of_project(old, new, failures=[failure(old, F43, "error: a")]).failures == []


def test_a_source_that_could_not_be_made_is_a_failure() -> None:
    url = "https://example.org/a/b-1-1.src.rpm?x=1"
    unknown = build(2, None, state="failed", chroots={}, waits=None, url=url)
    known = build(1, "c", state="failed", chroots={F43: "failed", EPEL: "failed"}, waits=None)
    told = [failure(each, "source", "error: spec") for each in (unknown, known)]
    first, second = of_project(unknown, known, failures=told).failures
    assert (first.package, first.in_source, first.chroots) == ("b-1-1.src.rpm", True, [])
    assert (second.package, second.in_source, second.chroots) == ("c", True, [EPEL, F43])
    assert [*first.logs] == [*second.logs] == ["source"]


# --- the timeline ---


def lines(report: Report) -> dict[int, Any]:
    return {line.build_id: line for period in report.periods for line in period.lines}


def test_a_long_pause_begins_a_new_period_and_the_newest_is_first() -> None:
    builds = [
        build(3, submitted=START + 5 * HOUR),
        build(2, submitted=START + 30 * MINUTE),
        build(1),
    ]
    periods = report_of(builds).periods
    assert [[line.build_id for line in period.lines] for period in periods] == [[3], [1, 2]]
    assert periods[1].start == START
    assert periods[1].end == START + 30 * MINUTE + 2 * MINUTE + 20 + 6 * MINUTE


def test_a_build_waits_from_its_submission_to_its_first_chroot() -> None:
    line = lines(report_of([build(1, chroots={EPEL: "succeeded", F43: "failed"})]))[1]
    assert line.waited == 2 * MINUTE
    assert line.whole.took == 6 * MINUTE + 20
    assert [each.took for each in line.chroots] == [5 * MINUTE, 6 * MINUTE]
    waited, first, second = line.bars
    assert (waited.state, waited.start, waited.lane) == ("waited", 0, None)
    assert (first.state, first.lane, second.state, second.lane) == ("succeeded", 0, "failed", 1)
    assert first.start == pytest.approx(waited.width)
    assert second.start + second.width == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize(
    ("one", "bars"),
    [
        (build(1, state="pending", waits=None), ["waited"]),
        (build(1, state="canceled", waits=None), ["waited"]),
        (build(1, state="importing", waits=None, chroots={}), ["waited"]),
        (build(1, state="running", takes=None), ["waited", "running", "running"]),
        (build(1, state="canceled", takes=None), ["waited", "canceled", "canceled"]),
        (build(1, submitted=None, chroots={}), []),
        (build(1, state="forked", waits=None), ["waited"]),
        ({**build(1), "build_chroots": None}, ["waited", "succeeded"]),
    ],
)
def test_times_that_are_missing_are_no_error(one: Any, bars: list[str]) -> None:
    report = report_of([one, build(2)])
    line = lines(report)[1]
    assert [each.state for each in line.bars] == bars
    drawn = [each for line in lines(report).values() for each in line.bars]
    assert all(each.start >= 0 and each.start + each.width <= 100.01 for each in drawn)


def test_of_a_set_it_says_what_builds_waited_for() -> None:
    report = report_of(**team_in_set())
    assert lines(report)[4717].after == {"lib": 4711, "hello": 4712}
    assert lines(report)[4711].after == {}
    sample = team_in_set()
    sample["builds"] = [one for one in sample["builds"] if one["id"] != 4711]
    assert lines(report_of(**sample))[4717].after == {"lib": None, "hello": 4712}
    (left,) = report.unsubmitted
    assert (left.name, left.state, left.after) == ("meta", "blocked", ["hello", "plugins"])


def test_a_member_of_a_set_may_have_several_builds() -> None:
    members = [member("a", [], 9, 1), member("b", ["a"], 2, 3), member("c", ["a"], None)]
    report = report_of([build(1), build(2), build(3)], members=members)
    assert [lines(report)[number].after for number in (1, 2, 3)] == [{}, {"a": 1}, {"a": 1}]


def team_in_set() -> dict[str, Any]:
    sample = team()
    sample["members"] = sample.pop("set")
    return sample


# --- results of the modules ---


def test_results_of_the_modules_are_taken_as_they_are(lab: Lab) -> None:
    project = lab.project()
    urls = [f"https://example.org/{name}-1.0-1.src.rpm" for name in ("good", "fails")]
    error = lab.fail("copr_build", project="alice/demo", url=urls)
    results = (
        report_of(error.result["builds"], failures=error.result["failures"]),
        report_of(
            lab.do("copr_build_info", project="alice/demo", gather=["chroots"])["builds"],
            project=project,
            packages=lab.do("copr_monitor_info", project="alice/demo")["packages"],
            failures=error.result["failures"],
        ),
    )
    for report in results:
        assert states(report) == {
            "fails": {F43: "failed", EPEL: "failed"},
            "good": {F43: "succeeded", EPEL: "succeeded"},
        }
        assert [each.chroots for each in report.failures] == [[EPEL, F43]]
        assert "error: " in report.failures[0].cause
        assert all(cell.ended_on for row in report.rows for cell in row.cells.values())
        assert [line.lanes for line in lines(report).values()] == [2, 2]


def test_a_set_is_taken_as_it_is(lab: Lab) -> None:
    lab.project()
    url = "https://example.org/{}-1.0-1.src.rpm"
    error = lab.fail(
        "copr_build_set",
        project="alice/demo",
        builds=[
            {"name": "first", "url": url.format("fails")},
            {"name": "second", "url": url.format("b"), "after": ["first"]},
        ],
    )
    result = error.result
    report = report_of(result["builds"], failures=result["failures"], members=result["members"])
    assert [each.name for each in report.unsubmitted] == ["second"]
    assert [each.chroots for each in report.failures] == [[EPEL, F43]]


@pytest.mark.parametrize(
    "wrong",
    [
        {"builds": None},
        {"builds": "text"},
        {"builds": [{}]},
        {"builds": [], "packages": [{"name": "a"}], "project": PROJECT},
        {"builds": [], "packages": []},
        {"builds": [build(1)], "failures": [{}]},
        {"builds": [build(1)], "members": [{"name": "a"}]},
        {"builds": [], "project": {"name": "hello"}},
    ],
)
def test_something_else_than_results_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CoprError, match="report needs builds"):
        report_of(wrong.pop("builds"), **wrong)
