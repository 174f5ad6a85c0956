# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is built already, for each kind of source: it is not built again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unit.files import make_srpm, write_spec
from unit.lab import EPEL, F43, F44, Lab

Source = Callable[[Lab, int], dict[str, Any]]


def url(_lab: Lab, version: int) -> dict[str, Any]:
    return {"url": [f"https://example.org/hello-{version}-1.src.rpm"]}


def spec_url(_lab: Lab, version: int) -> dict[str, Any]:
    return {"url": [f"https://example.org/{version}/hello.spec"]}


def srpm(lab: Lab, version: int) -> dict[str, Any]:
    return {"srpm": make_srpm(lab.tmp_path, "hello", str(version))}


def spec(lab: Lab, version: int) -> dict[str, Any]:
    return {"srpm": str(write_spec(lab.tmp_path, "hello", str(version)))}


def scm(_lab: Lab, version: int) -> dict[str, Any]:
    return {"scm": {"clone_url": "https://git.example.org/hello.git", "committish": f"v{version}"}}


def distgit(_lab: Lab, version: int) -> dict[str, Any]:
    return {"distgit": {"package_name": "hello", "committish": f"f{version}"}}


def pypi(_lab: Lab, version: int) -> dict[str, Any]:
    return {"pypi": {"pypi_package_name": "hello", "pypi_package_version": str(version)}}


def rubygems(_lab: Lab, version: int) -> dict[str, Any]:
    return {"rubygems": {"gem_name": f"hello{version}"}}


def custom(_lab: Lab, version: int) -> dict[str, Any]:
    return {"custom": {"script": f"#!/bin/sh\necho {version}\n"}}


def package(lab: Lab, version: int) -> dict[str, Any]:
    """Let the package stored in the project have another source."""
    stored = lab.sim.world.projects["alice/demo"].packages
    if "stored" not in stored:
        lab.sim.world.add_package(lab.sim.world.projects["alice/demo"], "stored")
    stored["stored"].source_type = "rubygems"
    stored["stored"].source_dict = {"gem_name": f"stored{version}"}
    return {"package": "stored"}


EVERY = [url, spec_url, srpm, spec, scm, distgit, pypi, rubygems, custom, package]
every_source = pytest.mark.parametrize("source", EVERY, ids=lambda source: source.__name__)


@every_source
def test_a_second_run_submits_nothing(demo: Lab, source: Source) -> None:
    first = demo.build(**source(demo, 1))
    demo.forget()
    second = demo.build(**source(demo, 1))
    assert (first["changed"], second["changed"]) == (True, False)
    assert demo.changes == []
    assert first["builds"] == second["builds"]


@every_source
def test_another_description_is_another_source(demo: Lab, source: Source) -> None:
    demo.build(**source(demo, 1))
    assert demo.build(**source(demo, 2))["changed"] is True
    assert len(demo.builds()) == 2


@every_source
def test_only_missing_chroots_are_submitted(demo: Lab, source: Source) -> None:
    demo.build(chroots=[F43], **source(demo, 1))
    result = demo.build(chroots=[F43, EPEL], **source(demo, 1))
    assert [build.chroots for build in demo.builds()] == [[F43], [EPEL]]
    assert [build["chroots"] for build in result["builds"]] == [[F43], [EPEL]]


@every_source
def test_what_is_on_its_way_is_adopted(demo: Lab, source: Source) -> None:
    demo.build(wait=False, **source(demo, 1))
    result = demo.build(**source(demo, 1))
    assert (result["changed"], len(demo.builds())) == (False, 1)
    assert result["builds"][0]["state"] == "succeeded"


@every_source
@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4, 5])
def test_it_is_adopted_in_every_state(demo: Lab, source: Source, steps: int) -> None:
    demo.build(wait=False, **source(demo, 1))
    demo.clock.advance(steps * demo.sim.world.step + 0.1)
    assert demo.build(wait=False, **source(demo, 1))["changed"] is False


@every_source
def test_what_was_canceled_is_submitted_again(demo: Lab, source: Source) -> None:
    demo.build(wait=False, **source(demo, 1))
    demo.client().change("PUT", "build/cancel/1", {})
    demo.finish()
    assert demo.build(**source(demo, 1))["changed"] is True
    assert [build["id"] for build in demo.build(**source(demo, 1))["builds"]] == [2]


@every_source
def test_another_directory_is_another_place(demo: Lab, source: Source) -> None:
    demo.build(**source(demo, 1))
    options = {"dirname": "demo:custom:side", **source(demo, 1)}
    assert demo.build(**options)["changed"] is True
    assert demo.builds()[1].dirname == "demo:custom:side"
    assert demo.build(**options)["changed"] is False
    assert demo.build(**source(demo, 1))["changed"] is False


@every_source
def test_force_always_submits(demo: Lab, source: Source) -> None:
    for _run in range(2):
        assert demo.build(force=True, **source(demo, 1))["changed"] is True
    assert len(demo.builds()) == 2


