# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of the simulated server: users, projects, packages, builds."""

from __future__ import annotations

import datetime
import itertools
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .clock import Clock

if TYPE_CHECKING:
    from .building import Builder

MOCK_CHROOTS = tuple(
    f"{release}-{arch}"
    for release in (
        *("fedora-41", "fedora-42", "fedora-43", "fedora-44", "fedora-rawhide"),
        *("epel-9", "epel-10", "centos-stream-9", "opensuse-tumbleweed", "custom-1"),
    )
    for arch in ("x86_64", "aarch64")
)
"""The chroots of a new server, in the order in which mock-chroots/list gives them."""

ChrootState = Literal["active", "off", "ended"]
"""``off`` is for a while; a release at its end of life has ``ended``."""

DAY = 86400
DISABLED_KEPT, ENDED_KEPT = 7 * DAY, 180 * DAY
"""How long the results of a chroot are kept that its project has disabled, or that has ended."""

GROUPS: dict[str, frozenset[str]] = {
    "packagers": frozenset({"alice"}),
    "team": frozenset({"alice"}),
    "other": frozenset(),
}
"""Group name -> its members; projects of a group belong to ``@name``."""


@dataclass(frozen=True)
class User:
    """Somebody with an account and API credentials."""

    id: int
    name: str
    login: str
    token: str
    is_admin: bool = False
    expires: datetime.date | None = None
    """The last day of the token; the accounts of a new server have one that does not expire."""


USERS: dict[str, User] = {
    name: User(number, name, f"{name}-login", f"{name}-token", is_admin=name == "root")
    for number, name in enumerate(("alice", "bob", "root"), start=1)
}
"""The accounts: alice and bob are ordinary users, root is an administrator of the server."""


@dataclass(eq=False)
class ProjectChroot:
    """Settings of one chroot in one project; they outlive its being disabled."""

    name: str
    enabled: bool = True
    active: bool = True
    """Whether the server still has the chroot."""
    delete_on: float | None = None
    """When its results are deleted; None while it is enabled and active."""
    additional_repos: str = ""
    additional_packages: str = ""
    additional_modules: str = ""
    with_opts: str = ""
    without_opts: str = ""
    bootstrap: str | None = None
    bootstrap_image: str | None = None
    isolation: str = "unchanged"
    comps_name: str | None = None

    def days_left(self, now: float) -> int | None:
        """Return the whole days until its results are deleted; None if they are kept."""
        if self.delete_on is None:
            return None
        # At the very moment a few microseconds have passed, so that a day less is left.
        return max(0, int((self.delete_on - now) / DAY - 1e-6))


@dataclass(eq=False)
class Package:
    """A package of a project, with the default source it is rebuilt from."""

    id: int
    name: str
    source_type: str = "unset"
    source_dict: dict[str, Any] = field(default_factory=dict)
    webhook_rebuild: bool = False
    max_builds: int = 0
    timeout: int | None = None
    chroot_denylist: str = ""


@dataclass(frozen=True)
class Plan:
    """What a builder makes of a source. ``failing`` maps a family to a reason."""

    name: str
    version: str
    release: str
    epoch: int = 0
    spec: str = ""
    source_failure: str | None = None
    failing: dict[str, str] = field(default_factory=dict)
    slow: bool = False
    exclusive_arches: frozenset[str] = frozenset()
    excluded_arches: frozenset[str] = frozenset()

    @property
    def evr(self) -> str:
        """``[epoch:]version-release``, as source_package.version has it."""
        text = f"{self.version}-{self.release}"
        return f"{self.epoch}:{text}" if self.epoch else text

    def skips(self, chroot: str) -> bool:
        """Whether the package is not meant for the architecture of a chroot."""
        arch = chroot.rpartition("-")[2]
        others_only = bool(self.exclusive_arches) and arch not in self.exclusive_arches
        return others_only or arch in self.excluded_arches

    def failure_in(self, chroot: str) -> str | None:
        """Return the reason for which the RPM build fails in a chroot, or None."""
        family = "fedora" if chroot.startswith("fedora") else "rhel"
        return self.failing.get("") or self.failing.get(family)


@dataclass(eq=False)
class Batch:
    """Builds that count as one for those which wait until it has ended."""

    id: int
    after: Batch | None = None
    builds: list[Build] = field(default_factory=list)
    ended_before: float = 0.0
    """When the last of its builds that are deleted by now had ended."""


@dataclass(eq=False)
class Build:
    """A build as submitted; its states follow from the clock (see the module lifecycle)."""

    project: Project
    dirname: str
    submitter: str
    submitted_on: float
    source_type: str
    source_dict: dict[str, Any]
    plan: Plan
    chroots: list[str]
    package_name: str | None = None
    is_background: bool = False
    timeout: int = 18000
    enable_net: bool = False
    bootstrap: str | None = None
    isolation: str | None = None
    batch: Batch | None = None
    upload: Path | None = None
    imported: bool = False
    canceled_on: float | None = None
    forked_from: Build | None = None
    chroots_ended_on: dict[str, float] = field(default_factory=dict)
    """Chroots that have ended before this build had ended there."""
    id: int = 0


