# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""New webhook secrets."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import Lab

POST = "POST webhook/generate/alice/demo"


def webhook(lab: Lab, **options: Any) -> dict[str, Any]:
    lab.forget()
    return lab.do("copr_webhook", **{"project": "alice/demo", **options})


def test_each_run_makes_another_secret(demo: Lab) -> None:
    first, second = webhook(demo), webhook(demo)
    assert (first["changed"], second["changed"]) == (True, True)
    assert first["webhooks"] != second["webhooks"]
    assert set(first["webhooks"]) == {"bitbucket", "custom", "github", "gitlab"}
    number = demo.sim.world.projects["alice/demo"].id
    assert first["webhooks"]["github"].startswith(f"{demo.sim.url}/webhooks/github/{number}/")
    assert demo.changes == [POST]


def test_check_mode_makes_none(demo: Lab) -> None:
    result = webhook(demo, check=True)
    assert (result["changed"], result["webhooks"], demo.changes) == (True, None, [])


@pytest.mark.parametrize("fault", ["lose_answer", "cut", "status"])
def test_a_lost_answer_is_not_repeated_and_said(demo: Lab, fault: str) -> None:
    demo.sim.fault(fault, path="/webhook/generate")
    error = demo.fail("copr_webhook", project="alice/demo")
    assert "run the task again" in error.message
    assert len([call for call in demo.changes if call == POST]) == 1


def test_a_project_that_is_only_planned(lab: Lab) -> None:
    assert webhook(lab, project="alice/new", check=True)["changed"] is True
    assert lab.fail("copr_webhook", project="alice/new").kind == "not_found"


def test_a_stranger_is_refused(demo: Lab) -> None:
    assert demo.fail("copr_webhook", by="bob", project="alice/demo").kind == "permission"
