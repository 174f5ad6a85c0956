# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is told of chroots."""

from __future__ import annotations

import pytest

from simulator.world import MOCK_CHROOTS
from unit.lab import EPEL, F43, F44, Lab


def test_the_chroots_of_the_server_are_told_without_a_login(lab: Lab) -> None:
    result = lab.do("copr_chroot_info", by=None)
    assert [chroot["name"] for chroot in result["chroots"]] == sorted(MOCK_CHROOTS)
    assert set(result["chroots"][0]) == {"name", "comment"}
    assert result["changed"] is False
    assert lab.calls == ["GET mock-chroots/list"]


def test_patterns_choose_among_them(lab: Lab) -> None:
    result = lab.do("copr_chroot_info", chroots=["epel-*-x86_64", F43])
    assert [chroot["name"] for chroot in result["chroots"]] == [EPEL, "epel-9-x86_64", F43]


def test_the_enabled_chroots_of_a_project_are_told_with_their_settings(demo: Lab) -> None:
    demo.sim.world.projects["alice/demo"].chroots[F43].additional_packages = "gcc-c++"
    epel, fedora = demo.do("copr_chroot_info", project="demo")["chroots"]
    assert (epel["name"], fedora["name"]) == (EPEL, F43)
    assert fedora["settings"]["additional_packages"] == ["gcc-c++"]
    assert fedora["repo_url"].endswith(f"/alice/demo/{F43}/")
    assert "build_config" not in fedora


def test_the_set_up_of_builds_is_told_if_asked_for(demo: Lab) -> None:
    (chroot,) = demo.do(
        "copr_chroot_info", by=None, project="alice/demo", chroots=[F43], build_config=True
    )["chroots"]
    assert chroot["build_config"]["chroot"] == F43
    assert len(demo.calls) == 3


@pytest.mark.parametrize("project", [None, "alice/demo"])
def test_a_chroot_that_is_not_there_is_an_error_with_near_names(
    demo: Lab, project: str | None
) -> None:
    error = demo.fail("copr_chroot_info", project=project, chroots=["fedora-43-x68_64"])
    assert error.kind == "invalid"
    assert F43 in error.message


def test_a_chroot_that_is_disabled_is_not_there(demo: Lab) -> None:
    assert demo.fail("copr_chroot_info", project="alice/demo", chroots=[F44]).kind == "invalid"


def test_a_project_that_does_not_exist_is_an_error(lab: Lab) -> None:
    error = lab.fail("copr_chroot_info", project="alice/none")
    assert error.kind == "not_found"
    assert "alice/none" in error.message
