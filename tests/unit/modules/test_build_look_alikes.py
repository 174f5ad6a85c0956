# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds that look alike until their source was read: file names do not tell all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from unit.files import make_srpm, write_spec
from unit.lab import Lab, answering

# Names and versions of which the server drops characters when it keeps an upload.
SPOILED = [("hb-c++", "1.0"), ("hello", "1.0~rc1"), ("hello", "1.0^git1"), ("a+b", "1+2~3^4")]
# An upload that the server keeps under the same name as another, and the other one.
ALIKE = [
    ({"name": "c++", "version": "2.0"}, {"name": "c", "version": "2.0"}),
    ({"version": "1.0~rc1"}, {"version": "1.0rc1"}),
    ({"version": "1.0rc1"}, {"version": "1.0^rc1"}),
    ({"epoch": 1}, {"epoch": 2}),
    ({"epoch": None}, {"epoch": 1}),
]
UPLOADED = "^/tmp/"


def srpm(lab: Lab, name: str = "hello", version: str = "1.0", epoch: int | None = None) -> str:
    folder = lab.tmp_path / f"{name} {version} {epoch}"
    return make_srpm(folder, name, version, epoch=epoch)


def gone_uploads(lab: Lab) -> None:
    """Have the next look for an uploaded file find nothing, as after the import."""
    lab.before("GET", UPLOADED, answering({}, "404 Not Found"))


def versions(lab: Lab) -> list[str]:
    return [f"{build.plan.name}-{build.plan.evr}" for build in lab.builds()]


def link(lab: Lab, url: str = "https://mirror.example.org/hello-1.0-1.src.rpm") -> None:
    lab.build(url=[url], wait=False)


# --- characters that the server drops ---


@pytest.mark.parametrize(("name", "version"), SPOILED)
@pytest.mark.parametrize("steps", range(6))
def test_an_upload_is_known_again_in_every_state(
    demo: Lab, name: str, version: str, steps: int
) -> None:
    path = srpm(demo, name, version)
    demo.build(srpm=path, wait=False)
    demo.clock.advance(steps * demo.sim.world.step + 0.1)
    assert demo.build(srpm=path, wait=False)["changed"] is False
    assert demo.build(srpm=path)["builds"][0]["source_package"] == {
        "name": name,
        "version": f"{version}-1",
        "url": demo.build(srpm=path)["builds"][0]["source_package"]["url"],
    }


@pytest.mark.parametrize(("name", "version"), SPOILED)
@pytest.mark.parametrize(
    "fault", [{"fault": "lose_answer"}, {"fault": "status", "status": 500, "after": True}]
)
def test_an_upload_is_known_again_after_a_lost_answer(
    demo: Lab, name: str, version: str, fault: dict[str, Any]
) -> None:
    demo.sim.fault(**fault, path="/build/create")
    demo.build(srpm=srpm(demo, name, version))
    assert len(demo.builds()) == 1


@pytest.mark.parametrize(("name", "version"), SPOILED)
def test_a_file_submitted_under_its_own_name_is_known_again(
    demo: Lab, name: str, version: str
) -> None:
    body = {"ownername": "alice", "projectname": "demo"}
    path = Path(srpm(demo, name, version))
    with path.open("rb") as stream:
        demo.client().submit_file("build/create/upload", body, stream, path.name, shape={})
    assert demo.build(srpm=str(path), wait=False)["changed"] is False


def test_a_spec_is_known_again(demo: Lab) -> None:
    path = str(write_spec(demo.tmp_path, "hello-c++ ž", "1.0"))
    for wait in (False, True, True):
        demo.build(srpm=path, wait=wait)
    assert len(demo.builds()) == 1


# --- uploads of the same name ---


@pytest.mark.parametrize(("other", "own"), ALIKE)
@pytest.mark.parametrize("wait", [True, False])
def test_the_header_of_the_upload_tells_it(
    demo: Lab, other: dict[str, Any], own: dict[str, Any], wait: bool
) -> None:
    demo.build(srpm=srpm(demo, **other), wait=False)
    result = demo.build(srpm=srpm(demo, **own), wait=wait)
    assert (result["changed"], len(demo.builds())) == (True, 2)
    assert [build["id"] for build in result["builds"]] == [2]


