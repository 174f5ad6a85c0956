# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the source RPM of a build.

Uploads, scripts, and sources at local addresses are really used. Anything else would need a
network, and is replaced by a placeholder.
"""

from __future__ import annotations

import shutil
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from .. import logs
from ..world import Build, Plan
from . import checkout, placeholder, rpms
from .job import Failed, Job
from .local import is_local

SCRIPT_FAILED = "\n".join(
    [
        "Traceback (most recent call last):",
        '  File "/usr/bin/copr-sources-custom", line 175, in <module>',
        "    run_cmd(mock + ['--unpriv', '--chroot', cmd])",
        "subprocess.CalledProcessError: Command '['mock', '-r', 'mock-config.cfg', '--unpriv',"
        " '--chroot', 'set -xe ; cd /workdir ; /script']' returned non-zero exit status {}.",
    ]
)


def make(build: Build, job: Job) -> Plan:
    """Write the source RPM of a build and its spec to the results; return what they contain.

    Raises Failed and Stopped.
    """
    job.log(*logs.head(f"get-srpm-build-task/{build.id}"))
    rpms.set_macros(job, {**macros_of_copr(build), "dist": "%nil"})
    found = _source_rpm(build, job)
    topdir = rpms.new_topdir(job, "unpacked")
    source = rpms.unpacked(job, found, topdir)
    nevra = source.nevra
    name = f"{nevra.name}-{nevra.version}-{nevra.release}.src.rpm"
    shutil.copyfile(found, job.results / name)
    shutil.copyfile(source.spec, job.results / source.spec.name)
    (job.results / "success").write_text("done")
    job.log(f"Output: {sorted([name, source.spec.name, 'success'])}")
    return Plan(
        nevra.name,
        nevra.version,
        nevra.release,
        nevra.epoch,
        spec=source.spec.read_text("utf-8", errors="replace"),
        exclusive_arches=source.exclusive_arches,
        excluded_arches=source.excluded_arches,
    )


def _source_rpm(build: Build, job: Job) -> Path:
    source = build.source_dict
    if build.upload is not None:
        # The folder of uploads is the simulator's alone.
        return _of_file(job, Path(shutil.copy(build.upload, job.new_folder("upload"))))
    if build.source_type == "custom":
        return _of_script(build, job)
    if build.source_type == "link" and is_local(source["url"]):
        return _of_file(job, _downloaded(job, source["url"]))
    if build.source_type == "scm" and is_local(source["clone_url"]):
        return _of_checkout(job, source)
    return _placeholder(build, job)


def _of_file(job: Job, path: Path) -> Path:
    is_spec = path.name.lower().endswith(".spec")
    return _of_spec(job, path, path.parent) if is_spec else path


def _of_spec(job: Job, spec: Path, sources: Path) -> Path:
    """Make the source RPM of a spec whose sources lie in a folder."""
    topdir = rpms.new_topdir(job, "source")
    folders = rpms.defines({"_topdir": str(topdir), "_sourcedir": str(sources)})
    job.call(["rpmbuild", "-bs", *folders, str(spec)])
    return rpms.regular((topdir / "SRPMS").glob("*.rpm"))[0]


def macros_of_copr(build: Build) -> Mapping[str, str]:
    """Return the macros that Copr defines for every build."""
    project = build.project
    kind = "group" if project.owner.startswith("@") else "user"
    return {
        "copr_username": project.owner,
        "copr_projectname": project.name,
        "vendor": f"Copr simulator - {kind} {project.owner}",
        "buildtag": f".copr{build.id}",
    }


def _only_spec(folder: Path) -> Path:
    """Return the spec in a folder."""
    specs = rpms.regular(folder.glob("*.spec"))
    if len(specs) != 1:
        found = ", ".join(spec.name for spec in specs) or "none"
        raise Failed(f"The sources must have exactly one spec file; found: {found}")
    return specs[0]


def _of_script(build: Build, job: Job) -> Path:
    source = build.source_dict
    folder = job.new_folder("workdir")
    script = job.home / "script"
    script.write_text(source["script"], encoding="utf-8")
    script.chmod(0o755)
    result = (folder / (source["resultdir"] or ".")).resolve()
    if not result.is_relative_to(folder.resolve()):
        raise Failed(f"resultdir {source['resultdir']} is outside of the script's folder")
    environment = {
        "COPR_RESULTDIR": str(result),
        "COPR_OWNER": build.project.owner,
        "COPR_PROJECT": build.project.name,
        "COPR_PACKAGE": build.package_name or "",
    }
    job.log("Start: chroot ['set -xe ; cd /workdir ; COPR_RESULTDIR=/workdir /script']")
    try:
        status = job.stream([str(script)], cwd=folder, environment=environment)
    except OSError as error:
        # Its interpreter is missing.
        job.log(f"{script}: {error.strerror}")
        status = 126
    if status:
        frame = logs.frame("source", "source", "bash --login -c 'set -xe; /script'", "", scan=False)
        job.log(*frame[:-1], SCRIPT_FAILED.format(status))
        raise Failed("Build failed")
    job.log("Finish: chroot")
    if not result.is_dir():
        raise Failed(f"The script did not create resultdir {source['resultdir']}")
    return _of_spec(job, _only_spec(result), result)


def _of_checkout(job: Job, source: Mapping[str, Any]) -> Path:
    folder = checkout.clone(job, source)
    if source["srpm_build_method"] == "make_srpm":
        return checkout.make_srpm(job, folder, source)
    spec = checkout.spec_in(folder, source) or _only_spec(folder.subdirectory)
    return _of_spec(job, spec, checkout.with_archive(job, folder, spec))


def _placeholder(build: Build, job: Job) -> Path:
    plan = build.plan
    job.log("This builder has no network. It builds a placeholder instead of:")
    job.log(*(f"  {key}: {value}" for key, value in build.source_dict.items() if value), "")
    if plan.source_failure:
        raise Failed(plan.source_failure.rpartition("Copr build error: ")[2])
    spec = job.new_folder("placeholder") / f"{plan.name}.spec"
    spec.write_text(placeholder.spec_of(plan, build.source_type), encoding="utf-8")
    return _of_spec(job, spec, spec.parent)


def _downloaded(job: Job, url: str) -> Path:
    name = unquote(urlsplit(url).path).rpartition("/")[2]
    path = job.new_folder("download") / name
    job.log(f"Running: curl {url}", "")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects())
    try:
        with opener.open(url, timeout=60) as answer, path.open("wb") as file:
            shutil.copyfileobj(answer, file)
    except OSError as error:
        raise Failed(f"{url} can't be downloaded: {error}") from error
    return path


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Rejects redirects, which might lead to another machine."""

    def redirect_request(self, *_request: object) -> None:
        """Reject."""
