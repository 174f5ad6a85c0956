# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of projects."""

from __future__ import annotations

from typing import Any

import pytest

from simulator.project_form import DEFAULTS
from unit.lab import EPEL, F43, F44, Lab

OLD = "fedora-42-x86_64"


def names(result: dict[str, Any]) -> list[str]:
    return [project["full_name"] for project in result["projects"]]


@pytest.fixture
def several(lab: Lab) -> Lab:
    """Have some projects."""
    for name in ("alice/one", "alice/two", "@packagers/one"):
        lab.project(name)
    return lab


def test_a_project_is_told_as_the_state_module_tells_it(lab: Lab) -> None:
    made = lab.project("alice/demo", description="Text")
    result = lab.do("copr_project_info", project="alice/demo")
    assert result == {"changed": False, "projects": [made]}
    assert result["projects"][0]["chroots"] == [EPEL, F43]


def test_a_project_that_does_not_exist_is_no_failure(lab: Lab) -> None:
    assert lab.do("copr_project_info", project="alice/none")["projects"] == []


def test_no_login_is_needed(several: Lab) -> None:
    assert names(several.do("copr_project_info", by=None, project="alice/one")) == ["alice/one"]
    assert [one.user for one in several.sim.requests] == [None]


def test_a_plain_name_is_a_project_of_ones_own(several: Lab) -> None:
    assert names(several.do("copr_project_info", project="one")) == ["alice/one"]


@pytest.mark.parametrize(
    ("owner", "expected"),
    [
        ("alice", ["alice/one", "alice/two"]),
        ("@packagers", ["@packagers/one"]),
        ("nobody", []),
    ],
)
def test_the_projects_of_an_owner_are_told(several: Lab, owner: str, expected: list[str]) -> None:
    assert names(several.do("copr_project_info", owner=owner)) == expected


def test_the_order_is_as_asked(several: Lab) -> None:
    result = several.do("copr_project_info", owner="alice", order="name", order_type="DESC")
    assert names(result) == ["alice/two", "alice/one"]


def test_parts_of_names_are_found_whatever_their_case(several: Lab) -> None:
    # The server takes the user who made it for the owner of a group's project.
    for query, found in (("ALI/ON", {"alice/one", "@packagers/one"}), ("ALI/TW", {"alice/two"})):
        assert set(names(several.do("copr_project_info", query=query))) == found


def test_words_are_found_once_the_index_knows_them(several: Lab) -> None:
    assert names(several.do("copr_project_info", query="two")) == []
    several.clock.advance(3600)
    assert names(several.do("copr_project_info", query="two")) == ["alice/two"]


def test_a_word_that_is_too_short_is_refused_by_the_server(lab: Lab) -> None:
    assert lab.fail("copr_project_info", query="ab").kind == "invalid"


@pytest.mark.parametrize("options", [{"owner": ""}, {"query": " "}, {"owner": "a", "limit": 0}])
def test_what_would_return_everything_or_nothing_is_refused(
    lab: Lab, options: dict[str, Any]
) -> None:
    assert lab.fail("copr_project_info", **options).kind == "invalid"
    assert lab.calls == []


@pytest.fixture
def crowd(lab: Lab) -> Lab:
    """Have an owner with 1,000 projects."""
    for number in range(1000):
        lab.sim.world.add_project("alice", f"p{number}", dict(DEFAULTS))
    return lab


def test_an_owner_with_a_thousand_projects_costs_eleven_requests(crowd: Lab) -> None:
    result = crowd.do("copr_project_info", owner="alice")
    assert names(result) == [f"alice/p{number}" for number in range(1000)]
    assert crowd.calls == ["GET project/list"] * 11


def test_a_limit_reads_no_more_than_it_needs(crowd: Lab) -> None:
    result = crowd.do("copr_project_info", query="alice/", limit=150)
    assert len(set(names(result))) == 150
    assert crowd.calls == ["GET project/search"] * 2


def test_a_project_made_while_the_list_is_read_hides_no_other(crowd: Lab) -> None:
    crowd.after("GET", "project/list", lambda: crowd.project("alice/aaa", chroots=[F44]))
    result = crowd.do("copr_project_info", owner="alice", order="name")
    assert {f"alice/p{number}" for number in range(1000)} <= set(names(result))
    assert len(names(result)) == len(set(names(result)))


def test_check_mode_tells_the_same(several: Lab) -> None:
    told = several.do("copr_project_info", owner="alice")
    assert several.do("copr_project_info", owner="alice", check=True) == told


def test_chroots_that_have_ended_are_told_with_the_days_left(several: Lab) -> None:
    for name in ("alice/one", "alice/two"):
        several.do("copr_project", project=name, chroots=[OLD])
    several.do("copr_project", project="alice/two", chroots=[EPEL, OLD], purge_chroots=True)
    several.sim.set_chroot(OLD, "ended")
    several.forget()
    result = several.do("copr_project_info", owner="alice", ended_chroots=True)
    # F43 was disabled by its project, and could be enabled again.
    assert [one["ended_chroots"] for one in result["projects"]] == [{OLD: 179}, {OLD: 179}]
    assert sorted(several.calls) == [
        "GET mock-chroots/list",
        "GET project/list",
        "GET rpmrepo/alice/one/any",
        "GET rpmrepo/alice/two/any",
    ]


def test_where_no_chroot_has_ended_nothing_more_is_asked(several: Lab) -> None:
    result = several.do("copr_project_info", project="alice/one", ended_chroots=True)
    assert result["projects"][0]["ended_chroots"] == {}
    assert several.calls == ["GET project", "GET rpmrepo/alice/one/any"]
