# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Installed systems that are folders, and a simulated Copr with projects for them."""

from __future__ import annotations

from pathlib import Path

from simulator.server import Simulator
from unit.simulator.frontend import Frontend

DEMO = "alice/demo"
MAIN = "copr:127.0.0.1:alice:demo"
FILE = f"_{MAIN}.repo"
FEDORA_43 = "ID=fedora\nVERSION_ID=43\n"


class System:
    """A system below a folder: Fedora 43, until it is told otherwise.

    Attributes:
        folder: a folder for the system and for what belongs to it.
        root: the system.
        file: the file of the project DEMO.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "system"
        self.file = self.root / "etc/yum.repos.d" / FILE
        self._os_release = self.root / "usr/lib/os-release"
        self._os_release.parent.mkdir(parents=True)
        (self.root / "etc").mkdir()
        # As an image has it: absolute, it would lead to the system that builds the image.
        (self.root / "etc/os-release").symlink_to("/etc/os-release")
        self.is_like(FEDORA_43)

    def is_like(self, os_release: str) -> None:
        """Be the distribution that this describes."""
        self._os_release.write_text(os_release, encoding="utf-8")

    def forget(self) -> None:
        """Be no distribution at all."""
        self._os_release.unlink()
        (self.root / "etc/os-release").unlink()


def repositories(sim: Simulator) -> Frontend:
    """Return what makes projects in a simulator."""
    return Frontend(sim)