@pytest.mark.parametrize(("other", "own"), ALIKE)
def test_where_there_is_no_header_the_source_is_waited_for(
    demo: Lab, other: dict[str, Any], own: dict[str, Any]
) -> None:
    demo.build(srpm=srpm(demo, **other), wait=False)
    gone_uploads(demo)
    result = demo.build(srpm=srpm(demo, **own))
    assert (result["changed"], len(demo.builds())) == (True, 2)
    assert [build["id"] for build in result["builds"]] == [2]


def test_it_is_waited_for_no_longer_than_until_it_is_read(demo: Lab) -> None:
    path = make_srpm(demo.tmp_path, "c++", "2.0", build="sleep 1")
    demo.build(srpm=path, wait=False)
    gone_uploads(demo)
    demo.build(srpm=srpm(demo, "c", "2.0"))
    first, second = demo.builds()
    assert second.submitted_on - first.submitted_on < 5 * demo.sim.world.step


def test_what_is_read_and_is_the_same_is_adopted(demo: Lab) -> None:
    demo.build(srpm=srpm(demo), wait=False)
    gone_uploads(demo)
    result = demo.build(srpm=srpm(demo))
    assert (result["changed"], len(demo.builds())) == (False, 1)
    assert result["builds"][0]["state"] == "succeeded"


def test_without_waiting_what_can_not_be_told_is_submitted(demo: Lab) -> None:
    demo.build(srpm=srpm(demo), wait=False)
    gone_uploads(demo)
    assert demo.build(srpm=srpm(demo), wait=False)["changed"] is True


def test_what_is_imported_between_two_requests_is_told_at_once(demo: Lab) -> None:
    demo.build(srpm=srpm(demo), wait=False)
    demo.before("GET", "source-build-config", lambda: demo.clock.advance(3 * demo.sim.world.step))
    assert demo.build(srpm=srpm(demo), wait=False)["changed"] is False


def test_check_mode_takes_it_for_what_it_seems_and_does_not_wait(demo: Lab) -> None:
    demo.build(srpm=srpm(demo), wait=False)
    gone_uploads(demo)
    demo.forget()
    assert demo.build(srpm=srpm(demo), check=True)["changed"] is False
    assert demo.slept == []


def test_after_a_lost_answer_the_build_of_another_source_is_not_taken(demo: Lab) -> None:
    other = srpm(demo, "c++", "2.0")
    demo.before("GET", "auth-check", lambda: demo.build(srpm=other, wait=False))
    demo.sim.fault("reset_before", path="/build/create")
    result = demo.build(srpm=srpm(demo, "c", "2.0"))
    assert versions(demo) == ["c++-2.0-1", "c-2.0-1"]
    assert [build["source_package"]["name"] for build in result["builds"]] == ["c"]


# --- addresses ---


def test_the_name_in_an_address_is_a_guess_that_reading_settles(demo: Lab) -> None:
    link(demo)
    demo.builds()[0].plan = replace(demo.builds()[0].plan, version="2.0")
    result = demo.build(srpm=srpm(demo))
    assert (result["changed"], versions(demo)) == (True, ["hello-2.0-1", "hello-1.0-1"])


def test_the_epoch_that_an_address_lacks_is_settled_by_reading(demo: Lab) -> None:
    link(demo)
    result = demo.build(srpm=srpm(demo, epoch=3))
    assert (result["changed"], versions(demo)) == (True, ["hello-1.0-1", "hello-3:1.0-1"])


def test_what_lies_there_as_told_is_adopted_once_it_is_read(demo: Lab) -> None:
    link(demo)
    assert demo.build(srpm=srpm(demo))["changed"] is False


