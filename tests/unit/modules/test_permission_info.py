# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who has which role in a project, or asks for one."""

from __future__ import annotations

from typing import Any

from unit.lab import Lab


def test_roles_are_told_as_the_state_module_tells_them(demo: Lab) -> None:
    read: dict[str, Any] = {"project": "alice/demo"}
    assert demo.do("copr_permission_info", **read)["permissions"] == []
    made = demo.do("copr_permission", **read, user="bob", builder="approved")["permissions"]
    assert demo.do("copr_permission_info", **read)["permissions"] == made
    assert demo.fail("copr_permission_info", by="bob", **read).kind == "permission"


def test_who_asks_is_listed_and_who_has_nothing_left_is_not(demo: Lab) -> None:
    read: dict[str, Any] = {"project": "alice/demo"}
    demo.do("copr_permission", by="bob", **read, state="requested", builder="request")
    demo.do("copr_permission", **read, user="root", admin="approved")
    demo.do("copr_permission", **read, user="root", state="absent")
    demo.forget()
    result = demo.do("copr_permission_info", **read)
    assert result["changed"] is False
    assert result["permissions"] == [{"user": "bob", "admin": "nothing", "builder": "request"}]
    assert demo.calls == ["GET project/permissions/get/alice/demo"]
    assert demo.sim.world.projects["alice/demo"].permissions["root"]["admin"] == "nothing"


def test_a_project_that_does_not_exist_has_no_empty_list(demo: Lab) -> None:
    error = demo.fail("copr_permission_info", project="alice/none")
    assert (error.kind, error.status) == ("not_found", 404)
