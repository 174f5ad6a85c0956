# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server wants of a builder: how far builds are, and what they leave.

There are two. ``standin`` makes up all of it from the clock and the description of a source;
``rpmbuild`` builds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .world import Build, Project

Content = Callable[[], bytes | Path]
"""Gives a file: its bytes, or where it lies."""


@dataclass(frozen=True)
class Progress:
    """State and times of a chroot of a build, or of its source."""

    state: str
    started_on: float | None = None
    ended_on: float | None = None
    has_results: bool = False


@dataclass(frozen=True)
class Nevra:
    """A package that was built, by the names of the API."""

    name: str
    epoch: int
    version: str
    release: str
    arch: str


class Builder(Protocol):
    """What makes builds go on, and keeps their files.

    The server holds the lock of its world whenever it calls.
    """

    def begin(self, build: Build) -> None:
        """Take in a build that was submitted or that came with a fork."""

    def stop(self, build: Build, chroots: list[str] | None = None) -> None:
        """End the work at a build, or at some of its chroots."""

    def forget(self, build: Build) -> None:
        """Let go of a build that is deleted after this."""

    def source(self, build: Build) -> Progress:
        """Tell how far the source of a build is that came with no fork.

        Once it is ``importing``, the plan of the build has its name and its version.
        """

    def chroot(self, build: Build, chroot: str) -> Progress:
        """Tell how far a chroot of a build is that came with no fork."""

    def packages(self, build: Build, chroot: str) -> list[Nevra]:
        """List the packages of a chroot that has succeeded, source packages too."""

    def source_files(self, build: Build) -> dict[str, Content]:
        """Return the files of a source that has results, by their names."""

    def chroot_files(self, build: Build, chroot: str) -> dict[str, Content]:
        """Return the files of a chroot that has results, by their names."""

    def remake_repositories(self, project: Project) -> None:
        """Make the indexes of all repositories of a project anew, now or soon."""

    def repository_files(
        self, project: Project, dirname: str, chroot: str, *, devel: bool
    ) -> dict[str, Content]:
        """Return the metadata of a repository, its files by their names; nothing before it is made.

        With ``devel``, it is the repository of a project in ``devel_mode`` that only builds see.
        """

    def public_key(self, project: Project) -> bytes | None:
        """Return the key with which the packages of a project are signed."""

    def close(self) -> None:
        """End all work, and remove all files."""
