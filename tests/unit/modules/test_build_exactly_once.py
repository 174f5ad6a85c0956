# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A submission whose answer is lost is looked for, and never simply repeated."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from unit.files import make_srpm, write_spec
from unit.lab import EPEL, F43, Lab, answering

URL = "https://example.org/hello-1.0-1.src.rpm"
SUBMIT = "/(build/create|package/build)"

Source = Callable[[Lab], dict[str, Any]]


def package(lab: Lab) -> dict[str, Any]:
    stored = lab.sim.world.add_package(lab.sim.world.projects["alice/demo"], "hello")
    stored.source_type, stored.source_dict = "rubygems", {"gem_name": "hello"}
    return {"package": "hello"}


SOURCES: dict[str, Source] = {
    "url": lambda lab: {"url": [URL]},
    "srpm": lambda lab: {"srpm": make_srpm(lab.tmp_path)},
    "spec": lambda lab: {"srpm": str(write_spec(lab.tmp_path))},
    "scm": lambda lab: {"scm": {"clone_url": "https://git.example.org/hello.git"}},
    "distgit": lambda lab: {"distgit": {"package_name": "hello"}},
    "pypi": lambda lab: {"pypi": {"pypi_package_name": "hello"}},
    "rubygems": lambda lab: {"rubygems": {"gem_name": "hello"}},
    "custom": lambda lab: {"custom": {"script": "true"}},
    "package": package,
}
every_source = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)

DONE: list[dict[str, Any]] = [
    {"fault": "lose_answer"},
    {"fault": "cut"},
    *({"fault": "status", "status": status, "after": True} for status in (500, 502, 503, 504)),
]
NOT_DONE: list[dict[str, Any]] = [
    {"fault": "reset_before"},
    {"fault": "html"},
    {"fault": "wrong_json"},
    *({"fault": "status", "status": status} for status in (429, 500, 502, 503, 504)),
]


def name_of(fault: dict[str, Any]) -> str:
    return f"{fault['fault']}{fault.get('status', '')}"


@every_source
def test_a_build_whose_answer_is_lost_is_adopted(demo: Lab, source: Source) -> None:
    demo.sim.fault("lose_answer", path=SUBMIT)
    result = demo.build(wait=False, **source(demo))
    assert len(demo.submissions) == len(demo.builds()) == 1
    assert (result["changed"], result["builds"][0]["id"]) == (True, 1)


@every_source
def test_a_submission_that_never_arrived_is_sent_again(demo: Lab, source: Source) -> None:
    demo.sim.fault("reset_before", path=SUBMIT)
    result = demo.build(wait=False, **source(demo))
    assert (len(demo.submissions), len(demo.builds())) == (2, 1)
    assert result["builds"][0]["id"] == 1


@pytest.mark.parametrize("fault", DONE, ids=name_of)
def test_what_was_done_is_not_sent_again(demo: Lab, fault: dict[str, Any]) -> None:
    demo.sim.fault(path=SUBMIT, **fault)
    result = demo.build(url=[URL], wait=False)
    assert len(demo.submissions) == len(demo.builds()) == 1
    assert result["builds"][0]["id"] == 1


@pytest.mark.parametrize("fault", NOT_DONE, ids=name_of)
def test_what_was_not_done_is_sent_again(demo: Lab, fault: dict[str, Any]) -> None:
    demo.sim.fault(path=SUBMIT, **fault)
    result = demo.build(url=[URL], wait=False)
    assert (len(demo.submissions), len(demo.builds())) == (2, 1)
    assert result["builds"][0]["id"] == 1


@pytest.mark.parametrize("fault", DONE + NOT_DONE, ids=name_of)
def test_an_upload_goes_through_the_same(demo: Lab, fault: dict[str, Any]) -> None:
    demo.sim.fault(path=SUBMIT, **fault)
    path = make_srpm(demo.tmp_path)
    demo.build(srpm=path)
    assert len(demo.builds()) == 1
    assert demo.builds()[0].upload.stat().st_size > 0


