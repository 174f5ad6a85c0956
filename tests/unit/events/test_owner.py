# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All projects of an owner."""

from __future__ import annotations

from functools import partial

from unit.events.stage import URL, Stage, nothing, told
from unit.lab import F43, Lab


def build_in(lab: Lab, project: str) -> None:
    lab.build(project=project, url=[URL], wait=False, force=True)


def test_builds_of_all_projects_are_told(demo: Lab) -> None:
    for name in ("alice/one", "alice/two", "bob/other"):
        demo.project(name, by=name.partition("/")[0])
    stage = Stage(demo, project=None, owner="alice", final_only=True)

    def submit() -> None:
        build_in(demo, "alice/one")
        build_in(demo, "alice/two")
        demo.do("copr_build", by="bob", project="bob/other", url=[URL], wait=False)

    events = stage.run(submit, *[nothing] * 10)
    assert [(event["id"], event["project"]) for event in events] == [
        (1, "alice/one"),
        (2, "alice/two"),
    ]


def test_a_poll_costs_a_request_for_each_project_and_one_for_their_list(demo: Lab) -> None:
    demo.project("alice/one")
    stage = Stage(demo, project=None, owner="alice")
    acts = [demo.forget, nothing]
    stage.run(*acts)
    assert sorted(demo.calls) == sorted(["GET project/list", *["GET build/list"] * 2] * len(acts))


def test_projects_may_come_and_go(demo: Lab) -> None:
    stage = Stage(demo, project=None, owner="alice", final_only=True)

    def create() -> None:
        demo.project("alice/new")
        build_in(demo, "alice/new")

    def delete() -> None:
        demo.do("copr_project", state="absent", project="alice/new", cancel_running=True)

    events = stage.run(create, *[nothing] * 10, lambda: build_in(demo, "alice/new"), delete)
    events += stage.run(create, *[nothing] * 10)
    assert told(events) == [(1, "succeeded"), (3, "succeeded")]


def test_a_project_that_goes_between_two_requests_stops_nothing(demo: Lab) -> None:
    demo.do("copr_project", project="alice/new", chroots=[F43])
    stage = Stage(demo, project=None, owner="alice", final_only=True)

    def delete_meanwhile() -> None:
        build_in(demo, "alice/demo")
        gone = partial(demo.do, "copr_project", state="absent", project="alice/new")
        demo.after("GET", "project/list", gone)

    assert told(stage.run(delete_meanwhile, *[nothing] * 10)) == [(1, "succeeded")]
    assert set(stage.pauses) == {30.0}
