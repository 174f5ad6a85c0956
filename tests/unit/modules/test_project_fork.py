# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects that come about as forks."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from unit.lab import EPEL, F43, F44, Lab, answering

URL = "https://example.org/hello-1.0-1.src.rpm"


@pytest.fixture
def source(demo: Lab) -> Lab:
    """Have something to fork: alice/demo with a build that succeeded."""
    demo.build(url=[URL])
    demo.forget()
    return demo


def fork(lab: Lab, project: str = "alice/next", /, **options: Any) -> dict[str, Any]:
    return lab.do("copr_project", project=project, fork_of="alice/demo", **options)


def forks_sent(lab: Lab) -> int:
    return lab.changes.count("POST project/fork/alice/demo")


@pytest.mark.parametrize("project", ["alice/next", "@packagers/demo"])
def test_a_project_is_forked_once_with_its_builds(source: Lab, project: str) -> None:
    first, second = fork(source, project), fork(source, project)
    assert (first["changed"], second["changed"]) == (True, False)
    assert first["project"] == second["project"]
    assert first["project"]["full_name"] == project
    assert first["project"]["chroots"] == [EPEL, F43]
    # The server refuses the first try for the group: the user has a project of that name.
    assert forks_sent(source) == (2 if project == "@packagers/demo" else 1)
    assert len(source.builds(project)) == 1


def test_a_fork_of_what_has_no_builds_is_made_once(demo: Lab) -> None:
    first, second = fork(demo), fork(demo)
    assert (first["changed"], second["changed"]) == (True, False)


def test_what_the_task_wants_is_applied_on_top(source: Lab) -> None:
    result = fork(source, description="The next one", chroots=[F44])
    assert result["project"]["description"] == "The next one"
    assert result["project"]["chroots"] == [EPEL, F43, F44]
    assert result["unmanaged"] == {"chroots": [EPEL, F43]}
    assert source.settings("alice/demo")["description"] == ""


def test_a_fork_can_have_fewer_chroots(source: Lab) -> None:
    assert fork(source, chroots=[F43], purge_chroots=True, check=True)["changed"]
    result = fork(source, chroots=[F43], purge_chroots=True)
    assert result["project"]["chroots"] == [F43]
    assert not fork(source, chroots=[F43], purge_chroots=True)["changed"]


def test_what_a_fork_does_not_copy_is_applied(lab: Lab) -> None:
    lab.project(contact="somebody@example.org")
    result = fork(lab, contact="somebody@example.org")
    assert result["project"]["contact"] == "somebody@example.org"


def test_a_fork_goes_on_being_corrected(source: Lab) -> None:
    fork(source)
    result = fork(source, description="Corrected")
    assert result["changed"] is True
    assert result["project"]["description"] == "Corrected"
    assert forks_sent(source) == 1


def test_check_mode_predicts_the_fork_and_sends_nothing(source: Lab) -> None:
    wanted = {"description": "The next one", "chroots": [F44]}
    predicted = fork(source, check=True, **wanted)
    assert source.changes == []
    made = fork(source, **wanted)
    assert predicted["changed"] is True
    assert predicted["diff"] == made["diff"]
    unknown = ("id", "chroot_repos")
    for key in set(made["project"]) - set(unknown):
        assert predicted["project"][key] == made["project"][key], key


def test_the_diff_names_what_it_is_a_fork_of(source: Lab) -> None:
    (diff,) = fork(source, check=True, description="The next one")["diff"]
    assert diff["before"] == {}
    assert diff["after"] == {
        "name": "alice/next",
        "fork_of": "alice/demo",
        "description": "The next one",
    }


@pytest.mark.parametrize("project", ["alice/next", "@packagers/next"])
@pytest.mark.parametrize("check", [False, True])
def test_an_existing_project_that_is_no_fork_is_refused(
    source: Lab, project: str, check: bool
) -> None:
    source.project(project)
    source.build(project=project, url=["https://example.org/other-1.0-1.src.rpm"])
    source.forget()
    error = source.fail("copr_project", project=project, fork_of="alice/demo", check=check)
    assert error.kind == "conflict"
    assert "fork_confirm" in error.message
    assert source.changes == []


def test_an_empty_project_is_refused_if_the_source_has_builds_to_come(source: Lab) -> None:
    source.project("alice/next")
    error = source.fail("copr_project", project="alice/next", fork_of="alice/demo")
    assert error.kind == "conflict"


