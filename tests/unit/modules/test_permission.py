# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may build in a project and who may administer it."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import Lab

GET, SET = "GET project/permissions/get/alice/demo", "PUT project/permissions/set/alice/demo"
BOB = {"user": "bob", "admin": "nothing", "builder": "approved"}


def permit(lab: Lab, **options: Any) -> dict[str, Any]:
    lab.forget()
    return lab.do("copr_permission", project="alice/demo", **options)


def roles(lab: Lab) -> dict[str, Any]:
    return dict(lab.sim.world.projects["alice/demo"].permissions)


def test_a_role_is_given_once(demo: Lab) -> None:
    result = permit(demo, user="bob", builder="approved")
    assert result["changed"] is True
    assert result["permissions"] == [BOB]
    (diff,) = result["diff"]
    assert diff["before_header"] == "user bob of alice/demo"
    assert (diff["before"], diff["after"]) == ({"builder": "nothing"}, {"builder": "approved"})
    assert demo.calls == [GET, "GET project", SET, GET]
    again = permit(demo, user="bob", builder="approved")
    assert (again["changed"], again["permissions"]) == (False, [BOB])
    assert demo.calls == [GET]


def test_a_role_that_is_left_out_stays_and_null_takes_it_away(demo: Lab) -> None:
    permit(demo, user="bob", builder="approved", admin="approved")
    assert permit(demo, user="bob", builder=None)["changed"] is True
    assert roles(demo)["bob"] == {"admin": "approved", "builder": "nothing"}


def test_many_users_take_one_call(demo: Lab) -> None:
    result = permit(
        demo,
        permissions=[{"user": "bob", "builder": "approved"}, {"user": "root", "admin": "approved"}],
    )
    assert [each["user"] for each in result["permissions"]] == ["bob", "root"]
    assert demo.changes == [SET]
    assert len(result["diff"]) == 2


@pytest.mark.parametrize("check", [True, False])
def test_who_is_not_named_is_told_and_purged_only_when_asked(demo: Lab, check: bool) -> None:
    permit(demo, user="root", admin="approved")
    named = [{"user": "bob", "builder": "approved"}]
    kept = permit(demo, permissions=named, check=check)
    assert kept["unmanaged"] == {"permissions": ["root"]}
    assert roles(demo)["root"]["admin"] == "approved"
    purged = permit(demo, permissions=named, purge=True, check=check)
    assert purged["changed"] is True
    assert purged["unmanaged"] == {"permissions": []}
    assert roles(demo)["root"]["admin"] == ("approved" if check else "nothing")
    assert permit(demo, permissions=named, purge=True, check=check)["changed"] is check


def test_absent_takes_all_roles_away(demo: Lab) -> None:
    permit(demo, user="bob", builder="approved", admin="request")
    result = permit(demo, user="bob", state="absent")
    assert (result["changed"], roles(demo)["bob"]["builder"]) == (True, "nothing")
    assert permit(demo, user="bob", state="absent")["changed"] is False


def test_check_mode_predicts_the_same(demo: Lab) -> None:
    options = {"user": "bob", "builder": "approved"}
    predicted = permit(demo, check=True, **options)
    assert demo.changes == []
    assert predicted == permit(demo, **options)


def test_a_project_that_is_only_planned_lets_its_permissions_be_planned(lab: Lab) -> None:
    options: dict[str, Any] = {"project": "alice/new", "user": "bob", "builder": "approved"}
    predicted = lab.do("copr_permission", check=True, **options)
    assert predicted["changed"] is True
    assert predicted["permissions"] == [BOB]
    assert "alice/new does not exist" in lab.warnings[0]
    error = lab.fail("copr_permission", **options)
    assert (error.kind, error.result["changed"]) == ("not_found", False)
    nothing: dict[str, Any] = {"project": "alice/new", "user": "bob", "builder": "nothing"}
    assert lab.fail("copr_permission", **nothing).kind == "not_found"
    gone = lab.do("copr_permission", project="alice/new", user="bob", state="absent")
    assert gone["changed"] is False


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"user": "nobody", "builder": "approved"}, "invalid"),
        ({"user": "alice", "builder": "approved"}, "invalid"),
        ({"user": "", "builder": "approved"}, "invalid"),
        ({"permissions": [{"user": "bob"}, {"user": "bob"}]}, "invalid"),
    ],
)
def test_what_the_server_would_refuse(demo: Lab, options: dict[str, Any], kind: str) -> None:
    error = demo.fail("copr_permission", project="alice/demo", **options)
    assert (error.kind, roles(demo)) == (kind, {})


def test_a_stranger_is_refused(demo: Lab) -> None:
    error = demo.fail(
        "copr_permission", by="bob", project="alice/demo", user="bob", builder="approved"
    )
    assert error.kind == "permission"


def request(lab: Lab, **options: Any) -> dict[str, Any]:
    asked = {"project": "alice/demo", "state": "requested", **options}
    return lab.do("copr_permission", by="bob", **asked)


def test_asking_for_a_role_is_a_change_once(demo: Lab) -> None:
    assert request(demo, builder="request")["changed"] is True
    assert roles(demo)["bob"]["builder"] == "request"
    assert request(demo, builder="request")["changed"] is False


def test_a_role_that_one_has_is_not_asked_for(demo: Lab) -> None:
    permit(demo, user="bob", builder="approved")
    result = request(demo, builder="request", check=True)
    assert (result["changed"], result["permissions"]) == (False, [BOB])
    assert request(demo, builder="request")["changed"] is False
    assert roles(demo)["bob"]["builder"] == "approved"


@pytest.mark.parametrize("options", [{}, {"user": "root", "builder": "request"}])
def test_asking_for_nothing_or_for_others_is_an_error(demo: Lab, options: dict[str, Any]) -> None:
    error = demo.fail(
        "copr_permission", by="bob", project="alice/demo", state="requested", **options
    )
    assert error.kind == "invalid"
