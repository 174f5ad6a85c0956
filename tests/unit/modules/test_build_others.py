# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Others delete, cancel and submit builds at the same moment."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from unit.lab import Lab, answering

URL = "https://example.org/hello-1.0-1.src.rpm"
GEM = {"rubygems": {"gem_name": "hello"}}


def forget(lab: Lab, *numbers: int) -> Any:
    """Return an action that has builds deleted by somebody else."""

    def action() -> None:
        for number in numbers:
            lab.sim.world.remove_build(lab.sim.world.builds[number])

    return action


# --- deleted by others -----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["source-build-config", "build-chroot/list"])
def test_a_build_that_is_deleted_while_it_is_compared_is_built_again(demo: Lab, path: str) -> None:
    failing = {"url": ["https://example.org/fails/hello-1-1.src.rpm"]}
    options = GEM if path == "source-build-config" else failing
    demo.build(wait=False, **options)
    demo.finish()
    demo.before("GET", path, forget(demo, 1))
    result = demo.build(wait=False, **options)
    assert result["changed"] is True
    assert [build["id"] for build in result["builds"]] == [2]


def test_a_build_that_is_deleted_right_after_it_was_found_is_built_again(demo: Lab) -> None:
    demo.build(url=[URL])
    demo.after("GET", "build/list", forget(demo, 1))
    result = demo.build(url=[URL])
    assert result["changed"] is True
    assert [build["id"] for build in result["builds"]] == [2]
    assert all(chroot["packages"] for chroot in result["builds"][0]["build_chroots"])


@pytest.mark.parametrize("path", ["build-chroot/list", "built-packages"])
def test_a_build_that_is_deleted_after_the_wait_is_an_error(demo: Lab, path: str) -> None:
    demo.before("GET", path, forget(demo, 1))
    error = demo.fail("copr_build", project="alice/demo", url=[URL])
    assert error.kind == "not_found"
    assert "build 1" in error.message
    assert [build["id"] for build in error.result["builds"]] == [1]


def test_a_build_that_is_deleted_meanwhile_is_told_as_such(demo: Lab) -> None:
    demo.listens = True
    demo.after("POST", "build/create", forget(demo, 1))
    demo.fail("copr_build", project="alice/demo", url=[URL])
    assert demo.progress[-1].endswith("finished waiting: 1 deleted")


def test_found_builds_that_vanish_each_time_are_an_error_in_the_end(demo: Lab) -> None:
    demo.build(url=[URL])

    def again() -> None:
        forget(demo, *demo.sim.world.builds)()
        demo.after("GET", "build/list", lambda: None)

    demo.after("GET", "build/list", again)
    assert demo.build(url=[URL])["builds"][0]["id"] == 2


@pytest.mark.parametrize("empty", [{"items": []}, {}])
def test_an_answer_without_chroots_is_no_result(demo: Lab, empty: dict[str, Any]) -> None:
    demo.sim.fault("wrong_json", path="build-chroot/list", answer=empty, times=3)
    (build,) = demo.build(url=[URL])["builds"]
    assert [len(chroot["packages"]) for chroot in build["build_chroots"]] == [2, 2]


@pytest.mark.parametrize("times", [3, 99])
def test_an_answer_without_packages_is_no_result(demo: Lab, times: int) -> None:
    demo.sim.fault("wrong_json", path="built-packages", answer={}, times=times)
    if times == 99:
        assert demo.fail("copr_build", project="alice/demo", url=[URL]).kind == "server"
        return
    (build,) = demo.build(url=[URL])["builds"]
    assert [len(chroot["packages"]) for chroot in build["build_chroots"]] == [2, 2]


# --- deleted and canceled by several at once --------------------------------------------------


def test_builds_that_somebody_else_deletes_are_no_change(demo: Lab) -> None:
    demo.build(url=[URL])
    demo.before("DELETE", "delete/list", forget(demo, 1))
    result = demo.do("copr_build", state="absent", build_ids=[1])
    assert result["changed"] is False
    assert "diff" not in result


def test_of_several_builds_only_those_deleted_here_are_in_the_diff(demo: Lab) -> None:
    demo.build(url=[URL])
    demo.build(**GEM)
    demo.before("DELETE", "delete/list", forget(demo, 1))
    result = demo.do("copr_build", state="absent", build_ids=[1, 2])
    assert result["changed"] is True
    assert list(result["diff"][0]["before"]) == ["2"]


def test_a_running_build_that_somebody_else_deletes_is_absent(demo: Lab) -> None:
    demo.build(url=[URL], wait=False)
    demo.after("GET", "build/1", forget(demo, 1))
    assert demo.do("copr_build", state="absent", build_ids=[1])["changed"] is False


def test_an_error_of_the_server_in_a_race_of_cancellations_is_looked_at_again(demo: Lab) -> None:
    demo.build(url=[URL], wait=False)
    demo.before("PUT", "cancel", answering({"error": "probably a bug"}, "500 Oops"))
    assert demo.do("copr_build", state="canceled", build_ids=[1])["changed"] is True


def test_an_error_of_the_server_in_a_race_of_deletions_is_looked_at_again(demo: Lab) -> None:
    demo.build(url=[URL])
    demo.before("DELETE", "delete/list", answering({"error": "probably a bug"}, "500 Oops"))
    assert demo.do("copr_build", state="absent", build_ids=[1])["changed"] is True


def test_a_project_that_somebody_else_deletes_is_no_change(demo: Lab) -> None:
    project = demo.sim.world.projects["alice/demo"]
    demo.before("DELETE", "project/delete", lambda: demo.sim.world.remove_project(project))
    assert demo.do("copr_project", project="alice/demo", state="absent")["changed"] is False


