# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles pass on what the modules take."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from ansible.module_utils.basic import FILE_COMMON_ARGUMENTS

from tools.checkout import CHECKOUT
from unit.lab import declared

# Options of copr_build that have no place in the role, which builds and nothing else.
NOT_PASSED = {"state", "build_ids", "cancel_running"}


def read(role: str, path: str) -> Any:
    return yaml.safe_load((CHECKOUT / "roles" / role / path).read_text(encoding="utf-8"))


def arguments(role: str) -> dict[str, Any]:
    return dict(read(role, "meta/argument_specs.yml")["argument_specs"]["main"]["options"])


def task(role: str, module: str) -> dict[str, Any]:
    """Return the arguments that a role gives a module."""
    tasks = read(role, "tasks/main.yml")
    return dict(next(one[module] for one in tasks if module in one))


def test_every_option_of_projects_is_passed_on() -> None:
    passed = task("project", "fedora.copr.copr_projects")
    options = declared("copr_projects").options
    assert set(passed) == set(options)
    known = arguments("project")
    for name, value in passed.items():
        variable = f"copr_projects_{'definitions' if name == 'projects' else name}"
        assert value == f"{{{{ {variable} }}}}"
        for key in ("type", "elements", "required", "default"):
            assert known[variable].get(key) == options[name].get(key), name


def test_every_option_of_a_build_is_passed_on() -> None:
    passed = task("build", "fedora.copr.copr_build")
    options = declared("copr_build").options
    assert set(passed) == set(options) - NOT_PASSED
    known = arguments("build")
    sources = known["copr_build_source"]["options"]
    for name, value in passed.items():
        assert f"copr_build_source.{name} " in value or f"{{{{ copr_build_{name} " in value
        declared_here = sources.get(name) or known[f"copr_build_{name}"]
        for key in ("type", "elements"):
            assert declared_here.get(key) == options[name].get(key), name


@pytest.mark.parametrize("role", ["project", "build"])
def test_no_variable_is_one_that_the_playbooks_of_others_use(role: str) -> None:
    texts = [path.read_text() for path in (CHECKOUT / "roles" / role / "tasks").glob("*.yml")]
    set_here = re.findall(r"(?m)^ +(?:register|loop_var): (\w+)$", "\n".join(texts))
    assert set_here
    for name in [*arguments(role), *set_here]:
        assert name.startswith(("copr_build_", "copr_projects_")), name


@pytest.mark.parametrize("role", ["project", "build"])
def test_the_defaults_are_as_documented(role: str) -> None:
    documented = {
        name: option["default"] for name, option in arguments(role).items() if "default" in option
    }
    assert read(role, "defaults/main.yml") == documented


@pytest.mark.parametrize("role", ["project", "build"])
def test_the_readme_names_every_variable(role: str) -> None:
    readme = (CHECKOUT / "roles" / role / "README.md").read_text(encoding="utf-8")
    for name in arguments(role):
        assert f"`{name}`" in readme, name


# The role is for hosts, not for images, and leaves the file itself to the module.
NOT_OF_THE_ROLE = {"root", "backup", *FILE_COMMON_ARGUMENTS}


def test_every_option_of_a_repository_is_passed_on() -> None:
    passed = task("repo", "fedora.copr.copr_repo")
    options = declared("copr_repo").options
    assert set(passed) == set(options) - NOT_OF_THE_ROLE
    known = arguments("repo")
    defaults = read("repo", "defaults/main.yml")
    for name, value in passed.items():
        variable = f"copr_repo_{name}"
        assert variable in value
        if name == "state":
            continue
        for key in ("type", "elements", "required"):
            assert known[variable].get(key) == options[name].get(key), name
        assert known[variable].get("default") == defaults.get(variable), name
        if options[name].get("default") is not None:
            assert known[variable]["default"] == options[name]["default"], name
