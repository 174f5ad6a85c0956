# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests that meet in a simulator that races, as they meet in the server's database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from simulator.server import running
from unit.lab import EPEL, F43, F44
from unit.simulator.frontend import Frontend

WINDOW = 0.6
"""Seconds that are enough for all requests of a test to come."""

CHROOTS = [f"{release}-{arch}" for release in ("fedora-42", "fedora-44", "fedora-rawhide", "epel-9")
           for arch in ("x86_64", "aarch64")]  # fmt: skip


class Copr(Frontend):
    """A simulator that races."""

    def add(self, **query: str) -> requests.Response:
        return self.ask("POST", "project/add/alice", {"name": "demo", "chroots": [F43]}, **query)

    def edit(self, **fields: Any) -> requests.Response:
        return self.ask("PUT", "project/edit/alice/demo", fields)


@pytest.fixture
def copr() -> Iterator[Copr]:
    """Return a simulator that races, with a project alice/demo."""
    with running(step=60, race=WINDOW) as sim:
        copr = Copr(sim)
        assert copr.add().ok
        yield copr


def at_once(*calls: Callable[[], requests.Response]) -> list[requests.Response]:
    """Make calls at the same moment."""
    with ThreadPoolExecutor(len(calls)) as pool:
        return [call.result() for call in [pool.submit(call) for call in calls]]


def statuses(answers: list[requests.Response]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def test_of_equal_new_projects_one_is_made(copr: Copr) -> None:
    copr.ask("DELETE", "project/delete/alice/demo")
    assert statuses(at_once(*[copr.add] * 8)) == [200] + [400] * 7


def test_exist_ok_answers_the_project_that_another_request_made(copr: Copr) -> None:
    copr.ask("DELETE", "project/delete/alice/demo")
    answers = at_once(*[lambda: copr.add(exist_ok="True")] * 8)
    assert statuses(answers) == [200] * 8
    assert len({answer.json()["id"] for answer in answers}) == 1


def test_edits_of_different_fields_both_survive_and_tell_of_each_other(copr: Copr) -> None:
    answers = at_once(lambda: copr.edit(description="D"), lambda: copr.edit(instructions="I"))
    for answer in answers:
        assert (answer.json()["description"], answer.json()["instructions"]) == ("D", "I")


def test_additions_that_meet_both_survive(copr: Copr) -> None:
    at_once(lambda: copr.edit(chroots=[F43, F44]), lambda: copr.edit(chroots=[F43, EPEL]))
    assert copr.chroots("alice/demo") == {F43, F44, EPEL}


def test_of_equal_additions_that_meet_one_is_refused_in_html(copr: Copr) -> None:
    answers = at_once(*[lambda: copr.edit(chroots=[F43, F44], description="D")] * 2)
    assert statuses(answers) == [200, 500]
    refused = next(answer for answer in answers if not answer.ok)
    assert refused.headers["Content-Type"].startswith("text/html")
    assert copr.chroots("alice/demo") == {F43, F44}


def test_an_edit_drops_only_what_it_has_read(copr: Copr) -> None:
    copr.edit(chroots=[F43, F44])
    at_once(lambda: copr.edit(chroots=[F43]), lambda: copr.edit(chroots=[F43, F44, EPEL]))
    assert copr.chroots("alice/demo") == {F43, EPEL}


def test_an_addition_is_lost_after_it_was_read_back(copr: Copr) -> None:
    """A slower client sends the set that it had read before; the server takes it."""
    copr.sim.world.race = 0.02
    seen = threading.Barrier(len(CHROOTS))

    def add(number: int) -> bool:
        known = copr.chroots("alice/demo")
        seen.wait(timeout=60)
        # Every second one comes a little later, when the others have been answered.
        threading.Event().wait(0.15 * (number % 2))
        answer = copr.edit(chroots=sorted(known | {CHROOTS[number]}))
        return answer.ok and CHROOTS[number] in copr.chroots("alice/demo")

    with ThreadPoolExecutor(len(CHROOTS)) as pool:
        done = list(pool.map(add, range(len(CHROOTS))))
    made = {name for name, was_seen in zip(CHROOTS, done) if was_seen}
    assert made - copr.chroots("alice/demo")


def test_of_equal_packages_one_is_added(copr: Copr) -> None:
    body = {"package_name": "rake", "gem_name": "rake"}
    answers = at_once(*[lambda: copr.ask("POST", "package/add/alice/demo/rake/rubygems", body)] * 4)
    assert statuses(answers) == [200, 500, 500, 500]


def test_of_equal_cancellations_one_is_made(copr: Copr) -> None:
    number = copr.build("alice/demo")
    answers = at_once(*[lambda: copr.ask("PUT", f"build/cancel/{number}")] * 4)
    assert statuses(answers) == [200, 500, 500, 500]


def test_deletions_of_a_build_that_meet_are_all_told_of_success(copr: Copr) -> None:
    number = copr.build("alice/demo")
    copr.ask("PUT", f"build/cancel/{number}")
    answers = at_once(*[lambda: copr.ask("DELETE", f"build/delete/{number}")] * 4)
    assert statuses(answers) == [200] * 4


def test_of_deletions_of_a_project_that_meet_one_is_told_of_success(copr: Copr) -> None:
    answers = at_once(*[lambda: copr.ask("DELETE", "project/delete/alice/demo")] * 4)
    assert statuses(answers) == [200, 500, 500, 500]
    refused = next(answer for answer in answers if not answer.ok)
    assert refused.json()["error"]


def test_of_equal_forks_one_is_made(copr: Copr) -> None:
    body = {"ownername": "alice", "name": "copy"}
    answers = at_once(*[lambda: copr.ask("POST", "project/fork/alice/demo", body)] * 4)
    assert statuses(answers) == [200, 500, 500, 500]


def test_first_builds_of_a_directory_that_meet_are_refused_but_one(copr: Copr) -> None:
    body = {
        "ownername": "alice",
        "projectname": "demo",
        "gem_name": "rake",
        "project_dirname": "demo:custom:new",
    }
    answers = at_once(*[lambda: copr.ask("POST", "build/create/rubygems", body)] * 4)
    assert statuses(answers) == [200, 500, 500, 500]
    assert (
        statuses(at_once(*[lambda: copr.ask("POST", "build/create/rubygems", body)] * 4))
        == [200] * 4
    )


def test_of_first_entries_for_a_user_that_meet_one_is_made(copr: Copr) -> None:
    answers = at_once(
        *[
            lambda role=role: copr.ask(
                "PUT", "project/permissions/set/alice/demo", {"bob": {role: "approved"}}
            )
            for role in ("admin", "builder")
        ]
    )
    assert statuses(answers) == [200, 500]
