# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the packages of a build for one chroot."""

from __future__ import annotations

import json
import shlex
import shutil
from dataclasses import asdict
from pathlib import Path

from .. import logs
from ..building import Nevra
from ..world import Build
from . import rpms
from .job import Failed, Job
from .sources import macros_of_copr
from .target import Target

NO_ROOT = """\
This builder has no build root. It uses the programs of this machine and installs nothing.
additional_packages, not installed: {}
"""


def make(build: Build, chroot: str, target: Target, source_rpm: Path, job: Job) -> list[Path]:
    """Build the packages of a chroot; return where they are.

    Raises Failed and Stopped.
    """
    job.log(*logs.head(f"get-build-task/{build.id}-{chroot}"))
    rpms.set_macros(job, {**macros_of_copr(build), **target.macros})
    topdir = rpms.new_topdir(job, "rpmbuild")
    source = rpms.unpacked(job, source_rpm, topdir)
    shutil.copyfile(source.spec, job.results / source.spec.name)
    folder = rpms.defines({"_topdir": str(topdir)})
    options = [*folder, *_conditions(build, chroot), "--target", target.arch]
    name = f"{source.nevra.name}-{build.plan.evr}.src.rpm"
    _keep_root_log(build, chroot, job)
    job.log(f"Start: build phase for {name}", f"Start: rpmbuild {name}")
    command = ["rpmbuild", "-ba", "--nodeps", *options, str(source.spec)]
    started = job.log_size()
    try:
        succeeded = _can_build(job, target, source.spec, options) and job.stream(command) == 0
    finally:
        job.keep_log("build.log", started)
    job.log(f"Finish: rpmbuild {name}", f"Finish: build phase for {name}")
    if not succeeded:
        job.log(*logs.frame(chroot, f"{logs.RESULTS}/{name}", shlex.join(command), "")[:-1])
        raise Failed("Build failed")
    job.log(
        f"INFO: Done({logs.RESULTS}/{name}) Config(child)",
        f"INFO: Results and/or logs in: {logs.RESULTS}",
        "Finish: run",
    )
    return rpms.regular([*topdir.glob("RPMS/*.rpm"), *topdir.glob("SRPMS/*.rpm")])


def keep(packages: list[Path], job: Job) -> list[Nevra]:
    """Move packages to the results, with a list of them; return what they are."""
    for package in packages:
        shutil.move(package, job.results)
    found = rpms.nevras(job, job.results)
    text = json.dumps({"packages": [asdict(nevra) for nevra in found]}, indent=4)
    (job.results / "results.json").write_text(text)
    job.log(f"Package info:\n{text}")
    (job.results / "success").write_text("done")
    return found


def _conditions(build: Build, chroot: str) -> list[str]:
    """Return the options for with_opts and without_opts of a chroot."""
    settings = build.project.chroots[chroot]
    asked = {"--with": settings.with_opts, "--without": settings.without_opts}
    return [
        word for option, names in asked.items() for name in names.split() for word in (option, name)
    ]


def _can_build(job: Job, target: Target, spec: Path, options: list[str]) -> bool:
    """Whether this machine can build a spec for a target.

    It builds noarch packages for any. Others would name an architecture they are not for.
    """
    if not target.is_foreign:
        return True
    printed = job.query(["rpmspec", "--query", "--queryformat", r"%{ARCH}\n", *options, str(spec)])
    # rpmbuild reports why a spec can't be read.
    if set((printed or "noarch").split()) == {"noarch"}:
        return True
    job.log(f"error: this machine can't build packages for {target.arch}, only noarch ones")
    return False


def _keep_root_log(build: Build, chroot: str, job: Job) -> None:
    """Write root.log, which says that there is no build root."""
    start = job.log_size()
    asked = build.project.chroots[chroot].additional_packages or "none"
    job.log(*NO_ROOT.format(asked).splitlines())
    job.keep_log("root.log", start)
