# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chroots of a project by patterns, exclusions, and after the end of a release."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import EPEL, F43, F44, Lab

PROJECT = "alice/demo"
ENDED, NEVER = "fedora-42-x86_64", "fedora-40-x86_64"


def chroots(lab: Lab, *names: str, **options: Any) -> dict[str, Any]:
    lab.forget()
    return lab.do("copr_project", project=PROJECT, chroots=list(names), **options)


@pytest.fixture
def ended(lab: Lab) -> Lab:
    """Have a project with a chroot that the server has ended since."""
    lab.project(chroots=[F43, EPEL, ENDED])
    lab.sim.set_chroot(ENDED, "ended")
    return lab


def test_a_pattern_follows_what_the_server_offers(lab: Lab) -> None:
    result = chroots(lab, "fedora-*-x86_64")
    offered = lab.client().get("mock-chroots/list")
    wanted = {name for name in offered if name.startswith("fedora-") and name.endswith("-x86_64")}
    assert len(wanted) > 1
    assert set(result["project"]["chroots"]) == wanted
    assert chroots(lab, "fedora-*-x86_64")["changed"] is False
    assert lab.calls == ["GET project", "GET mock-chroots/list"]


def test_exclusions_narrow_patterns_and_names(lab: Lab) -> None:
    result = chroots(lab, "fedora-*", EPEL, exclude_chroots=["fedora-rawhide-*", F44])
    assert F44 not in result["project"]["chroots"]
    assert {F43, EPEL} <= set(result["project"]["chroots"])
    assert not [name for name in result["project"]["chroots"] if "rawhide" in name]


def test_an_exclusion_disables_nothing_unless_purging(demo: Lab) -> None:
    kept = chroots(demo, "*-x86_64", exclude_chroots=[EPEL])
    assert EPEL in kept["project"]["chroots"]
    assert kept["unmanaged"] == {"chroots": [EPEL]}
    purged = chroots(demo, "*-x86_64", exclude_chroots=[EPEL], purge_chroots=True)
    assert EPEL not in purged["project"]["chroots"]


@pytest.mark.parametrize(
    ("names", "excluded", "says"),
    [
        (["nothing-*"], [], "nothing-*"),
        ([F43], ["fedora-*"], "exclude_chroots"),
        ([F43], ["fedora-43-x86-64"], "fedora-43-x86-64"),
        ([NEVER], [], NEVER),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_what_fits_nothing_is_an_error(
    demo: Lab, names: list[str], excluded: list[str], says: str, check: bool
) -> None:
    error = demo.fail(
        "copr_project", project=PROJECT, chroots=names, exclude_chroots=excluded, check=check
    )
    assert error.kind == "invalid"
    assert says in error.message
    assert demo.changes == []


def test_an_exclusion_without_chroots_is_refused(demo: Lab) -> None:
    with pytest.raises(AssertionError, match="exclude_chroots"):
        demo.do("copr_project", project=PROJECT, exclude_chroots=[F43])


@pytest.mark.parametrize("purge", [True, False])
@pytest.mark.parametrize("name", [ENDED, "fedora-42-x86*"])
def test_a_chroot_that_has_ended_breaks_no_playbook(ended: Lab, name: str, purge: bool) -> None:
    result = chroots(ended, F43, EPEL, name, purge_chroots=purge)
    assert result["changed"] is False
    (warning,) = ended.warnings
    assert ENDED in warning
    assert "179 days" in warning


def test_a_chroot_that_has_ended_keeps_no_other_from_being_enabled(ended: Lab) -> None:
    assert chroots(ended, F44, ENDED)["changed"] is True
    assert ended.sent == [("PUT project/edit/alice/demo", {"chroots": [EPEL, F43, F44]})]


def test_if_all_have_ended_the_set_is_left_alone(ended: Lab) -> None:
    result = chroots(ended, ENDED, purge_chroots=True)
    assert (result["changed"], result["unmanaged"]) == (False, {"chroots": []})


@pytest.mark.parametrize("name", [ENDED, "fedora-42-x86*"])
def test_who_asks_for_it_is_failed(ended: Lab, name: str) -> None:
    error = ended.fail("copr_project", project=PROJECT, chroots=[F43, name], ended_chroots="fail")
    assert error.kind == "invalid"
    assert ENDED in error.message


def test_one_that_is_offered_again_is_there_again(ended: Lab) -> None:
    ended.sim.set_chroot(ENDED, "active")
    assert chroots(ended, F43, ENDED)["changed"] is False
    assert ended.warnings == []


def test_patterns_leave_it_out(ended: Lab) -> None:
    assert ENDED not in chroots(ended, "fedora-*")["project"]["chroots"]
    assert ended.warnings == []


@pytest.mark.parametrize("name", [ENDED, NEVER])
def test_a_chroot_that_the_project_never_had_is_an_error(demo: Lab, name: str) -> None:
    demo.sim.set_chroot(ENDED, "ended")
    error = demo.fail("copr_project", project=PROJECT, chroots=[F43, name])
    assert (error.kind, demo.changes) == ("invalid", [])


def test_a_new_project_can_not_have_it(lab: Lab) -> None:
    lab.sim.set_chroot(ENDED, "ended")
    error = lab.fail("copr_project", project=PROJECT, chroots=[F43, ENDED])
    assert (error.kind, lab.changes) == ("invalid", [])
