# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules the jobs of builds, and knows their states and where their files are."""

from __future__ import annotations

import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from .. import lifecycle
from ..building import Content, Nevra, Progress
from ..world import Build, Project, World
from . import chroots, sources
from .job import Failed, Job, Stopped
from .keys import Keys
from .repositories import Repositories, metadata_of
from .target import target_of

SOURCE = "srpm-builds"
"""Used like the name of a chroot, for the source."""
T = TypeVar("T")

BUILDERS = 8
"""Jobs that run at once: more than there are processors, so that slow builds block no others."""
LONGEST = 1800
"""Seconds that a job may take, even if the timeout of its build is longer."""


@dataclass
class Work:
    """The state of a build. ``jobs`` are the running ones, by chroot."""

    source: Progress = field(default_factory=lambda: Progress("pending"))
    chroots: dict[str, Progress] = field(default_factory=dict)
    packages: dict[str, list[Nevra]] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)


class Rpmbuild:
    """Builds in threads, in a temporary folder.

    Its own state is guarded by the lock of the world.
    """

    def __init__(self, world: World, *, signed: bool = True) -> None:
        self.world = world
        self._folder = tempfile.TemporaryDirectory(
            prefix="copr-builder-", ignore_cleanup_errors=True
        )
        root = Path(self._folder.name)
        self.results = root / "results"
        self._scratch = root / "work"
        self._scratch.mkdir()
        # The commands of jobs may run as another user.
        root.chmod(0o755)
        self._keys = Keys(root / "keys") if signed else None
        self._repositories = Repositories(self._scratch, world.lock)
        self._works: dict[int, Work] = {}
        self._waiting: list[Build] = []
        self._outdated: set[Path] = set()
        self._builders = ThreadPoolExecutor(BUILDERS, "builder")
        self._backend = ThreadPoolExecutor(1, "backend")

    # --- what the server asks for ---

    def begin(self, build: Build) -> None:
        """Schedule a build, or copy the files of a fork."""
        if build.forked_from:
            self._in_backend(self._copy, build, build.forked_from)
            return
        self._works[build.id] = Work()
        self._waiting.append(build)
        self._go_on()

    def stop(self, build: Build, names: list[str] | None = None) -> None:
        """Kill the running jobs, and start no more."""
        work = self._works[build.id]
        for name in [SOURCE, *build.chroots] if names is None else names:
            work.stopped.add(name)
            if name in work.jobs:
                work.jobs[name].stop()
            elif name != SOURCE and self.chroot(build, name).state not in lifecycle.FINAL:
                work.chroots[name] = replace(self.chroot(build, name), state="canceled")
        if names is None and build in self._waiting:
            self._waiting.remove(build)
        self._go_on()

    def forget(self, build: Build) -> None:
        """Remove the files of a build."""
        for name in [SOURCE, *build.chroots]:
            self._in_backend(self._repositories.remove, self._folder_of(build, name))

    def source(self, build: Build) -> Progress:
        """Return the progress of the source of a build."""
        return self._works[build.id].source

    def chroot(self, build: Build, chroot: str) -> Progress:
        """Return the progress of a chroot of a build."""
        return self._works[build.id].chroots.get(chroot, Progress("waiting"))

    def packages(self, build: Build, chroot: str) -> list[Nevra]:
        """List the packages of a chroot."""
        return self._works[build.id].packages.get(chroot, [])

    def source_files(self, build: Build) -> dict[str, Content]:
        """Return the files of a source."""
        return _files_in(self._folder_of(build, SOURCE))

    def chroot_files(self, build: Build, chroot: str) -> dict[str, Content]:
        """Return the files of a chroot."""
        return _files_in(self._folder_of(build, chroot))

    def remake_repositories(self, project: Project) -> None:
        """Schedule an update of all repositories that is not scheduled yet."""
        for dirname in project.directories:
            for chroot in project.chroots:
                folder = self._below(project, dirname, chroot)
                if folder not in self._outdated:
                    self._outdated.add(folder)
                    self._in_backend(self._update_repository, folder)

    def repository_files(
        self, project: Project, dirname: str, chroot: str, *, devel: bool
    ) -> dict[str, Content]:
        """Return the metadata of a repository."""
        return _files_in(metadata_of(self._below(project, dirname, chroot), devel=devel))

    def public_key(self, project: Project) -> bytes | None:
        """Return the key of a project."""
        return self._keys.public(project.full_name) if self._keys else None

    def close(self) -> None:
        """Kill all jobs, and remove all files."""
        with self.world.lock:
            self._waiting.clear()
            for work in self._works.values():
                work.stopped |= {SOURCE, *work.chroots}
                for job in work.jobs.values():
                    job.stop()
        for pool in (self._builders, self._backend):
            pool.shutdown(cancel_futures=True)
        if self._keys:
            self._keys.close()
        self._folder.cleanup()

    # --- scheduling; the methods named _make_... run in threads ---

    def _go_on(self) -> None:
        """Start the builds that no longer wait for a batch."""
        for build in [build for build in self._waiting if self._has_its_turn(build)]:
            self._waiting.remove(build)
            self._builders.submit(self._make_source, build).add_done_callback(_report)

    def _has_its_turn(self, build: Build) -> bool:
        """Whether all batches that a build waits for have finished."""
        link = build.batch.after if build.batch else None
        while link is not None:
            if not lifecycle.batch_is_finished(self.world, link):
                return False
            link = link.after
        return True

    def _make_source(self, build: Build) -> None:
        job = self._new_job(build, SOURCE)
        if job is None:
            return
        plan = _attempt(job, partial(sources.make, build, job))
        with self._ending(build, SOURCE, job) as work:
            if plan is not None:
                build.plan = plan
                work.source = replace(work.source, state="importing")
                lifecycle.settle(self.world)
                work.source = replace(work.source, state="succeeded")
                self._begin_chroots(build, work)
            elif SOURCE not in work.stopped:
                work.source = replace(work.source, state="failed")
                moment = self.world.now()
                work.chroots = dict.fromkeys(build.chroots, Progress("failed", moment, moment))

    def _begin_chroots(self, build: Build, work: Work) -> None:
        now = self.world.now()
        for chroot in build.chroots:
            if build.plan.skips(chroot):
                work.chroots[chroot] = Progress("skipped", now, now)
            else:
                work.chroots[chroot] = Progress("pending")
                self._builders.submit(self._make_chroot, build, chroot).add_done_callback(_report)

    def _make_chroot(self, build: Build, chroot: str) -> None:
        job = self._new_job(build, chroot)
        if job is None:
            return
        packages = _attempt(job, partial(self._make_packages, build, chroot, job))
        with self._ending(build, chroot, job) as work:
            progress, now = work.chroots[chroot], self.world.now()
            if packages is not None:
                work.packages[chroot] = packages
                work.chroots[chroot] = replace(progress, state="succeeded", ended_on=now)
            elif chroot in work.stopped:
                work.chroots[chroot] = replace(progress, state="canceled")
            else:
                work.chroots[chroot] = replace(progress, state="failed", ended_on=now)
                (job.results / "fail").touch()

    def _make_packages(self, build: Build, chroot: str, job: Job) -> list[Nevra]:
        """Build, sign and publish, in this order: what has succeeded can be installed."""
        plan = build.plan
        source_rpm = (
            self._folder_of(build, SOURCE) / f"{plan.name}-{plan.version}-{plan.release}.src.rpm"
        )
        target = target_of(chroot, self.world.chroots)
        paths = chroots.make(build, chroot, target, source_rpm, job)
        self._sign(build, paths)
        packages = chroots.keep(paths, job)
        devel = bool(build.project.settings["devel_mode"])
        self._repositories.update(job.results.parent, devel=devel)
        return packages

    def _sign(self, build: Build, packages: Sequence[Path]) -> None:
        if self._keys and packages:
            self._keys.sign(build.project.full_name, packages)

    def _copy(self, build: Build, original: Build) -> None:
        """Copy and sign the files of a fork. Its repositories are updated later."""
        for chroot in build.chroots:
            source, folder = self._folder_of(original, chroot), self._folder_of(build, chroot)
            if source.is_dir():
                copied = shutil.copytree(source, self._scratch / f"{build.id}-{chroot}")
                self._sign(build, sorted(copied.glob("*.rpm")))
                folder.parent.mkdir(parents=True, exist_ok=True)
                copied.rename(folder)

    def _update_repository(self, folder: Path) -> None:
        with self.world.lock:
            self._outdated.discard(folder)
        self._repositories.update(folder)

    def _in_backend(self, work: Callable[..., None], *arguments: object) -> None:
        """Do what no build waits for, one thing after the other."""
        self._backend.submit(work, *arguments).add_done_callback(_report)

    def _new_job(self, build: Build, name: str) -> Job | None:
        """Start a job, unless it was stopped before."""
        with self.world.lock:
            work = self._works[build.id]
            if name in work.stopped:
                return None
            seconds = min(build.timeout or LONGEST, LONGEST)
            job = Job(self._scratch / f"{build.id}-{name}", self._folder_of(build, name), seconds)
            job.log_backend(f"Worker for {build.id} in {name} starts")
            work.jobs[name] = job
            progress = Progress("running", self.world.now(), has_results=True)
            if name == SOURCE:
                work.source = progress
            else:
                work.chroots[name] = progress
        return job

    @contextmanager
    def _ending(self, build: Build, name: str, job: Job) -> Iterator[Work]:
        """Let the caller record the end of a job, then clean up and start what waited for it."""
        with self.world.lock:
            work = self._works[build.id]
            del work.jobs[name]
            yield work
            job.log_backend("Worker has ended")
            job.compress_logs()
            self._go_on()
        job.remove_folder()

    # --- where files are ---

    def _folder_of(self, build: Build, name: str) -> Path:
        """Return the folder of results of a chroot, or of the source."""
        last = f"{build.id:08}" if name == SOURCE else f"{build.id:08}-{build.package_name}"
        return self._below(build.project, build.dirname, name) / last

    def _below(self, project: Project, dirname: str, name: str) -> Path:
        # A project may be called "..".
        parts = [part if part.strip(".") else f"_{part}" for part in (project.owner, dirname, name)]
        return self.results.joinpath(*parts)


def _attempt(job: Job, make: Callable[[], T]) -> T | None:
    """Return the result of a job; None if it was stopped, or failed, which is logged."""
    try:
        return make()
    except Stopped:
        return None
    except Failed as failure:
        job.log(f"Copr build error: {failure}")
    except Exception:
        # A bug. The build must end all the same, since a client waits for it.
        job.log(traceback.format_exc(), "Copr build error: Build failed")
        traceback.print_exc()
    return None


def _report(done: Future[None]) -> None:
    """Print why something failed, if it did."""
    if not done.cancelled() and (error := done.exception()) is not None:
        traceback.print_exception(error)


def _files_in(folder: Path) -> dict[str, Content]:
    """Return the files in a folder; packages as paths, the others as their content."""
    paths = folder.iterdir() if folder.is_dir() else ()
    return {
        path.name: partial(_itself, path) if path.suffix == ".rpm" else path.read_bytes
        for path in paths
        if path.is_file()
    }


def _itself(path: Path) -> Path:
    return path
