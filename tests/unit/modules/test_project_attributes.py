# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Omitted, null and empty differ, for every attribute of a project."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import ATTRIBUTES

from unit.lab import F43, Lab

# A value of each attribute that is not the server's default.
OTHER: dict[str, Any] = {
    "description": "Text",
    "instructions": "How to",
    "homepage": "https://home.example.org",
    "contact": "somebody@example.org",
    "additional_repos": ["https://repo.example.org/a", "https://repo.example.org/b"],
    "runtime_dependencies": ["https://deps.example.org/"],
    "packit_forge_projects_allowed": ["github.com/org/one"],
    "repo_priority": 42,
    "delete_after_days": 30,
    "bootstrap": "image",
    "isolation": "simple",
    "enable_net": True,
    "devel_mode": True,
    "unlisted_on_hp": True,
    "auto_prune": False,
    "module_hotfixes": True,
    "appstream": True,
    "follow_fedora_branching": False,
    "multilib": True,
    "fedora_review": True,
    "persistent": True,
    "storage": "pulp",
}
FIXED = {"persistent", "storage"}
STUCK = {"homepage", "contact", "repo_priority"}
UNSEEN = {"multilib", "fedora_review"}
CHANGEABLE = sorted(set(ATTRIBUTES) - FIXED)
VISIBLE = sorted(set(CHANGEABLE) - UNSEEN)
EMPTY: dict[str, Any] = {"description": "", "instructions": ""} | {
    name: [] for name, value in OTHER.items() if isinstance(value, list)
}


def change(lab: Lab, **options: Any) -> dict[str, Any]:
    """As an administrator, who may set everything."""
    return lab.do("copr_project", by="root", project="alice/demo", **options)


def stored(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else value


def test_this_file_knows_every_attribute() -> None:
    assert set(OTHER) == set(ATTRIBUTES)


@pytest.mark.parametrize("name", CHANGEABLE)
def test_an_attribute_that_is_omitted_is_left_alone(lab: Lab, name: str) -> None:
    lab.project(by="root", **{name: OTHER[name]})
    result = change(lab, devel_mode=False) if name == "appstream" else change(lab, appstream=True)
    assert result["changed"] is (name != "appstream")
    assert lab.settings()[name] == stored(OTHER[name])


@pytest.mark.parametrize("name", VISIBLE)
def test_an_attribute_is_set_and_then_found_as_wanted(demo: Lab, name: str) -> None:
    first = change(demo, **{name: OTHER[name]})
    assert first["changed"] is True
    assert demo.settings()[name] == stored(OTHER[name])
    demo.forget()
    assert change(demo, **{name: OTHER[name]})["changed"] is False
    assert demo.changes == []


@pytest.mark.parametrize("name", sorted(ATTRIBUTES))
def test_an_attribute_is_set_on_creation_and_then_found_as_wanted(lab: Lab, name: str) -> None:
    first = change(lab, chroots=[F43], **{name: OTHER[name]})
    assert first["changed"] is True
    assert lab.settings()[name] == stored(OTHER[name])
    lab.forget()
    second = change(lab, chroots=[F43], **{name: OTHER[name]})
    assert second["changed"] is False
    assert lab.changes == []


@pytest.mark.parametrize("name", sorted(set(VISIBLE) - STUCK))
def test_null_goes_back_to_the_default(lab: Lab, name: str) -> None:
    lab.project(by="root", **{name: OTHER[name]})
    assert change(lab, **{name: None})["changed"] is True
    assert lab.settings()[name] == stored(ATTRIBUTES[name].default)
    lab.forget()
    assert change(lab, **{name: None})["changed"] is False
    assert lab.changes == []


@pytest.mark.parametrize("name", sorted(ATTRIBUTES))
def test_null_is_fulfilled_by_a_project_with_the_default(demo: Lab, name: str) -> None:
    assert change(demo, **{name: None})["changed"] is False
    assert demo.changes == []


@pytest.mark.parametrize("name", sorted(EMPTY))
def test_empty_makes_empty(lab: Lab, name: str) -> None:
    lab.project(**{name: OTHER[name]})
    assert change(lab, **{name: EMPTY[name]})["changed"] is True
    assert lab.settings()[name] == ""
    lab.forget()
    assert change(lab, **{name: EMPTY[name]})["changed"] is False
    assert lab.changes == []


@pytest.mark.parametrize("name", sorted(STUCK))
@pytest.mark.parametrize("value", [None, ""])
def test_what_the_server_never_clears_is_refused_before_anything_is_sent(
    lab: Lab, name: str, value: Any
) -> None:
    if name == "repo_priority" and value == "":
        value = None
    lab.project(**{name: OTHER[name]})
    error = lab.fail("copr_project", project="alice/demo", description="other", **{name: value})
    assert error.kind == "invalid"
    assert name in error.message
    assert lab.changes == []


@pytest.mark.parametrize("name", sorted(FIXED))
def test_what_only_creation_can_set_is_refused_before_anything_is_sent(
    demo: Lab, name: str
) -> None:
    error = demo.fail("copr_project", project="alice/demo", description="x", **{name: OTHER[name]})
    assert error.kind == "invalid"
    assert name in error.message
    assert demo.changes == []


@pytest.mark.parametrize("name", sorted(FIXED))
def test_null_for_what_only_creation_can_set_leaves_it_alone(lab: Lab, name: str) -> None:
    lab.project(by="root", **{name: OTHER[name]})
    assert change(lab, **{name: None})["changed"] is False
    assert lab.changes == []


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("additional_repos", ["https://a.example.org  https://b.example.org"], None),
        ("packit_forge_projects_allowed", ["https://github.com/org/one"], ["github.com/org/one"]),
        ("delete_after_days", -1, None),
        ("homepage", "", None),
        ("contact", "", None),
    ],
)
def test_another_spelling_of_the_same_value_is_no_change(
    demo: Lab, name: str, value: Any, kept: Any
) -> None:
    change(demo, **{name: value})
    demo.forget()
    result = change(demo, **{name: value})
    assert result["changed"] is False
    assert demo.changes == []
    if kept is not None:
        assert result["project"][name] == kept


