# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any call of the API."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.modules.copr_api import checked_path

from unit.lab import F43, Lab

WHERE = {"ownername": "alice", "projectname": "demo"}


@pytest.mark.parametrize(
    ("path", "checked"),
    [
        ("build/1", "build/1"),
        ("/build/1/", "build/1"),
        ("/api_3/build/1", "build/1"),
        ("project/fork/@packagers/demo", "project/fork/@packagers/demo"),
        ("rpmrepo/alice/demo:custom:x/any", "rpmrepo/alice/demo:custom:x/any"),
    ],
)
def test_a_path_is_what_stands_behind_the_api(path: str, checked: str) -> None:
    assert checked_path(path) == checked


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "build//1",
        "../simulator/faults",
        "build/../../x",
        "./build",
        "build?limit=1",
        "build#1",
        "build\\1",
        "build/%2e%2e/x",
        "https://example.org/build",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(CoprError) as caught:
        checked_path(path)
    assert caught.value.kind == "invalid"


def test_a_get_returns_the_answer_and_changes_nothing(demo: Lab) -> None:
    result = demo.do("copr_api", by=None, path="project", query=WHERE)
    assert result["changed"] is False
    assert result["json"]["full_name"] == "alice/demo"


def test_a_get_is_sent_in_check_mode_too(demo: Lab) -> None:
    assert demo.do("copr_api", check=True, path="project", query=WHERE)["json"]["id"] == 1


def test_a_get_has_no_login_unless_told(demo: Lab) -> None:
    demo.do("copr_api", path="project", query=WHERE)
    demo.do("copr_api", path="auth-check", login=True)
    assert [one.user for one in demo.sim.requests] == [None, "alice"]


def test_a_get_with_a_body_is_refused(lab: Lab) -> None:
    assert lab.fail("copr_api", path="project", body={"x": 1}).kind == "invalid"
    assert lab.calls == []


def test_another_method_is_a_change_and_sends_its_body(demo: Lab) -> None:
    result = demo.do(
        "copr_api", path="project/edit/alice/demo", method="PUT", body={"description": "Text"}
    )
    assert result["changed"] is True
    assert result["json"]["description"] == "Text"
    assert demo.settings()["description"] == "Text"


def test_a_query_goes_with_another_method(lab: Lab) -> None:
    lab.project("alice/demo")
    body = {"name": "demo", "chroots": [F43]}
    query = {"exist_ok": "True"}
    result = lab.do("copr_api", path="project/add/alice", method="POST", body=body, query=query)
    assert result["json"]["full_name"] == "alice/demo"


def test_a_call_that_only_asks_can_be_told_from_a_change(demo: Lab) -> None:
    result = demo.do(
        "copr_api", path="build/check-before-build", method="POST", body=WHERE, changes=False
    )
    assert result["changed"] is False
    assert "message" in result["json"]


@pytest.mark.parametrize("changes", [True, False])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_check_mode_sends_nothing_but_get(demo: Lab, method: str, changes: bool) -> None:
    result = demo.do(
        "copr_api", check=True, path="project/delete/alice/demo", method=method, changes=changes
    )
    assert result == {"changed": changes, "json": None}
    assert demo.calls == []


def submit(lab: Lab, **options: Any) -> dict[str, Any]:
    body = {**WHERE, "gem_name": "hello", "chroots": [F43]}
    return lab.do("copr_api", path="build/create/rubygems", method="POST", body=body, **options)


def test_what_must_not_be_sent_twice_is_sent_once(demo: Lab) -> None:
    demo.sim.fault("lose_answer", path="/build/create/")
    with pytest.raises(CoprError) as caught:
        submit(demo)
    assert caught.value.kind == "unreachable"
    assert len(demo.builds()) == 1


def test_what_may_be_repeated_is_repeated(demo: Lab) -> None:
    demo.sim.fault("lose_answer", path="/project/edit/")
    result = demo.do(
        "copr_api",
        path="project/edit/alice/demo",
        method="PUT",
        body={"description": "Text"},
        repeatable=True,
    )
    assert result["json"]["description"] == "Text"
    assert len(demo.changes) == 2


def test_a_call_that_does_not_exist_is_an_error_with_the_servers_words(lab: Lab) -> None:
    error = lab.fail("copr_api", path="no/such/call")
    assert error.kind == "not_found"
    assert error.server_message
    assert error.server_message in error.message
