# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The packages that builds leave: small ones, and real enough for their digests to be checked."""

from __future__ import annotations

import functools
import os
import tempfile
from pathlib import Path

from tools.make_srpm import Spec, package


@functools.lru_cache(maxsize=512)
def content(name: str, version: str, release: str, arch: str) -> bytes:
    """Make a package; it is the same at each request."""
    tags = {
        "name": name,
        "version": version,
        "release": release,
        "summary": f"What was built of {name}",
        "license": "MIT",
        "buildarch": "noarch" if arch == "src" else arch,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{name}.spec")
        path.write_text(f"Name: {name}\nVersion: {version}\nRelease: {release}\n")
        os.utime(path, (0, 0))
        source_rpm = None if arch == "src" else f"{name}-{version}-{release}.src.rpm"
        return package(Spec(tags, tags["summary"]), [path], source_rpm)
