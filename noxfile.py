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
# The one that runs the other tests of each: sanity tests try the others by themselves, and
# integration targets take long.
FIRST_PYTHON = [(pythons[0], core) for core, pythons in PYTHONS.items()]

# What distributions ship of the libraries that the collection stands on; the first has the oldest
# that it takes.
LIBRARIES = {
    "EL 9": ("requests==2.25.1", "urllib3==1.26.5", "requests-toolbelt==0.9.1"),
    "Debian 12": ("requests==2.28.1", "urllib3==1.26.12", "requests-toolbelt==0.10.1"),
    "EL 10": ("requests==2.32.3", "urllib3==1.26.19", "requests-toolbelt==1.0.0"),
}
# urllib3 1 leaves it to Python to close what an exception holds open.
UNCLOSED = ("pytest.PytestUnraisableExceptionWarning", "ResourceWarning")

# Lines of the requirements that a session of the matrix does without: comments, what depends on the
# ansible-core, and ansible-rulebook, whose engine is not built for every Python.
NOT_IN_SESSIONS = ("#", "ansible-core", "ansible-lint", "ansible-rulebook")

antsibull_nox.load_antsibull_nox_toml()


def pins(*kept: str) -> list[str]:
    """Return the pinned requirements of the tests, or those of them that begin with a text."""
    lines = Path("tests/requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith(NOT_IN_SESSIONS)]
    return [line for line in pinned if line.startswith(kept)] if kept else pinned


@nox.session(default=False, tags=["matrix"])
@nox.parametrize(
    "python,core",
    [(python, core) for core, pythons in PYTHONS.items() for python in pythons],
)
def units(session: nox.Session, core: str) -> None:
    """Run the unit tests with one ansible-core on one Python."""
    session.install(f"ansible-core=={core}.*", *pins())
    session.run("pytest", "tests/unit", *session.posargs)


@nox.session(default=False, tags=["matrix"])
@nox.parametrize("python,core", FIRST_PYTHON)
def sanity(session: nox.Session, core: str) -> None:
    """Run ansible-test's sanity tests of one ansible-core."""
    session.install(f"ansible-core=={core}.*")
    session.run("python", "-m", "tools.sanity")


@nox.session(default=False, tags=["matrix"])
@nox.parametrize("python,core", FIRST_PYTHON)
def integration(session: nox.Session, core: str) -> None:
    """Run the integration targets with one ansible-core."""
    session.install(
        f"ansible-core=={core}.*", *pins("requests", "flask", "rpm-rs", "createrepo_c", "zstandard")
    )
    session.run("python", "-m", "tools.integration", *session.posargs)


@nox.session(default=False, tags=["matrix"], python="3.10")
@nox.parametrize("system", list(LIBRARIES))
def libraries(session: nox.Session, system: str) -> None:
    """Run the unit tests of HTTP and of the modules with the libraries of a distribution."""
    tests = (
        "pytest==",
        "hypothesis==",
        "flask==",
        "createrepo_c==",
        "rpm-rs==",
        "trustme==",
        "zstandard==",
    )
    session.install("ansible-core==2.16.*", *LIBRARIES[system], *pins(*tests))
    warnings = [f"-Wignore::{kind}" for kind in UNCLOSED]
    session.run("pytest", *warnings, "tests/unit/wire", "tests/unit/modules", *session.posargs)


@nox.session(default=False, tags=["matrix"], python="3.9")
def hosts(session: nox.Session) -> None:
    """Run the integration targets with modules on the oldest Python and with the oldest libraries.

    The unit tests can't run there: the simulator's libraries for RPM need a newer Python.
    """
    session.install(*LIBRARIES["EL 9"])
    session.run(
        ".venv/bin/python",
        *("-m", "tools.integration", *session.posargs),
        env={"MODULES_PYTHON": str(Path(session.bin) / "python")},
        external=True,
    )


if __name__ == "__main__":
    nox.main()
