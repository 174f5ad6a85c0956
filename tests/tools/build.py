# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Builds the collection, installs the archive into an empty place, verifies it, lists modules."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.checkout import copied_checkout


def main() -> int:
    """Build, install, verify, list; a collection that lists no module is a failure."""
    with copied_checkout() as copy, tempfile.TemporaryDirectory(prefix="fedora-copr-") as folder:
        # Nothing of the checkout may be found instead of what is installed.
        environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": folder, "PYTHONPATH": ""}

        def run(*command: str) -> str:
            done = subprocess.run(
                command, cwd=copy, env=environment, check=True, stdout=subprocess.PIPE, text=True
            )
            print(done.stdout, end="", flush=True)
            return done.stdout

        run("ansible-galaxy", "collection", "build", "--output-path", folder)
        (archive,) = Path(folder).glob("*.tar.gz")
        install = ("ansible-galaxy", "collection", "install", "--offline")
        run(*install, "--collections-path", folder, str(archive))
        verify = ("ansible-galaxy", "collection", "verify", "--offline")
        run(*verify, "--collections-path", folder, "fedora.copr")
        return 0 if run("ansible-doc", "--list", "fedora.copr") else 1


if __name__ == "__main__":
    sys.exit(main())
