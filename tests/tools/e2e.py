# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a spec file to an installed package, with rpmbuild, createrepo_c and dnf.

The builder is that of the simulator, or that of the server at COPR_URL.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from simulator.rpmbuild import parts
from tools.integration import run_targets
from tools.notes import SKIPPED, note
from tools.server import RPMBUILD, is_named

INSTALL = ["apt-get", "install", "--yes", *parts.DEBIAN, "dnf"]


def lacking() -> str:
    """Return why the test can't run here, or an empty text."""
    needed = ("rpmbuild", "dnf") if is_named() else (*parts.NEEDED, "dnf")
    missing = [name for name in needed if shutil.which(name) is None]
    if missing:
        return f'{", ".join(missing)} missing; "make e2e-parts" as root runs: {" ".join(INSTALL)}'
    root = ["unshare", "--map-root-user", "true"]
    if os.geteuid() == 0 or subprocess.run(root, capture_output=True, check=False).returncode == 0:
        return ""
    return "dnf needs root, or a namespace (unshare --map-root-user), which is not allowed here"


def install() -> int:
    """Install the programs that the test needs, or print the command."""
    if os.geteuid() != 0 or shutil.which(INSTALL[0]) is None:
        print(f"Run as root, on Debian: {' '.join(INSTALL)}")
        print(f"On Fedora: dnf install {' '.join(parts.FEDORA)}")
        return 1
    return subprocess.run(INSTALL, check=False).returncode


def main() -> int:
    """Run the test, or say why it is skipped; with --install, install what it needs."""
    if "--install" in sys.argv[1:]:
        return install()
    reason = lacking()
    if reason:
        note(f"e2e {SKIPPED} {reason}")
        return 0
    return run_targets(["--allow-disabled", "end_to_end"], builder=RPMBUILD)


if __name__ == "__main__":
    sys.exit(main())
