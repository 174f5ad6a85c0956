# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several files of this host, by path and by pattern."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.files import make_srpm
from unit.lab import Lab


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three source RPMs and something else."""
    folder = tmp_path / "dist"
    folder.mkdir()
    for name in ("one", "two", "three"):
        make_srpm(folder, name)
    (folder / "README").write_text("x", encoding="utf-8")
    return folder


def packages(lab: Lab) -> list[str]:
    return sorted(build.plan.name for build in lab.builds())


def test_each_file_is_a_build_of_its_own_and_none_is_built_twice(demo: Lab, folder: Path) -> None:
    one = next(folder.glob("one*"))
    wanted = [str(one), f"{folder}/*.src.rpm"]
    result = demo.build(srpm=wanted)
    assert packages(demo) == ["one", "three", "two"]
    assert len(result["builds"]) == 3
    assert demo.build(srpm=wanted)["changed"] is False
    assert len(demo.builds()) == 3


def test_one_path_as_text(demo: Lab, folder: Path) -> None:
    demo.build(srpm=str(next(folder.glob("two*"))))
    assert packages(demo) == ["two"]


@pytest.mark.parametrize("pattern", ["*.rpmx", "nothing-*.src.rpm"])
def test_a_pattern_that_fits_nothing_is_an_error(demo: Lab, folder: Path, pattern: str) -> None:
    error = demo.fail("copr_build", project="alice/demo", srpm=[f"{folder}/{pattern}"])
    assert (error.kind, demo.changes) == ("local_file", [])
    assert f"{folder}/{pattern}" in error.message


def test_an_empty_list_is_an_error(demo: Lab) -> None:
    assert demo.fail("copr_build", project="alice/demo", srpm=[]).kind == "invalid"


def test_a_file_whose_name_looks_like_a_pattern(demo: Lab, folder: Path) -> None:
    odd = folder / "[one].src.rpm"
    next(folder.glob("one*")).rename(odd)
    demo.build(srpm=[str(odd)])
    assert packages(demo) == ["one"]


def test_what_fits_and_is_no_source_is_an_error_before_anything_is_sent(
    demo: Lab, folder: Path
) -> None:
    error = demo.fail("copr_build", project="alice/demo", srpm=[f"{folder}/*"])
    assert (error.kind, demo.changes) == ("local_file", [])
    assert "README" in error.message
