# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The metadata of repositories, created by createrepo_c."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from .job import Failed

CREATE = ("createrepo_c", "--quiet", "--no-database", "--general-compress-type=gz")


class Repositories:
    """Creates metadata in a scratch folder, and swaps it in while nobody reads it."""

    def __init__(self, scratch: Path, reading: AbstractContextManager[Any]) -> None:
        self._scratch = scratch
        self._reading = reading
        self._one_at_a_time = threading.Lock()

    def update(self, folder: Path, *, devel: bool = False) -> None:
        """Regenerate the metadata of all packages in a folder, or those that only builds see."""
        with self._one_at_a_time, tempfile.TemporaryDirectory(dir=self._scratch) as scratch:
            folder.mkdir(parents=True, exist_ok=True)
            done = subprocess.run(
                [*CREATE, f"--outputdir={scratch}", str(folder)],
                env={**os.environ, "HOME": scratch},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
            if done.returncode:
                raise Failed(f"createrepo_c: {done.stderr.decode(errors='replace').strip()}")
            old, new = metadata_of(folder, devel=devel), Path(scratch) / "repodata"
            with self._reading:
                old.parent.mkdir(exist_ok=True)
                _keep_former(old, new)
                shutil.rmtree(old, ignore_errors=True)
                new.rename(old)

    def remove(self, folder: Path) -> None:
        """Remove the files of a build, which may be about to be listed."""
        with self._one_at_a_time:
            shutil.rmtree(folder, ignore_errors=True)


def metadata_of(folder: Path, *, devel: bool) -> Path:
    """Return the folder with the metadata of a repository."""
    return folder / "devel" / "repodata" if devel else folder / "repodata"


def _keep_former(old: Path, new: Path) -> None:
    """Keep the files of the former metadata for clients that have read its repomd.xml."""
    if not old.is_dir():
        return
    names = (old / "repomd.xml").read_text(encoding="utf-8")
    for path in old.iterdir():
        if path.name in names and not (new / path.name).exists():
            path.rename(new / path.name)