@pytest.mark.parametrize("name", ["runtime_dependencies", "packit_forge_projects_allowed"])
def test_the_order_of_a_list_that_has_none_is_no_change(demo: Lab, name: str) -> None:
    values = ["https://a.example.org/x", "https://b.example.org/y"]
    change(demo, **{name: values})
    assert change(demo, **{name: values[::-1]})["changed"] is False


def test_the_order_of_additional_repos_is_a_change(demo: Lab) -> None:
    values = ["https://a.example.org/x", "https://b.example.org/y"]
    change(demo, additional_repos=values)
    assert change(demo, additional_repos=values[::-1])["changed"] is True


def test_an_edit_sends_only_what_differs(lab: Lab) -> None:
    lab.project(description="old", instructions="kept", enable_net=True)
    change(lab, description="new", instructions="kept", enable_net=True)
    assert [body for call, body in lab.sent if call.startswith("PUT")] == [{"description": "new"}]


def test_the_diff_has_only_what_differs(lab: Lab) -> None:
    lab.project(description="old", instructions="kept")
    (diff,) = change(lab, description="new", instructions="kept", homepage=None)["diff"]
    assert (diff["before"], diff["after"]) == ({"description": "old"}, {"description": "new"})


def test_an_unchanged_project_has_no_diff(lab: Lab) -> None:
    lab.project(description="old")
    assert "diff" not in change(lab, description="old")


def test_an_edit_keeps_another_field_that_somebody_changes_meanwhile(demo: Lab) -> None:
    demo.before("PUT", "project/edit", lambda: change(demo, instructions="theirs"))
    change(demo, description="ours")
    assert demo.settings()["description"] == "ours"
    assert demo.settings()["instructions"] == "theirs"