@every_source
def test_check_mode_sends_nothing_and_predicts_the_submission(demo: Lab, source: Source) -> None:
    options = {"wait": False, **source(demo, 1)}
    demo.forget()
    predicted = demo.build(check=True, **options)
    assert demo.changes == []
    real = demo.build(**options)
    assert predicted["changed"] is real["changed"] is True
    assert predicted["diff"] == real["diff"]
    (planned,), (made,) = predicted["builds"], real["builds"]
    assert planned.keys() == made.keys()
    unknown = {"id", "web_url", "repo_url", "submitter", "submitted_on", "source_package"}
    assert {key for key in made if planned[key] != made[key]} <= unknown
    assert planned["source_package"].keys() == made["source_package"].keys()


@every_source
def test_check_mode_predicts_that_nothing_is_to_do(demo: Lab, source: Source) -> None:
    demo.build(**source(demo, 1))
    demo.forget()
    predicted = demo.build(check=True, wait=False, **source(demo, 1))
    assert demo.changes == []
    assert predicted == demo.build(wait=False, **source(demo, 1))


FAILING: list[Source] = [
    lambda lab, version: {"url": ["https://example.org/fails/hello-1-1.src.rpm"]},
    lambda lab, version: {"srpm": make_srpm(lab.tmp_path, build="exit 1")},
    lambda lab, version: {"srpm": str(write_spec(lab.tmp_path, build="exit 1"))},
    lambda lab, version: {"scm": {"clone_url": "https://git.example.org/fails/hello.git"}},
    lambda lab, version: {"distgit": {"package_name": "fails-hello"}},
    lambda lab, version: {"pypi": {"pypi_package_name": "fails"}},
    lambda lab, version: {"rubygems": {"gem_name": "fails"}},
    lambda lab, version: {"custom": {"script": "#!/bin/sh\nfalse\n"}},
]


@pytest.mark.parametrize("source", FAILING)
def test_what_failed_is_submitted_again(demo: Lab, source: Source) -> None:
    for _run in range(2):
        assert demo.fail("copr_build", project="alice/demo", **source(demo, 1)).kind == (
            "build_failed"
        )
    assert len(demo.builds()) == 2


def test_only_the_chroots_that_failed_are_submitted_again(demo: Lab) -> None:
    path = make_srpm(demo.tmp_path, build="%if 0%{?rhel}\nexit 1\n%endif")
    demo.fail("copr_build", project="alice/demo", srpm=path)
    demo.fail("copr_build", project="alice/demo", srpm=path)
    assert [build.chroots for build in demo.builds()] == [[EPEL, F43], [EPEL]]


def test_a_chroot_that_was_canceled_is_submitted_again_alone(demo: Lab) -> None:
    demo.build(**url(demo, 1), chroots=[F43])
    demo.build(**url(demo, 1), chroots=[EPEL], wait=False)
    demo.client().change("PUT", "build/cancel/2", {})
    demo.build(**url(demo, 1))
    assert [build.chroots for build in demo.builds()] == [[F43], [EPEL], [EPEL]]


def test_a_build_submitted_without_chroots_counts_for_all_of_them(demo: Lab) -> None:
    body = {"ownername": "alice", "projectname": "demo", "gem_name": "hello1"}
    demo.client().submit("build/create/rubygems", body)
    result = demo.build(**rubygems(demo, 1))
    assert result["changed"] is False
    assert result["builds"][0]["chroots"] == [EPEL, F43]


def test_a_chroot_enabled_later_is_missing(demo: Lab) -> None:
    demo.build(**url(demo, 1))
    demo.do("copr_project", project="alice/demo", chroots=[F44])
    demo.build(**url(demo, 1))
    assert [build.chroots for build in demo.builds()] == [[EPEL, F43], [F44]]


def test_a_forked_build_satisfies(demo: Lab) -> None:
    demo.build(**url(demo, 1))
    body = {"ownername": "alice", "name": "copy"}
    demo.client().submit("project/fork/alice/demo", body)
    assert demo.build(project="alice/copy", **url(demo, 1))["changed"] is False


def test_a_build_of_somebody_else_satisfies(demo: Lab) -> None:
    demo.do("copr_build", by="root", project="alice/demo", **url(demo, 1))
    assert demo.build(**url(demo, 1))["changed"] is False


def test_options_that_say_how_to_build_do_not_count(demo: Lab) -> None:
    demo.build(**url(demo, 1))
    options = {"background": True, "timeout": 77, "enable_net": True, "bootstrap": "on"}
    assert demo.build(**url(demo, 1), **options)["changed"] is False


def test_options_that_say_how_to_build_are_sent(demo: Lab) -> None:
    options = {"background": False, "timeout": 77, "enable_net": True, "isolation": "simple"}
    demo.build(**url(demo, 1), **options)
    body = next(body for call, body in demo.sent if "build/create" in call)
    assert {key: body[key] for key in options} == options


def test_options_left_out_are_not_sent(demo: Lab) -> None:
    demo.build(**url(demo, 1))
    body = next(body for call, body in demo.sent if "build/create" in call)
    assert set(body) == {"ownername", "projectname", "chroots", "pkgs"}


def test_a_build_beyond_the_newest_hundred_of_the_project_is_found_by_its_package(
    demo: Lab, tmp_path: Path
) -> None:
    demo.build(**srpm(demo, 1))
    others = [f"https://example.org/other{number}-1-1.src.rpm" for number in range(120)]
    demo.build(url=others)
    assert demo.build(**srpm(demo, 1))["changed"] is False