def test_a_timeout_is_a_lost_answer(demo: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server creates the build after the client has given up, and before it looks."""
    given_up, created = threading.Event(), threading.Event()

    def sleep(_seconds: float) -> None:
        if demo.submissions:
            given_up.set()
            assert created.wait(60)

    monkeypatch.setattr(demo, "sleep", sleep)
    demo.before("POST", SUBMIT, lambda: given_up.wait(60) and None)
    demo.after("POST", SUBMIT, created.set)
    result = demo.build(url=[URL], wait=False, request_timeout=0.5)
    assert result["builds"][0]["id"] == 1
    assert len(demo.submissions) == len(demo.builds()) == 1


def test_a_server_that_is_still_committing_is_waited_for(demo: Lab) -> None:
    """The build appears only when it is looked for the third time."""
    missing = answering({"items": []})
    demo.sim.fault("lose_answer", path=SUBMIT)

    def lost() -> None:
        for _look in range(2):
            demo.before("GET", "build/list", missing)

    demo.before("POST", SUBMIT, lost)
    result = demo.build(url=[URL], wait=False)
    assert len(demo.submissions) == 1
    assert result["builds"][0]["id"] == 1
    assert len(demo.slept) == 3


def test_several_lost_answers_in_a_row_make_one_build_each(demo: Lab) -> None:
    urls = [f"https://example.org/{name}-1-1.src.rpm" for name in ("one", "two", "three")]
    demo.sim.fault("lose_answer", path=SUBMIT, times=3)
    result = demo.build(url=urls)
    assert [build["id"] for build in result["builds"]] == [1, 2, 3]
    assert len(demo.builds()) == 3


def test_a_forced_build_whose_answer_is_lost_is_not_mistaken_for_an_earlier_one(demo: Lab) -> None:
    demo.build(url=[URL])
    demo.sim.fault("lose_answer", path=SUBMIT)
    result = demo.build(url=[URL], force=True)
    assert [build["id"] for build in result["builds"]] == [2]
    assert len(demo.builds()) == 2


def test_a_forced_build_that_never_arrived_is_submitted_again(demo: Lab) -> None:
    demo.build(url=[URL])
    demo.sim.fault("status", status=502, path=SUBMIT)
    assert [build["id"] for build in demo.build(url=[URL], force=True)["builds"]] == [2]


@pytest.mark.parametrize(
    "other",
    [
        {"by": "root"},
        {"chroots": [F43]},
        {"dirname": "demo:custom:side"},
        {"url": ["https://example.org/other-1.0-1.src.rpm"]},
    ],
)
def test_a_new_build_that_is_not_this_one_is_not_adopted(demo: Lab, other: dict[str, Any]) -> None:
    options = {"by": "alice", "project": "alice/demo", "url": [URL], "wait": False, **other}

    def somebody() -> None:
        demo.do("copr_build", **options)
        demo.sim.fault("status", status=502, path=SUBMIT)

    demo.before("GET", "project$", lambda: demo.after("GET", "build/list", somebody))
    result = demo.build(url=[URL], wait=False)
    assert len(demo.builds()) == 2
    assert result["builds"][0]["chroots"] == [EPEL, F43]
    assert result["builds"][0]["submitter"] == "alice"


def test_the_retries_are_a_budget(demo: Lab) -> None:
    demo.sim.fault("status", status=502, path=SUBMIT, times=100)
    error = demo.fail("copr_build", project="alice/demo", url=[URL], retries=2)
    assert (error.kind, error.status, error.attempts) == ("server", 502, 3)
    assert len(demo.submissions) == 3
    assert demo.builds() == []


def test_with_no_retries_a_lost_answer_is_still_looked_for(demo: Lab) -> None:
    demo.sim.fault("lose_answer", path=SUBMIT)
    assert demo.build(url=[URL], retries=0, wait=False)["builds"][0]["id"] == 1


def test_a_500_that_the_frontend_tells_in_json_is_not_repeated(demo: Lab) -> None:
    demo.before("POST", SUBMIT, answering({"error": "Database error"}, "500 Oops"))
    error = demo.fail("copr_build", project="alice/demo", url=[URL])
    assert (error.kind, error.status, error.server_message) == ("server", 500, "Database error")
    assert len(demo.submissions) == 1


def test_a_500_in_json_for_a_build_that_was_made_all_the_same_is_adopted(demo: Lab) -> None:
    made: dict[str, Any] = {"project": "alice/demo", "url": [URL], "wait": False}

    def work_and_fail() -> Any:
        demo.do("copr_build", **made)
        return answering({"error": "bug"}, "500 Oops")()

    demo.before("POST", SUBMIT, work_and_fail)
    result = demo.build(url=[URL], wait=False)
    assert len(demo.builds()) == 1
    assert result["builds"][0]["id"] == 1


def test_a_refusal_is_not_looked_for(demo: Lab) -> None:
    error = demo.fail("copr_build", by="bob", project="alice/demo", url=[URL])
    assert error.kind == "permission"
    assert demo.calls == ["GET project", "GET build/list", "POST build/create/url"]


def test_when_nothing_can_be_found_out_that_is_said_and_nothing_is_repeated(demo: Lab) -> None:
    demo.sim.fault("lose_answer", path=SUBMIT)
    demo.after("POST", SUBMIT, lambda: demo.sim.fault("reset_before", times=1000))
    error = demo.fail("copr_build", project="alice/demo", url=[URL], retries=1)
    assert error.kind == "unreachable"
    assert "could not be determined" in error.message
    assert len(demo.submissions) == 1
    demo.sim.clear_faults()
    assert demo.build(url=[URL])["changed"] is False


def test_a_failure_on_the_way_tells_the_builds_made_before(demo: Lab) -> None:
    urls = [f"https://example.org/{name}-1-1.src.rpm" for name in ("one", "two")]
    demo.sim.fault("status", status=502, path=SUBMIT, skip=1, times=100)
    error = demo.fail("copr_build", project="alice/demo", url=urls, retries=0)
    assert [build["id"] for build in error.result["builds"]] == [1]
    assert error.result["changed"] is True
    assert "two" in error.message


def test_an_interrupted_run_takes_up_what_it_started(demo: Lab) -> None:
    urls = [f"https://example.org/{name}-1-1.src.rpm" for name in ("one", "two")]
    demo.sim.fault("status", status=502, path=SUBMIT, skip=1, times=1)
    demo.fail("copr_build", project="alice/demo", url=urls, retries=0)
    demo.build(url=urls)
    assert len(demo.builds()) == 2


@pytest.mark.parametrize("limit", [429, 503])
def test_retry_after_is_honoured(demo: Lab, limit: int) -> None:
    demo.sim.fault("status", status=limit, retry_after=77, path=SUBMIT)
    demo.build(url=[URL], wait=False)
    assert 77 <= max(demo.slept) < 120


# --- uploads ---


def test_the_check_comes_before_the_file(demo: Lab) -> None:
    demo.build(srpm=make_srpm(demo.tmp_path), wait=False)
    assert demo.changes == ["POST build/check-before-build", "POST build/create/upload"]


@pytest.mark.parametrize(
    ("user", "options", "kind"),
    [
        ("bob", {}, "permission"),
        ("alice", {"dirname": "elsewhere"}, "invalid"),
        ("alice", {"timeout": 999999999}, "invalid"),
        ("alice", {"after_build_id": 4711}, "invalid"),
    ],
)
def test_a_file_that_would_be_refused_is_not_sent(
    demo: Lab, user: str, options: dict[str, Any], kind: str
) -> None:
    path = make_srpm(demo.tmp_path)
    error = demo.fail("copr_build", by=user, project="alice/demo", srpm=path, **options)
    assert error.kind == kind
    assert demo.changes == ["POST build/check-before-build"]
    assert demo.builds() == []
