# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds that check mode only plans have no id; the tasks after them take that."""

from __future__ import annotations

from typing import Any

import pytest

from tools.checkout import CHECKOUT
from unit.lab import Lab, declared

# What takes builds by their ids, with the other options of a task.
TASKS: dict[str, list[dict[str, Any]]] = {
    "copr_build": [{"state": "canceled"}, {"state": "absent"}],
    "copr_build_info": [{}, {"gather": ["logs"]}],
    "copr_build_wait": [{}],
    "copr_results": [{"dest": "results"}],
}


def test_no_module_is_forgotten() -> None:
    modules = [path.stem for path in CHECKOUT.glob("plugins/modules/*.py")]
    assert {name for name in modules if "build_ids" in declared(name).options} == set(TASKS)


@pytest.mark.parametrize(
    ("module", "options"),
    [(module, options) for module, tasks in TASKS.items() for options in tasks],
)
def test_a_planned_build_is_passed_on(
    demo: Lab, module: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(demo.tmp_path)
    url = ["https://example.org/hello-1.0-1.src.rpm"]
    builds = demo.do("copr_build", project="alice/demo", url=url, check=True)["builds"]
    numbers = [build["id"] for build in builds]
    assert numbers == [None]
    result = demo.do(module, build_ids=numbers, check=True, **options)
    assert result.get("builds", result.get("files")) == []


def test_what_is_no_number_is_refused(demo: Lab) -> None:
    for module, tasks in TASKS.items():
        error = demo.fail(module, build_ids=["hello"], **tasks[0])
        assert (error.kind, "'hello', which is not a build number" in error.message) == (
            "invalid",
            True,
        )


def test_the_unknown_chroots_of_a_planned_project_are_not_shown(demo: Lab) -> None:
    url = ["https://example.org/hello-1.0-1.src.rpm"]
    result = demo.do("copr_build", project="alice/new", url=url, check=True)
    assert "chroots" not in result["diff"][0]["after"]


def test_repositories_of_a_planned_project_are_regenerated(demo: Lab) -> None:
    assert demo.do("copr_regenerate", project="alice/new", check=True)["changed"]
    assert "alice/new does not exist" in demo.warnings[0]
    assert demo.fail("copr_regenerate", project="alice/new").kind == "not_found"
