# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Having repositories made anew, and waiting until they are."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from unit.lab import EPEL, F43, STEP, Lab

PUT = "PUT project/regenerate-repos/alice/demo"


def regenerate(lab: Lab, **options: Any) -> dict[str, Any]:
    return lab.do("copr_regenerate", project="alice/demo", **options)


def revision(lab: Lab, chroot: str = F43) -> str | None:
    """Return the text of a repository's index, or None if there is none."""
    answer = requests.get(
        f"{lab.sim.url}/results/alice/demo/{chroot}/repodata/repomd.xml", timeout=60
    )
    return answer.text if answer.status_code == 200 else None


@pytest.fixture
def settled(demo: Lab) -> Lab:
    """Have a project whose repositories were made some time ago."""
    demo.clock.advance(10 * STEP)
    return demo


def test_the_wait_ends_when_the_repositories_are_new(settled: Lab) -> None:
    old = revision(settled)
    result = regenerate(settled)
    assert result["changed"] is True
    assert [each["chroot"] for each in result["repositories"]] == [EPEL, F43]
    assert revision(settled) != old
    assert STEP <= sum(settled.slept) <= 2 * STEP
    assert settled.changes == [PUT]


def test_without_the_wait_they_are_still_old(settled: Lab) -> None:
    old = revision(settled)
    assert regenerate(settled, wait=False)["changed"] is True
    assert revision(settled) == old
    assert settled.slept == []


def test_repositories_that_are_not_there_yet_are_waited_for(demo: Lab) -> None:
    assert revision(demo) is None
    regenerate(demo)
    assert revision(demo) is not None


def test_it_is_a_change_each_time(settled: Lab) -> None:
    assert [regenerate(settled)["changed"] for _run in range(2)] == [True, True]
    assert settled.changes == [PUT, PUT]


def test_check_mode_sends_nothing(settled: Lab) -> None:
    predicted = regenerate(settled, check=True)
    assert settled.changes == []
    assert predicted == regenerate(settled)


def test_a_wait_tells_how_far_it_has_come(settled: Lab) -> None:
    settled.listens = True
    regenerate(settled, poll_interval=STEP)
    assert settled.progress == [
        f"[00:10] {EPEL}: repository regenerated",
        f"[00:10] {F43}: repository regenerated",
        "[00:10] finished waiting: 2 new",
    ]
    regenerate(settled, progress=False)
    regenerate(settled, wait=False)
    assert len(settled.progress) == 3


def test_a_long_silence_is_broken(settled: Lab) -> None:
    settled.listens = True
    settled.sim.fault("status", status=503, path="repomd.xml", skip=2, times=1000)
    settled.fail(
        "copr_regenerate", project="alice/demo", wait_timeout=70, poll_interval=STEP, retries=0
    )
    assert settled.progress == ["[01:00] still waiting: 2 old"]


def test_when_the_time_is_up_the_repositories_that_are_old_are_named(settled: Lab) -> None:
    error = settled.fail(
        "copr_regenerate", project="alice/demo", wait_timeout=STEP / 2, poll_interval=1
    )
    assert error.kind == "timeout"
    assert f"{EPEL}, {F43}" in error.message
    assert f"Timed out after {STEP / 2:g} s (wait_timeout): " in error.message
    assert error.result["changed"] is True
    assert sum(settled.slept) == STEP / 2


def test_an_outage_does_not_make_the_wait_longer(settled: Lab) -> None:
    settled.sim.fault("status", status=503, path="repomd.xml", skip=2, times=1000)
    settled.fail("copr_regenerate", project="alice/demo", wait_timeout=30, poll_interval=STEP)
    assert sum(settled.slept) == 30


@pytest.mark.parametrize("fault", ["reset_before", "status"])
def test_an_outage_while_waiting_does_not_end_the_wait(settled: Lab, fault: str) -> None:
    old = revision(settled, EPEL)
    settled.sim.fault(fault, path="repomd.xml", skip=2, times=3)
    regenerate(settled, retries=0)
    assert revision(settled, EPEL) != old


def test_an_index_that_can_not_be_read_is_not_taken_for_an_absent_one(settled: Lab) -> None:
    settled.sim.fault("status", status=503, path="repomd.xml", times=20)
    assert settled.fail("copr_regenerate", project="alice/demo").kind == "server"
    assert settled.changes == []


def test_a_project_that_does_not_exist_is_an_error(lab: Lab) -> None:
    assert lab.fail("copr_regenerate", project="alice/none").kind == "not_found"


def test_a_project_of_another_user_is_refused(settled: Lab) -> None:
    error = settled.fail("copr_regenerate", by="bob", project="alice/demo")
    assert error.kind == "permission"
    assert "alice/demo" in error.message
