# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A PATH in which every Python runs.

ansible-test and nox take every file with the name of a Python for one. The shims of pyenv bear such
names, too, but most start nothing unless the version was selected.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

PYTHON = re.compile(r"python[\d.]*")


def runs(python: Path) -> bool:
    """Return whether a file is a Python that runs."""
    try:
        done = subprocess.run(
            [python, "-c", ""], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


@contextmanager
def path_of_running_pythons(path: str) -> Iterator[str]:
    """Lend a PATH with all that is in this one, but for Pythons that do not run.

    All versions of pyenv stand in the place of its shims.
    """
    folders = dict.fromkeys(
        real for name in path.split(os.pathsep) if name for real in _without_shims(Path(name))
    )
    with tempfile.TemporaryDirectory(prefix="fedora-copr-") as scratch:
        copies = (Path(scratch, str(number)) for number in range(len(folders)))
        lent = [_working(folder, copy) for folder, copy in zip(folders, copies)]
        yield os.pathsep.join(map(str, lent))


def _without_shims(folder: Path) -> Iterable[Path]:
    """Return the folders of pyenv's versions in place of that of its shims."""
    if folder.name != "shims":
        return [folder]
    return sorted((folder.parent / "versions").glob("*/bin")) or [folder]


def _working(folder: Path, copy: Path) -> Path:
    """Return a folder, or in its place a copy of links without the Pythons that do not run."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    broken = {each for each in files if PYTHON.fullmatch(each.name) and not runs(each)}
    if not broken:
        return folder
    copy.mkdir()
    for each in files:
        if each not in broken:
            (copy / each.name).symlink_to(each)
    return copy
