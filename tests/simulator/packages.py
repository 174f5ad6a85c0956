# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages that builds leave: small ones, and real enough for their digests to be checked."""

from __future__ import annotations

import functools
import os
import tempfile
from pathlib import Path

import createrepo_c

from tools.make_srpm import Spec, package


@functools.lru_cache(maxsize=512)
def content(name: str, version: str, release: str, arch: str, epoch: int = 0) -> bytes:
    """Make a package; it is the same at each request."""
    tags = {
        "name": name,
        "version": version,
        "release": release,
        "summary": f"What was built of {name}",
        "license": "MIT",
        "buildarch": "noarch" if arch == "src" else arch,
        **({"epoch": str(epoch)} if epoch else {}),
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{name}.spec")
        path.write_text(f"Name: {name}\nVersion: {version}\nRelease: {release}\n")
        os.utime(path, (0, 0))
        source_rpm = None if arch == "src" else f"{name}-{version}-{release}.src.rpm"
        return package(Spec(tags, tags["summary"]), [path], source_rpm)


@functools.lru_cache(maxsize=4096)
def metadata(name: str, version: str, release: str, arch: str, epoch: int, href: str) -> str:
    """Return what the metadata of a repository say of a package, whose file is at C(href)."""
    with tempfile.NamedTemporaryFile(suffix=".rpm") as file:
        file.write(content(name, version, release, arch, epoch))
        file.flush()
        package = createrepo_c.package_from_rpm(file.name)
    package.location_href = href
    return str(createrepo_c.xml_dump_primary(package))
