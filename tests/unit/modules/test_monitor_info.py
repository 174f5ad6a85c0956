# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The newest builds, by package and chroot."""

from __future__ import annotations

from typing import Any

import pytest

from unit.files import make_srpm
from unit.lab import EPEL, F43, Lab

PICKY = "%if 0%{?rhel}\nexit 1\n%endif"


@pytest.fixture
def built(demo: Lab) -> Lab:
    """Have one package built, and another one that fails in one chroot."""
    demo.build(url=["https://example.org/hello-1.0-1.src.rpm"])
    demo.build(srpm=make_srpm(demo.tmp_path, name="picky", build=PICKY), wait=False)
    demo.finish()
    demo.forget()
    return demo


def monitor(lab: Lab, **options: Any) -> dict[str, list[str]]:
    result = lab.do("copr_monitor_info", by=None, project="alice/demo", **options)
    assert result["changed"] is False
    return {
        package["name"]: [f"{each['name']}: {each['state']}" for each in package["chroots"]]
        for package in result["packages"]
    }


def test_all_packages_in_one_request(built: Lab) -> None:
    told = monitor(built)
    assert told["hello"] == [f"{EPEL}: succeeded", f"{F43}: succeeded"]
    assert built.calls == ["GET monitor"]
    result = built.do("copr_monitor_info", project="alice/demo", packages=["hello"])
    chroot = result["packages"][0]["chroots"][0]
    assert (chroot["build_id"], chroot["version"]) == (1, "1.0-1")
    assert "builder-live.log" in chroot["build_log_url"]
    assert "backend.log" in chroot["backend_log_url"]


def test_only_what_is_broken(built: Lab) -> None:
    told = monitor(built, states=["failed"])
    assert list(told.values()) == [[f"{EPEL}: failed"]]
    assert monitor(built, states=["canceled"]) == {}
    assert monitor(built, packages=["hello"], states=["failed"]) == {}


def test_a_directory_that_does_not_exist_is_an_error(built: Lab) -> None:
    error = built.fail("copr_monitor_info", project="alice/demo", dirname="demo:custom:none")
    assert error.kind == "not_found"


def test_a_mistyped_state_does_not_pass_for_nothing_found(demo: Lab) -> None:
    with pytest.raises(AssertionError, match="states"):
        monitor(demo, states=["faild"])
    assert monitor(demo, states=["waiting"]) == {}
