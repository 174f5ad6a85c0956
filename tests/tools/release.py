# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prepares a release in the checkout: version, changelog, build and checks. Pushes nothing."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

from tools import build, importer
from tools.checkout import CHECKOUT

# Where the version is written, and what stands before it.
PLACES = {
    "galaxy.yml": r"(?m)^(version: )\S+$",
    "README.md": r"(?m)^(    version: )\S+$",
    "plugins/module_utils/_copr/wire/version.py": r'(?m)^(VERSION = )"\S+"$',
}
FORM = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
TAG = """
The release {version} is prepared. Look at the changes, then:

  git commit --all --message "Release {version}"
  git tag --annotate {version} --message "fedora.copr {version}"
  git push origin main {version}
"""


def set_version(checkout: Path, version: str) -> None:
    """Write a version wherever it stands. Raises ValueError for a file in which it does not."""
    for name, pattern in PLACES.items():
        path = checkout / name
        text = path.read_text(encoding="utf-8")
        quoted = f'"{version}"' if name.endswith(".py") else version
        changed, number = re.subn(pattern, rf"\g<1>{quoted}", text)
        if number != 1:
            raise ValueError(f"{name} has the version in {number} places")
        path.write_text(changed, encoding="utf-8")


def main() -> int:
    """Prepare the release that the command line names."""
    parser = argparse.ArgumentParser(prog="release", description=__doc__)
    parser.add_argument("version", help="such as 1.2.3")
    version = parser.parse_args().version
    if not FORM.fullmatch(version):
        parser.error(f"{version!r} is not of the form 1.2.3")
    changed = subprocess.run(
        ["git", "status", "--porcelain"], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    if changed.stdout.strip():
        parser.error("the checkout has changes that are not committed")
    set_version(CHECKOUT, version)
    subprocess.run(["antsibull-changelog", "release", "--reload-plugins"], cwd=CHECKOUT, check=True)
    failed = build.main() or importer.main()
    print("The release is NOT ready." if failed else TAG.format(version=version))
    return failed


if __name__ == "__main__":
    sys.exit(main())
