# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions of nox: those of antsibull-nox, and the matrix of ansible-core and Python.

`make` prepares what they need; run them through it: `make lint`, `make matrix`.
"""

# /// script
# dependencies = ["nox>=2025.02.09", "antsibull-nox"]
# ///

from __future__ import annotations

from pathlib import Path

import antsibull_nox
import nox

# Which Pythons run each ansible-core, of those that nox can find here.
PYTHONS = {
    "2.16": ("3.10", "3.11", "3.12"),
    "2.17": ("3.10", "3.11", "3.12"),
    "2.18": ("3.11", "3.12", "3.13"),
    "2.19": ("3.11", "3.12", "3.13"),
    "2.20": ("3.12", "3.13", "3.14"),
    "2.21": ("3.12", "3.13", "3.14"),
    "2.22": ("3.13", "3.14", "3.15"),
}
# Which Python runs the sanity tests of each, which try the others by themselves.
SANITY = {core: pythons[0] for core, pythons in PYTHONS.items()}

antsibull_nox.load_antsibull_nox_toml()


@nox.session(default=False, tags=["matrix"])
@nox.parametrize(
    "python,core",
    [(python, core) for core, pythons in PYTHONS.items() for python in pythons],
)
def units(session: nox.Session, core: str) -> None:
    """Run the unit tests with one ansible-core on one Python."""
    pins = Path("tests/requirements.txt").read_text(encoding="utf-8").splitlines()
    others = [pin for pin in pins if pin and not pin.startswith(("#", "ansible-"))]
    session.install(f"ansible-core=={core}.*", *others)
    session.run("pytest", "tests/unit", *session.posargs)


@nox.session(default=False, tags=["matrix"])
@nox.parametrize("python,core", [(python, core) for core, python in SANITY.items()])
def sanity(session: nox.Session, core: str) -> None:
    """Run ansible-test's sanity tests of one ansible-core."""
    session.install(f"ansible-core=={core}.*")
    session.run("python", "-m", "tools.sanity")


if __name__ == "__main__":
    nox.main()
