# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chroots that Copr skips because the package is not for their architecture."""

from __future__ import annotations

from unit.files import write_spec
from unit.lab import EPEL, F43, Lab

ARM = "fedora-43-aarch64"


def spec(lab: Lab, tags: str) -> str:
    return str(write_spec(lab.tmp_path, tags=f"{tags}\n"))


def test_a_build_that_is_skipped_everywhere_is_said(demo: Lab) -> None:
    for changed in (True, False):
        demo.warnings.clear()
        result = demo.build(srpm=spec(demo, "ExclusiveArch: s390x"))
        assert result["changed"] is changed
        assert result["builds"][0]["state"] == "skipped"
        assert result["skipped_chroots"] == [
            {"build_id": 1, "package": "hello", "chroot": chroot} for chroot in (EPEL, F43)
        ]
        (warning,) = demo.warnings
        assert f"build 1 (hello 1.0-1) was skipped in {EPEL}, {F43}" in warning


def test_one_that_is_skipped_among_several_is_returned(lab: Lab) -> None:
    lab.project(chroots=[F43, ARM])
    result = lab.build(srpm=spec(lab, "ExcludeArch: aarch64"))
    assert result["builds"][0]["state"] == "succeeded"
    assert [each["chroot"] for each in result["skipped_chroots"]] == [ARM]
    assert lab.warnings == []


def test_of_what_is_asked_for_all_may_be_skipped_though_the_build_succeeded(lab: Lab) -> None:
    lab.project(chroots=[F43, ARM])
    path = spec(lab, "ExclusiveArch: x86_64")
    lab.build(srpm=path)
    result = lab.build(srpm=path, chroots=[ARM])
    assert result["changed"] is False
    assert [each["chroot"] for each in result["skipped_chroots"]] == [ARM]
    assert "Nothing was built" in lab.warnings[0]
    assert F43 not in lab.warnings[0]


def test_check_mode_and_what_does_not_wait_have_the_same_form(demo: Lab) -> None:
    path = spec(demo, "ExclusiveArch: s390x")
    assert demo.build(srpm=path, check=True)["skipped_chroots"] == []
    assert demo.build(srpm=path, wait=False)["skipped_chroots"] == []