def test_fork_confirm_forks_into_an_existing_project_on_every_run(source: Lab) -> None:
    source.project("alice/next", chroots=[F43], description="As it was")
    first, second = (fork(source, fork_confirm=True) for _run in range(2))
    assert (first["changed"], second["changed"]) == (True, True)
    assert first["project"]["description"] == "As it was"
    assert first["project"]["chroots"] == [F43]
    assert len(source.builds("alice/next")) == 2


def test_check_mode_of_fork_confirm_keeps_what_is_there(source: Lab) -> None:
    there = source.project("alice/next", chroots=[F43], description="As it was")
    predicted = fork(source, fork_confirm=True, check=True)
    assert predicted["changed"] is True
    assert predicted["project"] == there
    assert source.changes == []


@pytest.mark.parametrize("fault", ["lose_answer", "cut"])
def test_a_lost_answer_makes_one_fork(source: Lab, fault: str) -> None:
    source.sim.fault(fault, path="/project/fork/")
    assert fork(source)["changed"] is True
    assert forks_sent(source) == 1


def test_a_proxy_error_after_the_work_makes_one_fork(source: Lab) -> None:
    source.sim.fault("status", status=504, after=True, path="/project/fork/")
    assert fork(source)["changed"] is True
    assert forks_sent(source) == 1


def test_a_lost_answer_into_an_existing_project_adds_its_builds_once(source: Lab) -> None:
    source.project("alice/next")
    source.sim.fault("lose_answer", path="/project/fork/")
    fork(source, fork_confirm=True)
    assert len(source.builds("alice/next")) == 1


def test_a_request_that_was_not_carried_out_is_not_repeated(source: Lab) -> None:
    source.sim.fault("reset_before", path="/project/fork/")
    error = source.fail("copr_project", project="alice/next", fork_of="alice/demo")
    assert error.kind == "unreachable"
    assert "alice/next" in error.message
    assert fork(source)["changed"] is True


def test_a_request_that_was_turned_away_is_repeated(source: Lab) -> None:
    source.sim.fault("status", status=429, path="/project/fork/")
    assert fork(source)["changed"] is True
    assert len(source.builds("alice/next")) == 1


def test_a_fork_that_takes_its_time_is_waited_for(source: Lab) -> None:
    absent = answering({"error": "Project alice/next does not exist."}, "404 NOT FOUND")
    source.after("POST", "project/fork", lambda: source.before("GET", "project$", absent))
    assert fork(source)["changed"] is True
    assert source.slept == [0.0, 0.5]


def test_a_source_that_does_not_exist_is_an_error(lab: Lab) -> None:
    error = lab.fail("copr_project", project="alice/next", fork_of="bob/nothing")
    assert error.kind == "not_found"
    assert "bob/nothing" in error.message


def test_a_fork_of_itself_is_an_error(demo: Lab) -> None:
    assert demo.fail("copr_project", project="demo", fork_of="alice/demo").kind == "invalid"


def test_a_fork_into_somebody_elses_name_is_refused_by_the_server(source: Lab) -> None:
    error = source.fail("copr_project", project="bob/demo", fork_of="alice/demo")
    assert error.kind == "invalid"
    assert error.server_message
    assert error.server_message in error.message


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        ({"chroots": ["fedora-43-x86"]}, F43),
        ({"chroots": []}, "empty"),
        ({"homepage": None}, "homepage"),
        ({"persistent": True}, "persistent"),
    ],
)
@pytest.mark.parametrize("check", [False, True])
def test_what_can_not_be_is_refused_before_the_fork_is_made(
    lab: Lab, wish: dict[str, Any], says: str, check: bool
) -> None:
    lab.project(homepage="https://example.org/")
    error = lab.fail(
        "copr_project", project="alice/next", fork_of="alice/demo", check=check, **wish
    )
    assert error.kind == "invalid"
    assert says in error.message
    assert lab.changes == []


def test_a_rerun_costs_two_requests(source: Lab) -> None:
    fork(source)
    source.forget()
    fork(source)
    assert source.calls == ["GET project", "GET build/list"]


def test_a_look_that_fails_after_the_fork_does_not_hide_it(demo: Lab) -> None:
    gone = partial(demo.sim.fault, "status", status=503, path="/api_3/project", times=20)
    demo.after("POST", "project/fork", gone)
    error = demo.fail("copr_project", project="alice/copy", fork_of="alice/demo")
    assert error.kind == "server"
    assert "alice/copy" in demo.sim.world.projects
    assert error.result["changed"] is True
    assert error.result["diff"][0]["after"]["fork_of"] == "alice/demo"
