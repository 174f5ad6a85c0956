# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Source RPMs and specs: what makes two of them the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.files import make_srpm, write_spec
from unit.lab import Lab, answering


def as_url(version: str) -> dict[str, list[str]]:
    return {"url": [f"https://example.org/{version}.src.rpm"]}


def test_a_file_and_an_address_of_the_same_version_are_the_same(demo: Lab) -> None:
    demo.build(**as_url("hello-1.0-1"))
    assert demo.build(srpm=make_srpm(demo.tmp_path))["changed"] is False


def test_an_address_and_a_file_of_the_same_version_are_the_same(demo: Lab) -> None:
    demo.build(srpm=make_srpm(demo.tmp_path))
    assert demo.build(**as_url("hello-1.0-1"))["changed"] is False


def test_the_same_version_at_another_address_is_the_same(demo: Lab) -> None:
    demo.build(**as_url("one/hello-1.0-1"))
    assert demo.build(**as_url("two/hello-1.0-1"))["changed"] is False


def test_two_addresses_of_the_same_version_in_one_task_are_built_once(demo: Lab) -> None:
    demo.build(url=[*as_url("one/hello-1.0-1")["url"], *as_url("two/hello-1.0-1")["url"]])
    assert len(demo.builds()) == 1


def test_another_content_of_the_same_version_is_the_same(demo: Lab) -> None:
    demo.build(srpm=make_srpm(demo.tmp_path / "one"))
    assert demo.build(srpm=make_srpm(demo.tmp_path / "two", build="echo"))["changed"] is False


@pytest.mark.parametrize("other", ["hello-1.0-2", "hello-1.1-1", "hallo-1.0-1", "hello-x-1.0-1"])
def test_another_name_version_or_release_is_another_source(demo: Lab, other: str) -> None:
    demo.build(**as_url("hello-1.0-1"))
    assert demo.build(**as_url(other))["changed"] is True


def test_the_file_name_on_this_host_means_nothing(demo: Lab) -> None:
    path = make_srpm(demo.tmp_path)
    renamed = demo.tmp_path / "whatever you like.src.rpm"
    demo.build(srpm=path, wait=False)
    renamed.write_bytes(Path(path).read_bytes())
    assert demo.build(srpm=str(renamed), wait=False)["changed"] is False
    demo.finish()
    assert demo.build(srpm=str(renamed))["changed"] is False


@pytest.mark.parametrize(("one", "other"), [(None, 1), (1, None), (1, 2), (0, 3)])
def test_another_epoch_is_another_source(demo: Lab, one: int | None, other: int | None) -> None:
    demo.build(srpm=make_srpm(demo.tmp_path, epoch=one))
    assert demo.build(srpm=make_srpm(demo.tmp_path, epoch=other))["changed"] is True


@pytest.mark.parametrize(("one", "other"), [(None, 0), (0, None), (2, 2)])
def test_an_epoch_of_zero_and_none_are_the_same(
    demo: Lab, one: int | None, other: int | None
) -> None:
    demo.build(srpm=make_srpm(demo.tmp_path, epoch=one))
    assert demo.build(srpm=make_srpm(demo.tmp_path, epoch=other))["changed"] is False


def test_an_address_tells_no_epoch_and_any_will_do(demo: Lab) -> None:
    demo.build(srpm=make_srpm(demo.tmp_path, epoch=3))
    assert demo.build(**as_url("hello-1.0-1"))["changed"] is False


def test_an_address_without_a_version_is_its_own_identity(demo: Lab) -> None:
    assert demo.build(**as_url("latest"))["changed"] is True
    assert demo.build(**as_url("latest"))["changed"] is False
    assert demo.build(**as_url("newest"))["changed"] is True


def test_several_addresses_are_builds_of_their_own(demo: Lab) -> None:
    urls = [f"https://example.org/{name}-1-1.src.rpm" for name in ("one", "two", "three")]
    demo.build(url=urls[:1])
    result = demo.build(url=urls)
    assert [build["source_package"]["name"] for build in result["builds"]] == [
        "one",
        "two",
        "three",
    ]
    assert len(demo.builds()) == 3


def test_an_address_named_twice_is_built_once(demo: Lab) -> None:
    demo.build(url=as_url("hello-1.0-1")["url"] * 2)
    assert len(demo.builds()) == 1


# --- spec files ---


def spec(lab: Lab, build: str = "true") -> str:
    return str(write_spec(lab.tmp_path, build=build))


@pytest.mark.parametrize("imported", [False, True])
def test_a_spec_with_the_same_text_is_the_same(demo: Lab, imported: bool) -> None:
    demo.build(srpm=spec(demo), wait=imported)
    assert demo.build(srpm=spec(demo))["changed"] is False


@pytest.mark.parametrize("imported", [False, True])
def test_a_spec_with_another_text_is_another_source(demo: Lab, imported: bool) -> None:
    demo.build(srpm=spec(demo), wait=imported)
    assert demo.build(srpm=spec(demo, build="echo"))["changed"] is True


def test_a_spec_of_another_name_is_another_source(demo: Lab) -> None:
    demo.build(srpm=spec(demo))
    path = demo.tmp_path / "other.spec"
    path.write_text((demo.tmp_path / "hello.spec").read_text())
    assert demo.build(srpm=str(path))["changed"] is True


def test_a_spec_whose_texts_are_gone_is_built_again(demo: Lab) -> None:
    demo.build(srpm=spec(demo))
    demo.before("GET", "results/.*spec", answering({}, "404 Not Found"))
    assert demo.build(srpm=spec(demo))["changed"] is True


@pytest.mark.parametrize("fault", ["reset_before", "cut", "status"])
def test_the_text_of_a_spec_is_read_again_when_its_answer_is_lost(demo: Lab, fault: str) -> None:
    demo.build(srpm=spec(demo))
    demo.sim.fault(fault, path="/results/")
    assert demo.build(srpm=spec(demo))["changed"] is False


def test_a_source_rpm_is_sent_under_the_name_of_its_header(demo: Lab) -> None:
    path = make_srpm(demo.tmp_path)
    renamed = demo.tmp_path / "x.src.rpm"
    renamed.write_bytes(Path(path).read_bytes())
    demo.build(srpm=str(renamed), wait=False)
    assert demo.builds()[0].source_dict["pkg"] == "hello-1.0-1.src.rpm"


def test_a_file_arrives_as_it_is(demo: Lab) -> None:
    path = make_srpm(demo.tmp_path)
    demo.build(srpm=path, wait=False)
    assert demo.builds()[0].upload.read_bytes() == Path(path).read_bytes()
