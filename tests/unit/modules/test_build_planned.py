# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode where an earlier task of the play would make what the build needs."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import EPEL, F43, F44, Lab

URL: dict[str, Any] = {"url": ["https://example.org/hello-1.0-1.src.rpm"]}


def planned(lab: Lab, **options: Any) -> dict[str, Any]:
    lab.forget()
    result = lab.do("copr_build", check=True, **{"project": "alice/new", **options})
    assert lab.changes == []
    return result


def test_a_build_in_a_project_that_is_only_planned(lab: Lab) -> None:
    result = planned(lab, **URL)
    assert result["changed"] is True
    (build,) = result["builds"]
    assert (build["id"], build["projectname"], build["chroots"]) == (None, "new", [])
    (warning,) = lab.warnings
    assert "alice/new does not exist" in warning


def test_its_chroots_are_looked_for_in_what_the_server_offers(lab: Lab) -> None:
    (build,) = planned(lab, chroots=["fedora-4?-x86_64"], exclude_chroots=[F44], **URL)["builds"]
    assert F43 in build["chroots"]
    assert F44 not in build["chroots"]
    error = lab.fail("copr_build", check=True, project="alice/new", chroots=["nothing"], **URL)
    assert error.kind == "invalid"


def test_without_check_mode_the_project_must_be_there(lab: Lab) -> None:
    error = lab.fail("copr_build", project="alice/new", **URL)
    assert (error.kind, error.result["changed"]) == ("not_found", False)
    assert lab.changes == []


def test_a_chroot_that_is_only_planned(demo: Lab) -> None:
    result = planned(demo, project="alice/demo", chroots=[F43, F44], **URL)
    (build,) = result["builds"]
    assert build["chroots"] == [F43, F44]
    assert F44 in demo.warnings[0]
    error = demo.fail("copr_build", project="alice/demo", chroots=[F43, F44], **URL)
    assert error.kind == "invalid"
    assert demo.changes == []


def test_what_was_built_before_its_chroot_was_disabled_is_no_excuse(demo: Lab) -> None:
    demo.build(**URL)
    demo.do("copr_project", project="alice/demo", chroots=[F43], purge_chroots=True)
    assert demo.fail("copr_build", project="alice/demo", chroots=[EPEL], **URL).kind == "invalid"


@pytest.mark.parametrize("project", ["alice/new", "alice/demo"])
def test_a_package_that_is_only_planned(demo: Lab, project: str) -> None:
    result = planned(demo, project=project, package="hello")
    (build,) = result["builds"]
    assert (result["changed"], build["source_package"]["name"]) == (True, "hello")
    assert demo.fail("copr_build", project=project, package="hello").kind == "not_found"


def test_a_package_whose_source_is_only_planned(demo: Lab) -> None:
    demo.build(**URL)
    assert planned(demo, project="alice/demo", package="hello")["changed"] is True
    assert demo.fail("copr_build", project="alice/demo", package="hello").kind == "invalid"


@pytest.mark.parametrize("name", ["fedora-42-x86_64", "fedora-42-x86*"])
def test_a_chroot_that_has_ended_breaks_no_playbook(lab: Lab, name: str) -> None:
    ended = "fedora-42-x86_64"
    lab.project(chroots=[F43, ended])
    lab.sim.set_chroot(ended, "ended")
    options: dict[str, Any] = {"project": "alice/demo", "chroots": [F43, name], **URL}
    result = lab.do("copr_build", **options)
    assert result["builds"][0]["chroots"] == [F43]
    assert "179 days" in lab.warnings[0]
    assert lab.fail("copr_build", ended_chroots="fail", **options).kind == "invalid"
    assert lab.fail("copr_build", **{**options, "chroots": [name]}).kind == "invalid"
