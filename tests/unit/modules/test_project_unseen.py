# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Attributes that GET /project does not show: no false ok, no false changed."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import EPEL, F43, F44, Lab, answering

PROJECT = "alice/demo"


def project(lab: Lab, **options: Any) -> dict[str, Any]:
    return lab.do("copr_project", project=PROJECT, **options)


def test_the_days_left_are_read_where_they_are_shown(lab: Lab) -> None:
    lab.project(delete_after_days=30)
    assert project(lab, delete_after_days=30)["changed"] is False
    (diff,) = project(lab, delete_after_days=14)["diff"]
    assert (diff["before"], diff["after"]) == ({"delete_after_days": 30}, {"delete_after_days": 14})


def test_on_a_later_day_the_full_time_is_set_again(lab: Lab) -> None:
    lab.project(delete_after_days=30)
    lab.settings()["delete_after_days"] = 29
    assert project(lab, delete_after_days=30)["changed"] is True
    assert lab.settings()["delete_after_days"] == 30


@pytest.mark.parametrize("never", [None, -1])
def test_never_clears_the_day_of_deletion(lab: Lab, never: int | None) -> None:
    lab.project(delete_after_days=30)
    assert project(lab, delete_after_days=never)["changed"] is True
    assert lab.settings()["delete_after_days"] is None
    assert project(lab, delete_after_days=never)["changed"] is False


def test_zero_days_are_not_never(demo: Lab) -> None:
    assert project(demo, delete_after_days=0)["changed"] is True
    assert demo.settings()["delete_after_days"] == 0
    assert project(demo, delete_after_days=0)["changed"] is False


def test_who_does_not_care_for_repository_data_does_not_read_it(demo: Lab) -> None:
    project(demo, description="")
    assert demo.calls == ["GET project"]


def dependencies(lab: Lab, *addresses: str, inherited: tuple[str, ...] = ()) -> None:
    """Let rpmrepo show dependencies, as the server does those of dependencies, too."""
    entries = [
        {"type": "copr", "data": dict(zip(("owner", "projectname"), one[7:].split("/")))}
        if one.startswith("copr://")
        else {"type": "external_baseurl", "data": {"pattern": one}}
        for one in (*addresses, *inherited)
    ]
    lab.before("GET", "rpmrepo/alice/demo", answering({"dependencies": entries}))


def test_dependencies_of_dependencies_are_no_difference(lab: Lab) -> None:
    lab.project("alice/base", runtime_dependencies=["https://far.example.org/"])
    lab.project(runtime_dependencies=["copr://alice/base"])
    dependencies(lab, "copr://alice/base", inherited=("https://far.example.org/",))
    assert project(lab, runtime_dependencies=["copr://alice/base"])["changed"] is False


def test_a_dependency_that_nothing_explains_is_a_difference(lab: Lab) -> None:
    lab.project("alice/base")
    lab.project(runtime_dependencies=["copr://alice/base", "https://extra.example.org/"])
    result = project(lab, runtime_dependencies=["copr://alice/base"])
    assert result["changed"] is True
    assert lab.settings()["runtime_dependencies"] == "copr://alice/base"


def test_dependencies_are_taken_away_in_turn(lab: Lab) -> None:
    lab.project(runtime_dependencies=["https://a.example.org/"])
    assert project(lab, runtime_dependencies=[])["changed"] is True
    assert lab.settings()["runtime_dependencies"] == ""


@pytest.mark.parametrize("name", ["multilib", "fedora_review"])
def test_what_is_never_shown_changes_nothing_alone_and_is_named(demo: Lab, name: str) -> None:
    result = project(demo, **{name: True})
    assert (result["changed"], result["unverified"]) == (False, [name])
    assert demo.changes == []


@pytest.mark.parametrize("name", ["multilib", "fedora_review"])
def test_what_is_never_shown_goes_along_with_any_other_change(demo: Lab, name: str) -> None:
    result = project(demo, description="new", **{name: True})
    assert demo.settings()[name] is True
    assert result["unverified"] == [name]


def test_what_is_never_shown_goes_along_with_a_change_of_chroots(demo: Lab) -> None:
    project(demo, chroots=[F44], multilib=True)
    assert demo.settings()["multilib"] is True


def test_null_for_what_is_never_shown_goes_along_as_the_default(lab: Lab) -> None:
    lab.project(multilib=True)
    project(lab, description="new", multilib=None)
    assert lab.settings()["multilib"] is False


def test_unverified_is_empty_where_everything_can_be_seen(demo: Lab) -> None:
    assert project(demo, description="new", delete_after_days=3)["unverified"] == []


# --- fields that this collection does not know ---


def server_knows(lab: Lab, *fields: str) -> None:
    form = {"properties": {field: {"type": "string"} for field in fields}}
    lab.before("GET", "swagger", answering({"definitions": {"ProjectEdit": form}}))


def test_an_extra_option_that_the_server_knows_is_sent_on_creation(lab: Lab) -> None:
    server_knows(lab, "novelty")
    project(lab, chroots=[F43], extra_options={"novelty": 7})
    assert lab.sent[0][1]["novelty"] == 7


def test_an_extra_option_that_the_server_does_not_show_goes_along_unverified(demo: Lab) -> None:
    server_knows(demo, "novelty")
    assert project(demo, extra_options={"novelty": 7})["changed"] is False
    server_knows(demo, "novelty")
    result = project(demo, description="new", extra_options={"novelty": 7})
    assert demo.sent == [("PUT project/edit/alice/demo", {"description": "new", "novelty": 7})]
    assert result["unverified"] == ["novelty"]


def test_an_extra_option_that_the_server_shows_is_compared(demo: Lab) -> None:
    names = {"name": "demo", "ownername": "alice", "full_name": "alice/demo"}
    shown = {"id": 1, **names, "chroot_repos": {F43: "", EPEL: ""}, "novelty": 7}
    server_knows(demo, "novelty")
    demo.before("GET", "project$", answering(shown))
    assert project(demo, extra_options={"novelty": 7})["changed"] is False
    server_knows(demo, "novelty")
    demo.before("GET", "project$", answering(shown))
    demo.after("PUT", "edit", lambda: demo.before("GET", "", answering({**shown, "novelty": 8})))
    (diff,) = project(demo, extra_options={"novelty": 8})["diff"]
    assert (diff["before"], diff["after"]) == ({"novelty": 7}, {"novelty": 8})


def test_an_extra_option_that_the_server_does_not_know_is_an_error_naming_it(demo: Lab) -> None:
    server_knows(demo, "novelty")
    error = demo.fail("copr_project", project=PROJECT, extra_options={"noveltie": 7})
    assert error.kind == "invalid"
    assert "noveltie" in error.message
    assert demo.changes == []


@pytest.mark.parametrize("name", ["description", "chroots", "name"])
def test_an_extra_option_with_an_option_of_its_own_is_refused(demo: Lab, name: str) -> None:
    error = demo.fail("copr_project", project=PROJECT, extra_options={name: "x"})
    assert error.kind == "invalid"
    assert name in error.message
