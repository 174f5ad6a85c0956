# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chroots of a project: nothing is removed unasked, and nobody's change is lost."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import EPEL, F43, F44, Lab

PROJECT = "alice/demo"


def chroots(lab: Lab, *names: str, **options: Any) -> dict[str, Any]:
    return lab.do("copr_project", project=PROJECT, chroots=list(names), **options)


def enabled(lab: Lab) -> set[str]:
    return set(lab.sim.world.projects[PROJECT].enabled_chroots())


def test_a_list_adds_and_removes_nothing(demo: Lab) -> None:
    result = chroots(demo, F44)
    assert enabled(demo) == {F43, EPEL, F44}
    assert result["changed"] is True
    assert result["unmanaged"] == {"chroots": [EPEL, F43]}


def test_what_is_there_and_not_named_is_unmanaged_and_no_change(demo: Lab) -> None:
    result = chroots(demo, F43)
    assert (result["changed"], result["unmanaged"]) == (False, {"chroots": [EPEL]})


def test_without_a_list_nothing_is_unmanaged(demo: Lab) -> None:
    assert demo.do("copr_project", project=PROJECT)["unmanaged"] == {"chroots": []}


def test_purge_leaves_exactly_what_is_named(demo: Lab) -> None:
    result = chroots(demo, F43, F44, purge_chroots=True)
    assert enabled(demo) == {F43, F44}
    assert result["unmanaged"] == {"chroots": []}
    (diff,) = result["diff"]
    assert diff["before"] == {"chroots": [EPEL, F43]}
    assert diff["after"] == {"chroots": [F43, F44]}


def test_purge_without_a_list_removes_nothing(demo: Lab) -> None:
    result = demo.do("copr_project", project=PROJECT, purge_chroots=True)
    assert result["changed"] is False
    assert enabled(demo) == {F43, EPEL}


@pytest.mark.parametrize("purge", [False, True])
def test_an_empty_list_is_refused_because_the_server_ignores_it(demo: Lab, purge: bool) -> None:
    error = demo.fail("copr_project", project=PROJECT, chroots=[], purge_chroots=purge)
    assert error.kind == "invalid"
    assert "empty" in error.message
    assert demo.calls == []


def test_null_leaves_the_chroots_alone(demo: Lab) -> None:
    result = demo.do("copr_project", project=PROJECT, chroots=None, purge_chroots=True)
    assert result["changed"] is False


def test_the_order_and_doubles_of_names_mean_nothing(demo: Lab) -> None:
    assert chroots(demo, F43, EPEL, F43, purge_chroots=True)["changed"] is False


def test_an_unknown_chroot_is_told_with_the_nearest_name_and_nothing_is_changed(demo: Lab) -> None:
    error = demo.fail(
        "copr_project", project=PROJECT, chroots=["fedora-43-x86-64"], description="x"
    )
    assert error.kind == "invalid"
    assert "fedora-43-x86-64" in error.message
    assert F43 in error.message
    assert demo.changes == []


def test_chroots_go_in_a_request_of_their_own(demo: Lab) -> None:
    chroots(demo, F44, description="new")
    bodies = [body for call, body in demo.sent if call.startswith("PUT")]
    assert bodies == [{"description": "new"}, {"chroots": [EPEL, F43, F44]}]


def building(lab: Lab) -> None:
    lab.build(url=["https://example.org/hello-1.0-1.src.rpm"], wait=False)


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("more", [{}, {"description": "new"}])
def test_a_chroot_that_is_building_is_not_dropped(
    demo: Lab, check: bool, more: dict[str, Any]
) -> None:
    building(demo)
    error = demo.fail(
        "copr_project", check=check, project=PROJECT, chroots=[F43], purge_chroots=True, **more
    )
    assert error.kind == "conflict"
    assert EPEL in error.message
    assert "build 1" in error.message
    assert demo.settings()["description"] == ""
    assert enabled(demo) == {F43, EPEL}


def test_builds_elsewhere_keep_no_chroot(demo: Lab) -> None:
    demo.build(url=["https://example.org/hello-1.0-1.src.rpm"], chroots=[F43], wait=False)
    for check in (True, False):
        result = chroots(demo, F43, check=check, purge_chroots=True, description="new")
        assert result["changed"] is True
    assert enabled(demo) == {F43}


def test_a_build_that_comes_meanwhile_keeps_its_chroot_and_no_other_change_is_lost(
    demo: Lab,
) -> None:
    demo.before("PUT", "project/edit", lambda: building(demo))
    error = demo.fail(
        "copr_project", project=PROJECT, chroots=[F43], purge_chroots=True, description="new"
    )
    assert error.kind == "conflict"
    assert demo.settings()["description"] == "new"
    assert enabled(demo) == {F43, EPEL}


def test_a_chroot_that_somebody_adds_before_our_edit_survives(demo: Lab) -> None:
    demo.before("GET", "mock-chroots/list", lambda: chroots(demo, F44))
    chroots(demo, "fedora-42-x86_64")
    assert enabled(demo) == {F43, EPEL, F44, "fedora-42-x86_64"}


def test_a_chroot_of_ours_that_somebody_overwrites_is_set_again(demo: Lab) -> None:
    def overwrite() -> None:
        demo.client().change("PUT", "project/edit/alice/demo", {"chroots": [F43, F44]})

    demo.after("PUT", "project/edit", overwrite)
    result = chroots(demo, "epel-9-x86_64")
    assert enabled(demo) == {F43, F44, "epel-9-x86_64"}
    assert result["project"]["chroots"] == ["epel-9-x86_64", F43, F44]


def test_when_somebody_else_made_the_whole_change_there_is_none_left(demo: Lab) -> None:
    demo.before("GET", "mock-chroots/list", lambda: chroots(demo, F44))
    result = chroots(demo, F44)
    assert result["changed"] is False
    assert demo.changes == ["PUT project/edit/alice/demo"]


def test_two_who_fight_over_the_chroots_are_told_of_it(demo: Lab) -> None:
    rounds: list[int] = []

    def again() -> None:
        rounds.append(1)
        demo.sim.world.projects[PROJECT].chroots[F44].enabled = False
        demo.after("PUT", "project/edit", again)

    demo.after("PUT", "project/edit", again)
    error = demo.fail("copr_project", project=PROJECT, chroots=[F44])
    assert error.kind == "conflict"
    assert len(rounds) > 1


def test_a_chroot_disabled_earlier_comes_back_with_its_settings(demo: Lab) -> None:
    project = demo.sim.world.projects[PROJECT]
    project.chroots[EPEL].additional_packages = "make"
    chroots(demo, F43, purge_chroots=True)
    chroots(demo, EPEL)
    assert project.chroots[EPEL].additional_packages == "make"
