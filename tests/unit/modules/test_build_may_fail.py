# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chroots in which a build may fail."""

from __future__ import annotations

from typing import Any

import pytest

from tools.checkout import CHECKOUT
from unit.lab import EPEL, F43, Lab

# Fails in Enterprise Linux only.
PICKY: dict[str, Any] = {"srpm": [str(CHECKOUT / "playbooks/files/picky.spec")]}
FAILS = "https://example.org/fails/bad-1-1.src.rpm"
NO_SOURCE = "https://example.org/fails-source/bad-1-1.src.rpm"


def build(lab: Lab, **options: Any) -> dict[str, Any]:
    return lab.do("copr_build", project="alice/demo", **PICKY, **options)


@pytest.mark.parametrize("may_fail", [[EPEL], ["epel-*"], ["nothing", "*"]])
def test_a_failure_where_it_may_is_a_warning(demo: Lab, may_fail: list[str]) -> None:
    result = build(demo, may_fail=may_fail)
    (failure,) = result["failures"]
    assert (failure["chroot"], failure["state"]) == (EPEL, "failed")
    assert failure["cause"]
    (warning,) = demo.warnings
    assert f"failed in {EPEL}" in warning
    assert "The option may_fail allows this" in warning


def test_it_is_not_built_there_again(demo: Lab) -> None:
    first = build(demo, may_fail=["epel-*"])
    demo.forget()
    again = build(demo, may_fail=["epel-*"])
    assert (again["changed"], demo.submissions) == (False, [])
    assert again["builds"][0]["id"] == first["builds"][0]["id"]
    assert [each["chroot"] for each in again["failures"]] == [EPEL]
    assert build(demo, may_fail=["epel-*"], force=True)["changed"] is True
    assert demo.fail("copr_build", project="alice/demo", **PICKY).kind == "build_failed"
    assert len(demo.builds()) == 3


@pytest.mark.parametrize("may_fail", [[], [F43], ["fedora-*"]])
def test_a_failure_elsewhere_fails_the_task(demo: Lab, may_fail: list[str]) -> None:
    error = demo.fail("copr_build", project="alice/demo", **PICKY, may_fail=may_fail)
    assert error.kind == "build_failed"
    assert f"failed in {EPEL}" in error.message


def test_of_several_failures_those_that_may_be_are_not_named_as_the_reason(demo: Lab) -> None:
    error = demo.fail("copr_build", project="alice/demo", url=[FAILS], may_fail=["epel-*"])
    assert f"failed in {F43}" in error.message
    assert EPEL not in error.message
    assert {each["chroot"] for each in error.result["failures"]} == {EPEL, F43}


@pytest.mark.parametrize(("may_fail", "ok"), [(["*"], True), (["epel-*"], False)])
def test_the_source_may_fail_where_all_chroots_may(
    demo: Lab, may_fail: list[str], ok: bool
) -> None:
    options: dict[str, Any] = {"project": "alice/demo", "url": [NO_SOURCE], "may_fail": may_fail}
    if ok:
        (failure,) = demo.do("copr_build", **options)["failures"]
        assert failure["chroot"] == "source"
    else:
        assert demo.fail("copr_build", **options).kind == "build_failed"


def test_a_wait_allows_it_too(demo: Lab) -> None:
    build(demo, wait=False)
    result = demo.do("copr_build_wait", build_ids=[1], may_fail=["epel-*"])
    assert [each["chroot"] for each in result["failures"]] == [EPEL]
    assert demo.fail("copr_build_wait", build_ids=[1]).kind == "build_failed"


def test_a_source_that_failed_where_it_may_is_not_built_again(demo: Lab) -> None:
    options: dict[str, Any] = {"url": [NO_SOURCE], "may_fail": ["*"]}
    assert demo.build(**options)["changed"]
    assert not demo.build(**options)["changed"]
    assert len(demo.builds()) == 1
    assert demo.build(**options, force=True)["changed"]
