# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from unit.files import make_srpm
from unit.lab import EPEL, F43, Lab

URL = "https://example.org/hello-1.0-1.src.rpm"


@pytest.fixture
def built(demo: Lab) -> Lab:
    """Return a project with builds of two packages: good, failed, good, canceled, pending."""
    demo.build(url=["https://example.org/a-1-1.src.rpm"])
    demo.fail("copr_build", project="alice/demo", url=["https://example.org/fails/b-1-1.src.rpm"])
    demo.build(url=["https://example.org/a-2-1.src.rpm"])
    demo.build(url=["https://example.org/a-3-1.src.rpm"], wait=False)
    demo.client().change("PUT", "build/cancel/4", {})
    demo.build(url=["https://example.org/b-2-1.src.rpm"], wait=False)
    demo.forget()
    return demo


def info(lab: Lab, **options: Any) -> list[dict[str, Any]]:
    if "build_ids" not in options:
        options = {"project": "alice/demo", **options}
    result = lab.do("copr_build_info", by=None, **options)
    assert result["changed"] is False
    return list(result["builds"])


def ids(lab: Lab, **options: Any) -> list[int]:
    return [build["id"] for build in info(lab, **options)]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [5, 4, 3, 2, 1]),
        ({"limit": 2}, [5, 4]),
        ({"status": ["succeeded"]}, [3, 1]),
        ({"status": ["failed", "canceled"]}, [4, 2]),
        ({"status": ["succeeded"], "limit": 1}, [3]),
        ({"status": ["skipped"]}, []),
        ({"status": []}, [5, 4, 3, 2, 1]),
        ({"package": "a"}, [3, 1]),
        ({"package": "b"}, [2]),
        ({"package": "a", "status": ["succeeded"], "limit": 1}, [3]),
        ({"package": "none"}, []),
        ({"limit": 99}, [5, 4, 3, 2, 1]),
        ({"build_ids": [3, 1, 3]}, [3, 1, 3]),
        ({"build_ids": []}, []),
    ],
)
def test_filters_and_limit(built: Lab, options: dict[str, Any], expected: list[int]) -> None:
    assert ids(built, **options) == expected


def test_nothing_is_gathered_unasked(built: Lab) -> None:
    builds = info(built)
    assert built.calls == ["GET build/list"]
    assert all(build["build_chroots"] is None for build in builds)
    assert not {"source", "source_chroot", "failures"} & builds[0].keys()


def test_a_limit_reads_no_further_than_it_must(demo: Lab) -> None:
    demo.build(url=[f"https://example.org/p{n}-1-1.src.rpm" for n in range(120)], wait=False)
    demo.forget()
    assert ids(demo, limit=5) == [120, 119, 118, 117, 116]
    assert demo.calls == ["GET build/list"]
    assert len(ids(demo)) == 120


@pytest.mark.parametrize(
    ("gather", "calls"),
    [
        (["chroots"], ["GET build-chroot/list"]),
        (["packages"], ["GET build-chroot/list", "GET build/built-packages/1"]),
        (["source"], ["GET build/source-build-config/1"]),
        (["source_chroot"], ["GET build/source-chroot/1"]),
        (["logs"], ["GET build-chroot/list"]),
        (["logs", "chroots", "chroots"], ["GET build-chroot/list"]),
    ],
)
def test_each_thing_gathered_costs_its_requests(
    built: Lab, gather: list[str], calls: list[str]
) -> None:
    info(built, build_ids=[1], gather=gather)
    assert built.calls == ["GET build/1", *calls]


def test_what_is_gathered(built: Lab) -> None:
    everything = ["chroots", "packages", "source", "source_chroot", "logs"]
    (build,) = info(built, build_ids=[1], gather=everything)
    assert [chroot["name"] for chroot in build["build_chroots"]] == [EPEL, F43]
    assert build["build_chroots"][1]["packages"][1]["nevra"] == "a-1-1.x86_64"
    assert build["source"]["source_type"] == "link"
    assert build["source_chroot"]["state"] == "succeeded"
    assert build["failures"] == []


def test_the_logs_of_a_failed_build(built: Lab) -> None:
    (build,) = info(built, build_ids=[2], gather=["logs"], log_lines=1)
    assert [failure["chroot"] for failure in build["failures"]] == [EPEL, F43]
    for failure in build["failures"]:
        assert "error: 'answer' undeclared" in failure["cause"]
        assert failure["log_excerpt"] == [failure["cause"]]
        assert failure["log_tail"] == ["Copr build error: Build failed"]


@pytest.mark.parametrize("number", [4, 5])
def test_a_source_without_results_is_none_and_no_failure(built: Lab, number: int) -> None:
    (build,) = info(built, build_ids=[number], gather=["source_chroot"])
    assert build["source_chroot"] is None


def test_both_modules_give_a_build_the_same_form(built: Lab) -> None:
    (made,) = built.build(url=["https://example.org/a-2-1.src.rpm"])["builds"]
    (read,) = info(built, build_ids=[3], gather=["packages"])
    assert made == read
    (unwaited,) = built.build(url=["https://example.org/a-2-1.src.rpm"], wait=False)["builds"]
    (bare,) = info(built, build_ids=[3])
    assert unwaited == bare
    assert bare.keys() == read.keys()


def test_every_state_has_the_same_form(built: Lab) -> None:
    forms = {tuple(sorted(build)) for build in info(built, gather=["packages"])}
    assert len(forms) == 1


def test_a_forked_build_has_the_same_form(built: Lab) -> None:
    body = {"ownername": "alice", "name": "copy"}
    built.client().submit("project/fork/alice/demo", body)
    (build,) = info(built, project="alice/copy", gather=["packages", "source_chroot"])
    assert (build["state"], build["source_chroot"]) == ("forked", None)
    assert build["build_chroots"][0]["packages"] != []


def test_a_build_that_began_with_no_chroots_has_empty_lists(demo: Lab) -> None:
    body = {"ownername": "alice", "projectname": "demo", "gem_name": "x"}
    demo.client().submit("build/create/rubygems", body)
    (build,) = info(demo, build_ids=[1], gather=["packages"])
    assert (build["chroots"], build["build_chroots"]) == ([], [])


def test_the_epoch_stands_in_the_name_of_a_package(demo: Lab) -> None:
    demo.build(srpm=make_srpm(demo.tmp_path, epoch=2), chroots=[F43])
    (build,) = info(demo, build_ids=[1], gather=["packages"])
    assert build["build_chroots"][0]["packages"][1]["nevra"] == "hello-2:1.0-1.x86_64"


def test_a_plain_name_asks_whose_it_is(built: Lab) -> None:
    result = built.do("copr_build_info", project="demo", limit=1)
    assert [build["id"] for build in result["builds"]] == [5]


def test_check_mode_tells_the_same(built: Lab) -> None:
    options: dict[str, Any] = {"project": "alice/demo", "gather": ["chroots", "source"]}
    assert built.do("copr_build_info", check=True, **options) == built.do(
        "copr_build_info", **options
    )
