# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.waiting import Patience, wait
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import FINAL
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from hypothesis import given
from hypothesis import strategies as st

from unit.lab import F43, STEP, Lab, answering


@pytest.fixture
def two(demo: Lab) -> Lab:
    """Return two projects with a build each on its way."""
    demo.project("alice/other", chroots=[F43])
    for project in ("alice/demo", "alice/other"):
        demo.build(project=project, url=["https://example.org/a-1-1.src.rpm"], wait=False)
    demo.forget()
    return demo


def builds(lab: Lab, *numbers: int) -> list[dict[str, object]]:
    return [lab.client().get(f"build/{number}") for number in numbers]


def test_a_poll_is_one_request_for_each_project(two: Lab) -> None:
    waiting = builds(two, 1, 2)
    two.forget()
    watched = wait(two.client(), waiting, Patience(1000, STEP), None)
    assert [build["state"] for build in watched.builds] == ["succeeded", "succeeded"]
    assert two.calls == ["GET build/list"] * 12
    assert {one.query["projectname"] for one in two.sim.requests} == {"demo", "other"}


def test_a_project_whose_builds_have_ended_is_not_polled(two: Lab) -> None:
    two.client().change("PUT", "build/cancel/1", {})
    waiting = builds(two, 1, 2)
    two.forget()
    wait(two.client(), waiting, Patience(1000, STEP), None)
    assert {one.query["projectname"] for one in two.sim.requests} == {"other"}


@pytest.mark.parametrize("state", sorted(FINAL))
def test_every_final_state_ends_a_wait(two: Lab, state: str) -> None:
    (build,) = builds(two, 1)
    row = {"items": [{**build, "state": state}]}
    two.before("GET", "build/list", answering(row))
    watched = wait(two.client(), [build], Patience(1000), None)
    assert [each["state"] for each in watched.builds] == [state]
    assert len(two.slept) == 1


def test_the_list_is_read_no_further_than_the_oldest_build(demo: Lab) -> None:
    demo.build(url=[f"https://example.org/old{n}-1-1.src.rpm" for n in range(150)], wait=False)
    demo.build(url=["https://example.org/new-1-1.src.rpm"], wait=False)
    newest = builds(demo, 151)
    demo.forget()
    wait(demo.client(), newest, Patience(STEP, STEP), None)
    assert demo.calls == ["GET build/list"]


def test_more_builds_than_a_page_take_few_pages(demo: Lab) -> None:
    demo.build(url=[f"https://example.org/p{n}-1-1.src.rpm" for n in range(150)], wait=False)
    waiting = builds(demo, *range(1, 151))
    demo.forget()
    watched = wait(demo.client(), waiting, Patience(STEP, STEP), None)
    assert demo.calls == ["GET build/list"] * 2
    assert len(watched.unfinished) == 150


@pytest.mark.parametrize("status", [401, 403])
def test_what_no_patience_can_mend_ends_a_wait_at_once(two: Lab, status: int) -> None:
    waiting = builds(two, 1)
    two.before("GET", "build/list", answering({"error": "no"}, f"{status} No"))
    with pytest.raises(CoprError):
        wait(two.client(), waiting, Patience(1000), None)
    assert len(two.slept) == 1


def test_no_time_means_no_look(two: Lab) -> None:
    waiting = builds(two, 1)
    two.forget()
    watched = wait(two.client(), waiting, Patience(0), None)
    assert (watched.unfinished, two.calls) == ([1], [])


@given(elapsed=st.floats(0, 1e9))
def test_the_adaptive_pause_stays_within_its_bounds(elapsed: float) -> None:
    assert 2 <= Patience(10.0).pause(elapsed) <= 30
