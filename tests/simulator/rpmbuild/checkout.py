# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources from local git repositories."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import rpms
from .job import Failed, Job

GIT = (
    "git",
    *("-c", "protocol.allow=never", "-c", "protocol.file.allow=always"),
    *("-c", "protocol.http.allow=always", "-c", "http.followRedirects=false"),
)
"""No other protocol and no redirect, which might lead to another machine."""


@dataclass(frozen=True)
class Checkout:
    """A working tree, and the subdirectory that the source names."""

    folder: Path
    subdirectory: Path


def clone(job: Job, source: Mapping[str, Any]) -> Checkout:
    """Clone a repository and check out the committish of the source."""
    if source["type"] != "git":
        raise Failed(f"This builder supports git only, not {source['type']}")
    folder = job.new_folder("checkout")
    job.call([*GIT, "clone", source["clone_url"], str(folder)], network=True)
    if source["committish"]:
        job.call(
            [*GIT, "checkout", "--detach", _commit(job, folder, source["committish"])], cwd=folder
        )
    subdirectory = _within(folder, source["subdirectory"])
    if not subdirectory.is_dir():
        raise Failed(f"The subdirectory {source['subdirectory']} does not exist in the repository")
    return Checkout(folder, subdirectory)


def spec_in(checkout: Checkout, source: Mapping[str, Any]) -> Path | None:
    """Return the spec file that the source names, or None if it names none."""
    if not source["spec"]:
        return None
    spec = _within(checkout.folder, source["subdirectory"], source["spec"])
    if not spec.is_file():
        raise Failed(f"The spec file {source['spec']} does not exist in the repository")
    return spec


def with_archive(job: Job, checkout: Checkout, spec: Path) -> Path:
    """Return a folder with the sources of a spec; a missing archive is made from the repository."""
    sources = job.new_folder("sources")
    ignored = shutil.ignore_patterns(".git")
    shutil.copytree(
        checkout.subdirectory, sources, symlinks=True, ignore=ignored, dirs_exist_ok=True
    )
    query = ["rpmspec", "--query", "--srpm", "--queryformat"]
    printed = job.query([*query, r"%{NAME}-%{VERSION}\n[%{SOURCE}\n]", str(spec)])
    name, *files = (printed or "\n").splitlines()
    missing = [file for file in files if not (sources / file).exists()]
    if len(missing) == 1 and missing[0].endswith((".tar.gz", ".tgz")):
        archive = [*GIT, "archive", f"--prefix={name}/", f"--output={sources / missing[0]}"]
        job.call([*archive, "HEAD"], cwd=checkout.subdirectory)
    return sources


def make_srpm(job: Job, checkout: Checkout, source: Mapping[str, Any]) -> Path:
    """Make the source RPM with .copr/Makefile of the repository."""
    outdir = job.new_folder("outdir")
    spec = _within(checkout.folder, source["subdirectory"], source["spec"])
    makefile = str(checkout.folder / ".copr" / "Makefile")
    command = ["make", "-f", makefile, "srpm", f"outdir={outdir}", f"spec={spec}"]
    job.call(command, cwd=checkout.subdirectory)
    found = rpms.regular(outdir.glob("*.src.rpm"))
    if len(found) != 1:
        raise Failed(f"The Makefile created {len(found)} source RPMs, not one")
    return found[0]


def _commit(job: Job, folder: Path, committish: str) -> str:
    """Return the commit of a branch, a tag or an abbreviated commit."""
    for name in (committish, f"origin/{committish}"):
        # "git checkout" could take the name for an option or a file.
        parse = ["rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}"]
        commit = job.query([*GIT, "-C", str(folder), *parse])
        if commit is not None:
            return commit
    raise Failed(f"error: pathspec '{committish}' did not match any file(s) known to git")


def _within(folder: Path, *names: str | None) -> Path:
    """Return a path below a folder; Failed if it is not."""
    path = folder.joinpath(*(name.lstrip("/") for name in names if name)).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Failed(f"{names[-1]} is outside of the repository")
    return path