@pytest.mark.parametrize("end", ["fails", "is canceled", "is deleted"])
def test_one_that_ends_before_it_is_read_does_not_count(demo: Lab, end: str) -> None:
    link(demo)
    build = demo.builds()[0]
    if end == "fails":
        build.plan = replace(build.plan, source_failure="error: 404")
    else:

        def interfere() -> None:
            demo.client().change("PUT", "build/cancel/1", {})
            if end == "is deleted":
                demo.client().change("DELETE", "build/delete/1", {})

        demo.after("GET", "source-build-config", interfere)
    result = demo.build(srpm=srpm(demo))
    assert result["changed"] is True
    assert [build["id"] for build in result["builds"]] == [2]


def test_when_the_time_is_up_before_it_is_read_nothing_is_submitted(demo: Lab) -> None:
    link(demo)
    error = demo.fail("copr_build", project="alice/demo", srpm=srpm(demo), wait_timeout=5)
    assert error.kind == "timeout"
    assert len(demo.builds()) == 1


def test_the_time_it_takes_is_part_of_the_time_to_wait(demo: Lab) -> None:
    link(demo)
    started = demo.clock()
    error = demo.fail("copr_build", project="alice/demo", srpm=srpm(demo, epoch=3), wait_timeout=40)
    assert demo.clock() - started < 45
    assert "Timed out after 40 s (wait_timeout): " in error.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hello-1.0%5Egit-1", "hello-1.0^git-1"),
        ("hello-1.0~rc1-1", "hello-1.0%7Erc1-1"),
        ("c%2B%2B-1.0-1", "c++-1.0-1"),
        ("a%20b", "a%20b"),
    ],
)
@pytest.mark.parametrize("wait", [True, False])
def test_an_address_is_the_same_however_it_is_written(
    demo: Lab, one: str, other: str, wait: bool
) -> None:
    for name in (one, one, other):
        demo.build(url=[f"https://example.org/{name}.src.rpm"], wait=wait)
    demo.finish()
    demo.build(url=[f"https://example.org/{other}.src.rpm"])
    assert len(demo.builds()) == 1


@pytest.mark.parametrize("name", ["hello-1.0.rc1-1", "release-1-1", "hello-latest", "hello"])
@pytest.mark.parametrize("wait", [True, False])
def test_what_was_built_from_the_same_address_is_the_same_whatever_its_version(
    demo: Lab, name: str, wait: bool
) -> None:
    url = [f"https://example.org/{name}.src.rpm"]
    demo.build(url=url, wait=False)
    demo.builds()[0].plan = replace(demo.builds()[0].plan, name="hello", version="1.0~rc1")
    for _run in range(3):
        result = demo.build(url=url, wait=wait)
        assert result["changed"] is False
    demo.finish()
    assert demo.build(url=url)["changed"] is False
    assert demo.build(url=[f"https://elsewhere.example.org/{name}.src.rpm"])["changed"] is True


def reads_of_configs(lab: Lab) -> list[str]:
    return [call for call in lab.calls if "source-build-config" in call]


def test_addresses_that_were_not_built_cost_few_requests(demo: Lab) -> None:
    demo.build(url=[f"https://example.org/p{number}-1-1.src.rpm" for number in range(40)])
    demo.forget()
    demo.build(
        url=[f"https://example.org/q{number}-1-1.src.rpm" for number in range(5)], wait=False
    )
    # The 25 newest builds; its own are no twins of each other.
    assert len(reads_of_configs(demo)) == len(set(reads_of_configs(demo))) == 25


def test_a_name_that_is_different_in_punctuation_is_found_among_many(demo: Lab) -> None:
    url = ["https://example.org/hello-1.0.rc1-1.src.rpm"]
    demo.build(url=url, wait=False)
    demo.builds()[0].plan = replace(demo.builds()[0].plan, version="1.0~rc1", epoch=2)
    demo.build(url=[f"https://example.org/p{number}-1-1.src.rpm" for number in range(120)])
    demo.forget()
    assert demo.build(url=url)["changed"] is False
    assert len(reads_of_configs(demo)) == 26
