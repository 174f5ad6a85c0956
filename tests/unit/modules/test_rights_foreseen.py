# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode foresees that the user may not make the change."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import EPEL, F43, Lab

GEM = {"rubygems": {"gem_name": "x"}}
CHANGES: dict[str, dict[str, Any]] = {
    "copr_project": {"description": "Other"},
    "copr_chroot": {"chroot": F43, "with_opts": ["x"]},
    "copr_package": {"packages": [{"package": "x", **GEM}, {"package": "y", **GEM}]},
    "copr_permission": {"user": "root", "builder": "approved"},
    "copr_webhook": {},
    "copr_regenerate": {},
    "copr_build": GEM,
}
PROJECT = "alice/demo"
WHOLE = {
    "project": PROJECT,
    "description": "Other",
    "chroots": [F43, EPEL],
    "chroot_settings": [{"chroot": F43, "with_opts": ["x"]}],
    "packages": [{"package": "x", **GEM}],
}


@pytest.mark.parametrize("module", CHANGES)
@pytest.mark.parametrize("check", [True, False])
def test_a_stranger_is_refused(demo: Lab, module: str, check: bool) -> None:
    error = demo.fail(module, by="bob", check=check, project=PROJECT, **CHANGES[module])
    assert error.kind == "permission"
    assert demo.changes == [] or not check
    assert PROJECT in error.message


@pytest.mark.parametrize("module", sorted(set(CHANGES) - {"copr_permission"}))
def test_without_a_login_nothing_is_foreseen(demo: Lab, module: str) -> None:
    result = demo.do(module, by=None, check=True, project=PROJECT, **CHANGES[module])
    assert result["changed"] is True


@pytest.mark.parametrize("module", sorted(set(CHANGES) - {"copr_regenerate"}))
def test_in_a_project_that_is_only_planned_nothing_is_foreseen(demo: Lab, module: str) -> None:
    more = {"chroots": [F43]} if module == "copr_project" else {}
    options = {"project": "alice/none", **CHANGES[module], **more}
    assert demo.do(module, check=True, **options)["changed"] is True


@pytest.mark.parametrize(("role", "may"), [("builder", {"copr_build"}), ("admin", set(CHANGES))])
def test_roles_count(demo: Lab, role: str, may: set[str]) -> None:
    permitted: dict[str, Any] = {"user": "bob", role: "approved"}
    demo.do("copr_permission", project=PROJECT, **permitted)
    for module, options in CHANGES.items():
        if module in may:
            demo.do(module, by="bob", check=True, project=PROJECT, **options)
        else:
            assert (
                demo.fail(module, by="bob", check=True, project=PROJECT, **options).kind
                == "permission"
            )


def test_what_is_as_wished_needs_no_rights(demo: Lab) -> None:
    assert demo.do("copr_project", by="bob", check=True, project=PROJECT)["changed"] is False
    assert demo.calls == ["GET project"]


def test_a_set_of_projects_asks_once_for_each_that_differs(demo: Lab) -> None:
    demo.project("alice/same", chroots=[F43])
    definitions = [WHOLE, {"project": "alice/same"}, {"project": "alice/new", "chroots": [F43]}]
    demo.do("copr_projects", check=True, projects=definitions)
    asked = [call for call in demo.calls if "permissions" in call]
    assert asked == ["GET project/permissions/get/alice/demo"]
    error = demo.fail("copr_projects", by="bob", check=True, projects=definitions[:2])
    assert error.kind == "permission"
    assert [each["result"] for each in error.result["projects"]] == ["failed", "ok"]