@dataclass(eq=False)
class Project:
    """A project with all it has, and its settings by the names of the API."""

    id: int
    owner: str
    name: str
    settings: dict[str, Any]
    created_on: float
    created_by: str
    """The user who made it; for the server the owner, also of a project of a group."""
    chroots: dict[str, ProjectChroot] = field(default_factory=dict)
    packages: dict[str, Package] = field(default_factory=dict)
    builds: dict[int, Build] = field(default_factory=dict)
    directories: list[str] = field(default_factory=list)
    repositories_asked_on: list[float] = field(default_factory=list)
    """When the repositories were to be made anew, for other reasons than the end of a build."""
    permissions: dict[str, dict[str, str]] = field(default_factory=dict)
    webhook_secret: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def full_name(self) -> str:
        """``owner/name``."""
        return f"{self.owner}/{self.name}"

    def enabled_chroots(self) -> list[str]:
        """Names of the chroots that new builds may use."""
        return [one.name for one in self.chroots.values() if one.enabled and one.active]


class World:
    """Everything there is on one simulated server."""

    def __init__(
        self,
        clock: Clock,
        step: float,
        builder: Callable[[World], Builder],
        race: float = 0.0,
    ) -> None:
        self.clock = clock
        self.step = step
        self.race = race
        """Seconds between what a request reads and what it writes (see the module races)."""
        self.lock = threading.RLock()
        self.users = dict(USERS)
        self.groups = dict(GROUPS)
        self.chroots: dict[str, ChrootState] = dict.fromkeys(MOCK_CHROOTS, "active")
        self.projects: dict[str, Project] = {}
        self.builds: dict[int, Build] = {}
        self.unimported: dict[int, Build] = {}
        self.sessions: dict[str, str] = {}
        self.openings: dict[int, float] = {}
        self._uploads = tempfile.TemporaryDirectory(prefix="copr-simulator-")
        self._project_ids = itertools.count(1)
        self._package_ids = itertools.count(1)
        self._build_ids = itertools.count(1)
        self._batch_ids = itertools.count(1)
        self.builder = builder(self)

    def now(self) -> float:
        """Return the time of the simulated server."""
        return self.clock()

    def today(self) -> datetime.date:
        """Return the day of the simulated server, which lives in UTC."""
        return datetime.datetime.fromtimestamp(self.now(), datetime.timezone.utc).date()

    def close(self) -> None:
        """End what is being built, and remove all files."""
        self.builder.close()
        self._uploads.cleanup()

    def new_upload_dir(self) -> Path:
        """Make a fresh directory for one uploaded file."""
        return Path(tempfile.mkdtemp(prefix="tmp", dir=self._uploads.name))

    def upload_path(self, directory: str, name: str) -> Path:
        """Where an uploaded file lies."""
        return Path(self._uploads.name) / directory / name

    def active_chroots(self) -> list[str]:
        """Names of the chroots that projects may enable."""
        return [name for name, state in self.chroots.items() if state == "active"]

    def set_chroot(self, name: str, state: ChrootState) -> None:
        """Change the state of a chroot; an unknown one is added.

        Projects that have it enabled lose it when it has ended or is switched off, and get it back
        when it is active again.
        """
        self.chroots[name] = state
        for project in self.projects.values():
            if name in project.chroots:
                self._follow(project.chroots[name], state)

    def _follow(self, chroot: ProjectChroot, state: ChrootState) -> None:
        chroot.active = state == "active"
        if chroot.enabled and state == "active":
            chroot.delete_on = None
        elif chroot.enabled and state == "ended":
            chroot.delete_on = self.now() + ENDED_KEPT

    def add_project(
        self, owner: str, name: str, settings: dict[str, Any], by: str = "root"
    ) -> Project:
        """Make a project without chroots. That of a user is made by this user, whoever asks."""
        maker = by if owner.startswith("@") else owner
        project = Project(next(self._project_ids), owner, name, settings, self.now(), maker)
        project.directories.append(name)
        self.projects[project.full_name] = project
        return project

    def remove_project(self, project: Project) -> None:
        """Forget a project with its builds."""
        for build in list(project.builds.values()):
            self.remove_build(build)
        del self.projects[project.full_name]

    def add_package(self, project: Project, name: str) -> Package:
        """Make a package without a source."""
        package = Package(next(self._package_ids), name)
        project.packages[name] = package
        return package

    def add_build(self, build: Build) -> Build:
        """Take a build in and give it its id."""
        build.id = next(self._build_ids)
        build.project.builds[build.id] = build
        self.builds[build.id] = build
        if not build.imported:
            self.unimported[build.id] = build
        if build.batch:
            build.batch.builds.append(build)
        self.builder.begin(build)
        return build

    def remove_build(self, build: Build) -> None:
        """Forget a build; those that wait for its batch go on as if it were still there."""
        self.builder.forget(build)
        build.project.builds.pop(build.id, None)
        # Made at once: without the build the index must not become an older one.
        build.project.repositories_asked_on.append(self.now() - self.step)
        self.builder.remake_repositories(build.project)
        self.builds.pop(build.id, None)
        self.unimported.pop(build.id, None)
        if build.batch:
            build.batch.builds.remove(build)

    def remake_repositories(self, project: Project) -> None:
        """Have the repositories of a project made anew."""
        project.repositories_asked_on.append(self.now())
        self.builder.remake_repositories(project)

    def new_batch(self, after: Batch | None = None) -> Batch:
        """Make an empty batch, perhaps one that waits for another."""
        return Batch(next(self._batch_ids), after)

    def projects_of(self, owner: str) -> Iterator[Project]:
        """All projects of one owner, oldest first."""
        return (project for project in self.projects.values() if project.owner == owner)
