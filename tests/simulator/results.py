# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files a build leaves: logs, packages, the marks of success and failure."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import partial
from pathlib import Path

from . import lifecycle, logs, packages
from .world import Build, World

Content = Callable[[], "bytes | Path"]


def source_files(world: World, owner: str, dirname: str, number: str) -> dict[str, Content]:
    """Return the files of a source build."""
    build = _build(world, owner, dirname, number)
    if build is None or not lifecycle.source_progress(world, build).has_results:
        return {}
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


def chroot_files(
    world: World, owner: str, dirname: str, chroot: str, directory: str
) -> dict[str, Content]:
    """Return the files of one chroot of a build."""
    number, _dash, package_name = directory.partition("-")
    build = _build(world, owner, dirname, number)
    if build is None or chroot not in build.chroots or build.package_name != package_name:
        return {}
    progress = lifecycle.chroot_progress(world, build, chroot)
    if not progress.has_results:
        return {}
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
            name = f"{plan.name}-{plan.version}-{plan.release}.{arch}.rpm"
            files[name] = partial(
                packages.content, plan.name, plan.version, plan.release, arch, plan.epoch
            )
    # The builder puts the spec beside what it makes of it.
    return {**files, **_spec(build)}


def _spec(build: Build) -> dict[str, Content]:
    """Return the spec file, which keeps the name under which it was uploaded."""
    plan = build.plan
    text = plan.spec or f"Name: {plan.name}\nVersion: {plan.version}\nRelease: {plan.release}\n"
    uploaded = build.upload.name if build.upload is not None else ""
    name = uploaded if uploaded.lower().endswith(".spec") else f"{plan.name}.spec"
    return {name: text.encode}


def pulp_suffix(world: World, owner: str, dirname: str, number: str) -> str | None:
    """Return what a chroot's folder ends in for the packages of a build that are in Pulp.

    No page lists these. None for a build whose packages are on the backend.
    """
    build = _build(world, owner, dirname, number)
    if build is None or build.project.settings["storage"] != "pulp":
        return None
    return "-devel" if build.project.settings["devel_mode"] else ""


def _build(world: World, owner: str, dirname: str, number: str) -> Build | None:
    """Return the build with a number as it stands in a path: eight digits."""
    build = world.builds.get(int(number)) if number.isdecimal() and len(number) >= 8 else None
    if build is None or (build.project.owner, build.dirname) != (owner, dirname):
        return None
    return build


def _itself(path: Path) -> Path:
    return path


def _packed(log: str) -> bytes:
    return gzip.compress(log.encode(), mtime=0)