def test_a_project_that_somebody_else_is_deleting_is_absent(demo: Lab) -> None:
    project = demo.sim.world.projects["alice/demo"]
    said = "Can't delete this project, another operation is in progress: Deleting copr None"
    demo.before("DELETE", "project/delete", answering({"error": said}, "500 Oops"))
    demo.after("GET", "build/list", lambda: demo.sim.world.remove_project(project))
    result = demo.do("copr_project", project="alice/demo", state="absent", cancel_running=True)
    assert result["changed"] is False


def test_builds_that_somebody_else_cancels_do_not_keep_a_project(demo: Lab) -> None:
    demo.build(url=[URL], wait=False)
    demo.after("DELETE", "project/delete", demo.finish)
    assert demo.do("copr_project", project="alice/demo", state="absent")["changed"] is True


def test_many_builds_are_read_from_the_list(demo: Lab) -> None:
    demo.build(url=[f"https://example.org/p{n}-1-1.src.rpm" for n in range(120)], wait=False)
    demo.finish()
    demo.forget()
    demo.do("copr_build", state="absent", build_ids=list(range(1, 121)))
    assert len(demo.calls) <= 4
    assert demo.builds() == []


# --- forks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["alice/next", "@packagers/next"])
def test_a_fork_that_somebody_else_makes_meanwhile_is_no_change(demo: Lab, target: str) -> None:
    demo.build(url=[URL])
    fork: dict[str, Any] = {"project": target, "fork_of": "alice/demo"}
    demo.before("POST", "project/fork", lambda: demo.do("copr_project", **fork))
    result = demo.do("copr_project", **fork)
    assert result["changed"] is False
    assert len(demo.builds(target)) == 1


def test_a_project_that_somebody_else_makes_meanwhile_is_no_fork(demo: Lab) -> None:
    demo.build(url=[URL])
    demo.before("POST", "project/fork", lambda: demo.project("alice/next"))
    error = demo.fail("copr_project", project="alice/next", fork_of="alice/demo")
    assert error.kind == "conflict"


# --- the same submitted by others -------------------------------------------------------------


def submitted_elsewhere(lab: Lab, url: str = URL, **fields: Any) -> Any:
    """Return an action that submits a build from another machine."""
    body = {"ownername": "alice", "projectname": "demo", "pkgs": [url], **fields}
    return lambda: lab.client().submit("build/create/url", body)


@pytest.mark.parametrize("wait", [False, True])
def test_the_younger_of_two_twins_is_given_up(demo: Lab, wait: bool) -> None:
    demo.before("POST", "build/create", submitted_elsewhere(demo))
    result = demo.build(url=[URL], wait=wait)
    assert result["changed"] is False
    assert [build["id"] for build in result["builds"]] == [1]
    assert [build.canceled_on is not None for build in demo.builds()] == [False, True]
    assert "Build 2 was canceled: build 1" in demo.warnings[0]


def test_the_older_of_two_twins_stays(demo: Lab) -> None:
    demo.after("POST", "build/create", submitted_elsewhere(demo))
    result = demo.build(url=[URL], wait=False)
    assert result["changed"] is True
    assert [build["id"] for build in result["builds"]] == [1]
    assert "PUT build/cancel/1" not in demo.changes


@pytest.mark.parametrize(
    ("elsewhere", "options"),
    [
        ({"url": "https://example.org/other-1.0-1.src.rpm"}, {}),
        ({"chroots": ["fedora-43-x86_64"]}, {}),
        ({"project_dirname": "demo:custom:x"}, {}),
        ({}, {"force": True}),
    ],
    ids=["source", "chroots", "directory", "force"],
)
def test_what_is_no_twin_is_left_alone(
    demo: Lab, elsewhere: dict[str, Any], options: dict[str, Any]
) -> None:
    demo.before("POST", "build/create", submitted_elsewhere(demo, **elsewhere))
    result = demo.build(url=[URL], wait=False, **options)
    assert [build["id"] for build in result["builds"]] == [2]
    assert demo.changes.count("PUT build/cancel/2") == 0


def test_the_build_of_somebody_else_is_no_twin(demo: Lab) -> None:
    demo.do(
        "copr_api",
        path="project/permissions/set/alice/demo",
        method="PUT",
        body={"bob": {"builder": "approved"}},
    )
    body = {"ownername": "alice", "projectname": "demo", "pkgs": [URL]}
    demo.before("POST", "build/create", lambda: demo.client("bob").submit("build/create/url", body))
    assert [build["id"] for build in demo.build(url=[URL], wait=False)["builds"]] == [2]


# --- a cache in front -------------------------------------------------------------------------


def cached(lab: Lab, *, by_query: bool) -> None:
    """Answer lists of builds as they were when they were first asked for."""
    inner = lab.sim.doorkeeper.app
    known: dict[str, bytes] = {}

    def serve(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] != "/api_3/build/list":
            return inner(environ, start)
        key = environ["QUERY_STRING"] if by_query else ""
        if key not in known:
            known[key] = b"".join(inner(environ, lambda *_: None))
        return answering(json.loads(known[key]))()(environ, start)

    lab.sim.doorkeeper.app = serve


@pytest.mark.parametrize("by_query", [True, False])
def test_a_stale_list_after_a_lost_answer_makes_no_second_build(demo: Lab, by_query: bool) -> None:
    cached(demo, by_query=by_query)
    demo.sim.fault("lose_answer", path="build/create", times=2)
    result = demo.build(url=[URL], wait=False)
    assert [build.id for build in demo.builds()] == [1]
    assert [build["id"] for build in result["builds"]] == [1]
