# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many requests the usual tasks cost, exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from unit.files import make_srpm, write_spec
from unit.lab import EPEL, F43, F44, STEP, Lab

URL = "https://example.org/hello-1.0-1.src.rpm"


def project(lab: Lab, **options: Any) -> list[str]:
    lab.forget()
    lab.do("copr_project", project="alice/demo", **options)
    return lab.calls


def test_a_project_unchanged(demo: Lab) -> None:
    assert project(demo, chroots=[F43], description="", enable_net=False) == ["GET project"]


def test_a_project_unchanged_with_repository_data(demo: Lab) -> None:
    calls = project(demo, delete_after_days=None, runtime_dependencies=[])
    assert calls == ["GET project", "GET rpmrepo/alice/demo/any"]


def test_a_project_created(lab: Lab) -> None:
    assert project(lab, chroots=[F43], description="x") == [
        "GET project",
        "GET mock-chroots/list",
        "POST project/add/alice",
        "GET project",
    ]


def test_a_project_edited(demo: Lab) -> None:
    assert project(demo, description="new") == [
        "GET project",
        "PUT project/edit/alice/demo",
        "GET project",
    ]


def test_a_chroot_enabled(demo: Lab) -> None:
    assert project(demo, chroots=[F44]) == [
        "GET project",
        "GET mock-chroots/list",
        "GET project",
        "PUT project/edit/alice/demo",
        "GET project",
    ]


def test_a_chroot_disabled(demo: Lab) -> None:
    assert "GET mock-chroots/list" not in project(demo, chroots=[F43], purge_chroots=True)


def test_a_project_deleted(demo: Lab) -> None:
    assert project(demo, state="absent") == ["GET project", "DELETE project/delete/alice/demo"]
    assert project(demo, state="absent") == ["GET project"]


# Only check mode asks whether the user may build at all.
RIGHTS = ["GET auth-check", "GET project/permissions/can_build_in/alice/alice/demo"]
FOUND = ["GET project", "GET build/list"]
CONFIG = "GET build/source-build-config/1"
SOURCES: dict[str, tuple[Callable[[Lab], dict[str, Any]], list[str], str]] = {
    "url": (lambda lab: {"url": [URL]}, FOUND, "url"),
    "srpm": (lambda lab: {"srpm": make_srpm(lab.tmp_path)}, FOUND, "upload"),
    "spec": (
        lambda lab: {"srpm": str(write_spec(lab.tmp_path))},
        [*FOUND, CONFIG, "GET build/source-chroot/1"],
        "upload",
    ),
    "scm": (lambda lab: {"scm": {"clone_url": "https://g.example.org/a"}}, [*FOUND, CONFIG], "scm"),
    "distgit": (
        lambda lab: {"distgit": {"package_name": "hello"}},
        [*FOUND, CONFIG],
        "distgit",
    ),
    "pypi": (lambda lab: {"pypi": {"pypi_package_name": "a"}}, [*FOUND, CONFIG], "pypi"),
    "rubygems": (lambda lab: {"rubygems": {"gem_name": "a"}}, [*FOUND, CONFIG], "rubygems"),
    "custom": (lambda lab: {"custom": {"script": "true"}}, [*FOUND, CONFIG], "custom"),
}


@pytest.mark.parametrize("source", SOURCES)
def test_a_build_unchanged(demo: Lab, source: str) -> None:
    options, calls, _endpoint = SOURCES[source]
    demo.build(**options(demo))
    demo.forget()
    demo.build(wait=False, **options(demo))
    assert demo.calls == calls


@pytest.mark.parametrize("source", SOURCES)
def test_a_build_submitted(demo: Lab, source: str) -> None:
    options, _calls, endpoint = SOURCES[source]
    demo.build(wait=False, **options(demo))
    check = ["POST build/check-before-build"] if endpoint == "upload" else []
    # The last one looks whether somebody else has submitted the same meanwhile.
    assert demo.calls == [*FOUND, *check, f"POST build/create/{endpoint}", "GET build/list"]


def test_a_build_waited_for_costs_one_request_a_poll_and_two_at_the_end(demo: Lab) -> None:
    demo.build(url=[URL], poll_interval=STEP)
    assert demo.calls == [
        *FOUND,
        "POST build/create/url",
        *["GET build/list"] * len(demo.slept),
        "GET build-chroot/list",
        "GET build/built-packages/1",
    ]


def test_a_plain_name_costs_one_more(demo: Lab) -> None:
    demo.do("copr_project", project="demo")
    assert demo.calls == ["GET auth-check", "GET project"]


def test_many_addresses_read_the_history_once(demo: Lab) -> None:
    urls = [f"https://example.org/p{number}-1-1.src.rpm" for number in range(20)]
    demo.build(url=urls)
    demo.forget()
    demo.build(url=urls, wait=False)
    assert demo.calls == FOUND


def test_the_package_of_another_name_is_ruled_out_without_a_request(demo: Lab) -> None:
    demo.build(rubygems={"gem_name": "a"})
    demo.forget()
    demo.build(rubygems={"gem_name": "b"}, check=True)
    assert demo.calls == [*FOUND, *RIGHTS]


def test_chroots_of_a_failed_build_are_read_once(demo: Lab) -> None:
    path = make_srpm(demo.tmp_path, build="%if 0%{?rhel}\nexit 1\n%endif")
    demo.build(srpm=path, wait=False)
    demo.finish()
    demo.forget()
    demo.build(srpm=path, chroots=[F43], wait=False)
    assert demo.calls == [*FOUND, "GET build-chroot/list"]
    demo.forget()
    demo.build(srpm=path, chroots=[EPEL], check=True)
    assert demo.calls == [*FOUND, "GET build-chroot/list", *RIGHTS]


def test_500_packages_unchanged_are_the_pages_of_one_list(demo: Lab) -> None:
    project = demo.sim.world.projects["alice/demo"]
    for number in range(500):
        stored = demo.sim.world.add_package(project, f"gem{number}")
        stored.source_type, stored.source_dict = "rubygems", {"gem_name": f"g{number}"}
    wanted = [{"package": f"gem{n}", "rubygems": {"gem_name": f"g{n}"}} for n in range(500)]
    demo.forget()
    result = demo.do("copr_package", project="alice/demo", packages=wanted)
    assert (result["changed"], set(demo.calls)) == (False, {"GET package/list"})
    assert len(demo.calls) == 6
