# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check mode sends nothing but GET and predicts what the run then does."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import EPEL, F43, F44, Lab

UNKNOWN_BEFORE = {"id", "chroot_repos", "storage"}

TASKS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "same": {"chroots": [F43]},
    "texts": {"description": "new", "instructions": "new", "homepage": "https://x.example.org"},
    "lists": {"additional_repos": ["https://a.example.org https://b.example.org"]},
    "forges": {"packit_forge_projects_allowed": ["https://github.com/a/b"]},
    "switches": {"enable_net": True, "follow_fedora_branching": False, "auto_prune": None},
    "null": {"description": None, "bootstrap": None, "enable_net": None},
    "unseen": {"delete_after_days": 3, "runtime_dependencies": ["https://x.example.org/"]},
    "blind alone": {"multilib": True},
    "blind along": {"multilib": True, "description": "new"},
    "chroot": {"chroots": [F43, F44]},
    "purge": {"chroots": [F44], "purge_chroots": True},
    "absent": {"state": "absent"},
}
every_task = pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)


def run(lab: Lab, task: dict[str, Any], *, check: bool = False) -> dict[str, Any]:
    return lab.do("copr_project", project="alice/demo", check=check, **task)


def without_addresses(result: dict[str, Any]) -> dict[str, Any]:
    """Blank out what nobody can know before: an id, addresses, and the server's own storage."""
    if "project" not in result:
        return result
    shown = result["project"]
    blanked = {key: value for key, value in shown.items() if key not in UNKNOWN_BEFORE}
    return {**result, "project": {**blanked, "chroot_repos": sorted(shown["chroot_repos"])}}


@every_task
def test_of_an_existing_project(demo: Lab, task: dict[str, Any]) -> None:
    predicted = run(demo, task, check=True)
    assert demo.changes == []
    real = run(demo, task)
    assert without_addresses(predicted) == without_addresses(real)
    if "project" in real:
        assert predicted["project"].keys() == real["project"].keys()
        assert predicted["project"]["id"] == real["project"]["id"]


@every_task
def test_of_a_project_to_be_created(lab: Lab, task: dict[str, Any]) -> None:
    task = {"chroots": [F43, EPEL], **task}
    predicted = run(lab, task, check=True)
    assert lab.changes == []
    assert lab.sim.world.projects == {}
    real = run(lab, task)
    assert without_addresses(predicted) == without_addresses(real)
    if "project" in real:
        assert predicted["project"].keys() == real["project"].keys()


@every_task
def test_a_second_run_changes_nothing_and_sends_nothing(demo: Lab, task: dict[str, Any]) -> None:
    first = run(demo, task)
    demo.forget()
    second = run(demo, task)
    assert (second["changed"], second.get("diff")) == (False, None)
    assert demo.changes == []
    assert second.get("project") == first.get("project")
    assert run(demo, task, check=True) == second


@pytest.mark.parametrize(
    "task",
    [
        {"chroots": ["nope"]},
        {"chroots": []},
        {"persistent": True},
        {"extra_options": {"novelty": 1}},
    ],
)
def test_what_the_run_refuses_check_mode_refuses_in_the_same_words(
    demo: Lab, task: dict[str, Any]
) -> None:
    predicted = demo.fail("copr_project", project="alice/demo", check=True, **task)
    real = demo.fail("copr_project", project="alice/demo", **task)
    assert (predicted.message, predicted.kind) == (real.message, real.kind)


def test_the_client_itself_refuses_to_send_a_change_in_check_mode(demo: Lab) -> None:
    task = demo.task("copr_project", project="alice/demo", check=True)
    with pytest.raises(AssertionError, match="PUT"):
        task.client.change("PUT", "project/edit/alice/demo", {"description": "x"})
    with pytest.raises(AssertionError, match="POST"):
        task.client.submit("build/create/url", {})
    assert demo.calls == []
