# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which Pythons the checks take for Pythons."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tools.pythons import path_of_running_pythons


def executable(path: Path, script: str) -> Path:
    """Write a script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def real_python(path: Path) -> Path:
    """Write what starts this Python."""
    return executable(path, f'exec {sys.executable} "$@"')


@pytest.mark.parametrize("broken", ["echo no such version >&2; exit 127", "exec /no/such/python"])
def test_a_python_that_does_not_run_is_not_found(tmp_path: Path, broken: str) -> None:
    executable(tmp_path / "shims/python3.98", broken)
    running = real_python(tmp_path / "shims/python3.97")
    other = executable(tmp_path / "shims/rpmlint", "exit 3")
    before = f"{tmp_path / 'shims'}{os.pathsep}/usr/bin"
    with path_of_running_pythons(before) as path:
        assert shutil.which("python3.98", path=path) is None
        for kept in (running, other):
            found = shutil.which(kept.name, path=path)
            assert found is not None
            assert Path(found).samefile(kept)
        assert path.endswith("/usr/bin")


def test_pyenvs_versions_stand_in_the_place_of_its_shims(tmp_path: Path) -> None:
    executable(tmp_path / "shims/python3.97", "exit 127")
    real = real_python(tmp_path / "versions/3.97.1/bin/python3.97")
    with path_of_running_pythons(f"/usr/bin{os.pathsep}{tmp_path / 'shims'}") as path:
        assert shutil.which("python3.97", path=path) == str(real)
        assert path == f"/usr/bin{os.pathsep}{real.parent}"


def test_folders_that_are_missing_or_named_twice_do_no_harm(tmp_path: Path) -> None:
    folder = real_python(tmp_path / "bin/python3.97").parent
    with path_of_running_pythons(f"{folder}::{tmp_path / 'none'}:{folder}") as path:
        assert path.split(os.pathsep) == [str(folder), str(tmp_path / "none")]
