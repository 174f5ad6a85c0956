# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module of copr_repo: what it declares, and what it says where it can't run."""

from __future__ import annotations

import ast
from typing import Any

import pytest
import yaml
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import CONNECTION_SPEC

from tools.checkout import CHECKOUT
from unit.lab import Lab, declared

FILES = ["owner", "group", "seuser", "serole", "selevel", "setype", "attributes", "unsafe_writes"]


def documented() -> dict[str, Any]:
    """Return the options that the documentation of the module itself describes."""
    source = (CHECKOUT / "plugins/modules/copr_repo.py").read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DOCUMENTATION":
            return dict(yaml.safe_load(ast.literal_eval(node.value))["options"])
    raise AssertionError


def test_what_is_documented_is_what_is_declared() -> None:
    options = declared("copr_repo").options
    described = documented()
    # These two come with fragments.
    assert set(described) | {"project"} | set(FILES) == set(options)
    for name, one in described.items():
        for key in ("type", "elements", "choices", "default"):
            # A mode has its type in ansible-core's fragment.
            if (name, key) != ("mode", "type"):
                assert one.get(key) == options[name].get(key), (name, key)
    assert not set(CONNECTION_SPEC) & set(options)


def test_as_a_module_it_says_why_it_cannot_run(lab: Lab) -> None:
    error = lab.fail("copr_repo", project="alice/demo")
    assert error.kind == "configuration"
    assert "runs on the controller" in error.message
    assert lab.calls == []


def test_it_is_in_the_group_and_has_an_action_of_its_own() -> None:
    runtime = yaml.safe_load((CHECKOUT / "meta/runtime.yml").read_text(encoding="utf-8"))
    assert "copr_repo" in runtime["action_groups"]["copr"]
    routed = {"action_plugin": "fedora.copr.copr_repo"}
    assert runtime["plugin_routing"]["modules"]["copr_repo"] == routed
    assert (CHECKOUT / "plugins/action/copr_repo.py").exists()


@pytest.mark.parametrize("option", ["priority", "includepkgs", "module_hotfixes", "cost"])
def test_what_copr_or_the_user_may_have_set_has_no_default(option: str) -> None:
    assert "default" not in declared("copr_repo").options[option]
