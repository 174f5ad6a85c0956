# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A deletion that fails half way reports the builds that it has canceled."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import Lab

URL = "https://example.org/slow-1.0-1.src.rpm"
TASKS: dict[str, tuple[str, dict[str, Any]]] = {
    "project": ("copr_project", {"project": "alice/demo", "state": "absent"}),
    "build": ("copr_build", {"state": "absent", "build_ids": [1]}),
}


@pytest.mark.parametrize("what", TASKS)
def test_what_was_canceled_before_is_reported(demo: Lab, what: str) -> None:
    module, options = TASKS[what]
    demo.build(url=[URL], wait=False)

    def fail_from_now_on() -> None:
        demo.sim.fault("status", method="DELETE", status=503, times=100)

    demo.after("PUT", "build/cancel", fail_from_now_on)
    error = demo.fail(module, cancel_running=True, **options)
    assert error.status == 503
    assert error.result["changed"] is True
    assert [each["before_header"] for each in error.result["diff"]] == ["build 1"]
    assert error.result["diff"][0]["after"] == {"state": "canceled"}


@pytest.mark.parametrize("what", TASKS)
def test_nothing_is_reported_if_nothing_was_canceled(demo: Lab, what: str) -> None:
    module, options = TASKS[what]
    demo.build(url=[URL], wait=False)
    demo.finish()
    demo.sim.fault("status", method="DELETE", status=503, times=100)
    error = demo.fail(module, cancel_running=True, **options)
    assert error.result["changed"] is False
