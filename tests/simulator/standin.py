# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The builder that builds nothing: time makes builds go on, and their files are made up."""

from __future__ import annotations

import gzip
from functools import partial
from pathlib import Path

from . import lifecycle, logs, packages, repodata
from .building import Content, Nevra
from .timetable import Timetable
from .world import Build, Project


class StandIn(Timetable):
    """Builds as their plans say, in memory."""

    def begin(self, build: Build) -> None:
        """Leave it to the clock."""

    def stop(self, build: Build, chroots: list[str] | None = None) -> None:
        """Leave it to the clock: the build says when it was canceled."""

    def packages(self, build: Build, chroot: str) -> list[Nevra]:
        """List one package, and its source."""
        plan = build.plan
        return [
            Nevra(plan.name, plan.epoch, plan.version, plan.release, arch)
            for arch in ("src", chroot.rpartition("-")[2])
        ]

    def source_files(self, build: Build) -> dict[str, Content]:
        """Return log, source RPM and spec."""
        plan = build.plan
        log = logs.log_of_source(build.id, plan.source_failure)
        files: dict[str, Content] = {"builder-live.log.gz": partial(_packed, log)}
        if plan.source_failure:
            return files
        nvr = (plan.name, plan.version, plan.release)
        source_rpm = f"{'-'.join(nvr)}.src.rpm"
        uploaded = build.upload.name if build.upload is not None else ""
        if build.upload is not None and uploaded.lower().endswith(".rpm"):
            files[uploaded] = files[source_rpm] = partial(_itself, build.upload)
        else:
            files[source_rpm] = partial(packages.content, *nvr, "src")
        return {**files, **_spec(build)}

    def chroot_files(self, build: Build, chroot: str) -> dict[str, Content]:
        """Return logs, packages, the mark of success or failure, and the spec."""
        progress = lifecycle.chroot_progress(self.world, build, chroot)
        plan = build.plan
        nevr = f"{plan.name}-{plan.evr}"
        log = logs.log_of_chroot(chroot, build.id, nevr, plan.failure_in(chroot))
        if progress.state not in lifecycle.FINAL:
            return {"builder-live.log": log[: len(log) // 2].encode}
        files: dict[str, Content] = {
            "builder-live.log.gz": partial(_packed, log),
            "backend.log.gz": partial(_packed, f"Build {build.id} in {chroot}: {progress.state}\n"),
        }
        if progress.state == "failed":
            files["fail"] = lambda: b""
        elif progress.state in ("succeeded", "forked"):
            files["success"] = lambda: b""
            for arch in ("src", chroot.rpartition("-")[2]):
                nvra = (plan.name, plan.version, plan.release, arch)
                content = partial(packages.content, *nvra, plan.epoch)
                files[f"{'-'.join(nvra[:3])}.{arch}.rpm"] = content
        # The builder puts the spec beside what it makes of it.
        return {**files, **_spec(build)}

    def remake_repositories(self, project: Project) -> None:
        """Leave it to the clock: the project says when they were asked for."""

    def repository_files(
        self, project: Project, dirname: str, chroot: str, *, devel: bool
    ) -> dict[str, Content]:
        """Return metadata with the packages of all builds that have succeeded."""
        files = repodata.files(self.world, project, dirname, chroot, devel=devel)
        return {name: partial(bytes, content) for name, content in files.items()}

    def public_key(self, project: Project) -> bytes | None:
        """Return none: nothing is signed."""
        return None

    def close(self) -> None:
        """Do nothing: there are no files."""


def _spec(build: Build) -> dict[str, Content]:
    """Return the spec file, which keeps the name under which it was uploaded."""
    plan = build.plan
    text = plan.spec or f"Name: {plan.name}\nVersion: {plan.version}\nRelease: {plan.release}\n"
    uploaded = build.upload.name if build.upload is not None else ""
    name = uploaded if uploaded.lower().endswith(".spec") else f"{plan.name}.spec"
    return {name: text.encode}


def _itself(path: Path) -> Path:
    return path


def _packed(log: str) -> bytes:
    return gzip.compress(log.encode(), mtime=0)
