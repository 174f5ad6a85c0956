# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Spec files and source RPMs to submit."""

from __future__ import annotations

from pathlib import Path

from tools.make_srpm import write_srpm

SPEC = """\
Name:       {name}
Version:    {version}
Release:    1
{epoch}Summary:    Something
License:    MIT
{tags}
%description
Something.

%build
{build}

%files
"""


def write_spec(
    into: Path,
    name: str = "hello",
    version: str = "1.0",
    *,
    epoch: int | None = None,
    build: str = "true",
    tags: str = "",
) -> Path:
    """Write a spec file and return its path."""
    into.mkdir(parents=True, exist_ok=True)
    path = into / f"{name}.spec"
    line = "" if epoch is None else f"Epoch:      {epoch}\n"
    path.write_text(SPEC.format(name=name, version=version, epoch=line, build=build, tags=tags))
    return path


def make_srpm(
    into: Path,
    name: str = "hello",
    version: str = "1.0",
    *,
    epoch: int | None = None,
    build: str = "true",
) -> str:
    """Write a source RPM and return its path."""
    spec = write_spec(into / "sources", name, version, epoch=epoch, build=build)
    return str(write_srpm(spec, [], into))
