# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads packages and specs with rpm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..building import Nevra
from .job import Failed, Job

NEVRA = r"%{NAME}\t%{EPOCHNUM}\t%{VERSION}\t%{RELEASE}\t%{ARCH}\t"
HEADER = NEVRA + r"[%{EXCLUSIVEARCH} ]\t[%{EXCLUDEARCH} ]\n"


@dataclass(frozen=True)
class SourceRpm:
    """The header of a source RPM, and its spec."""

    nevra: Nevra
    exclusive_arches: frozenset[str]
    excluded_arches: frozenset[str]
    spec: Path


def defines(macros: Mapping[str, str]) -> list[str]:
    """Return options that define macros."""
    return [word for name, value in macros.items() for word in ("--define", f"{name} {value}")]


def set_macros(job: Job, macros: Mapping[str, str]) -> None:
    """Set the macros of a job in ~/.rpmmacros, as copr-rpmbuild does.

    Others are added that keep rpm within the folder of the job.
    """
    everywhere = {
        "_tmppath": str(job.tmp),
        "_dbpath": str(job.home / "db"),
        # As on Fedora; /bin/sh of Debian is not bash.
        "_buildshell": "/bin/bash",
        "_rpmfilename": "%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
        **macros,
    }
    lines = [f"%{name} {value}\n" for name, value in everywhere.items()]
    (job.home / ".rpmmacros").write_text("".join(lines), encoding="utf-8")


def new_topdir(job: Job, name: str) -> Path:
    """Create a _topdir for rpmbuild."""
    folder = job.new_folder(name)
    for each in ("SPECS", "SOURCES", "BUILD", "BUILDROOT", "RPMS", "SRPMS"):
        job.new_folder(f"{name}/{each}")
    return folder


def regular(paths: Iterable[Path]) -> list[Path]:
    """Return the regular files among the results of a command, sorted; a link may lead anywhere."""
    return sorted(path for path in paths if path.is_file() and not path.is_symlink())


def unpacked(job: Job, source_rpm: Path, topdir: Path) -> SourceRpm:
    """Unpack a source RPM; Failed if the file is not one."""
    packages = queried(job, source_rpm)
    # Not logged, because Debian's rpm warns at each installation.
    install = ["rpm", "--install", "--nodeps", *defines({"_topdir": str(topdir)}), str(source_rpm)]
    specs = [] if job.query(install) is None else regular((topdir / "SPECS").glob("*.spec"))
    if len(packages) != 1 or len(specs) != 1:
        raise Failed(f"error: {source_rpm.name}: not an rpm package (or package manifest)")
    (fields,) = packages
    return SourceRpm(
        _nevra(fields, "src"), frozenset(fields[5].split()), frozenset(fields[6].split()), specs[0]
    )


def nevras(job: Job, folder: Path) -> list[Nevra]:
    """Return the packages in a folder, sorted by file name."""
    found = []
    for path in sorted(folder.glob("*.rpm")):
        arch = "src" if path.name.endswith(".src.rpm") else None
        found += [_nevra(fields, arch) for fields in queried(job, path)]
    return found


def queried(job: Job, path: Path) -> list[list[str]]:
    """Return the fields of HEADER of a package; empty if the file is not a package."""
    query = ["rpm", "--query", "--package", "--nosignature", "--queryformat", HEADER]
    return [line.split("\t") for line in (job.query([*query, str(path)]) or "").splitlines()]


def _nevra(fields: list[str], arch: str | None) -> Nevra:
    return Nevra(fields[0], int(fields[1]), fields[2], fields[3], arch or fields[4])
