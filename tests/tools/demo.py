# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays the demo against a Copr server, with source packages made on the spot."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.checkout import CHECKOUT
from tools.make_srpm import local_sources, write_srpm
from tools.server import copr_server


def main() -> int:
    """Play the demo; further arguments go to ansible-playbook."""
    with copr_server() as server, tempfile.TemporaryDirectory(prefix="fedora-copr-") as folder:
        for spec in sorted((CHECKOUT / "playbooks" / "files").glob("*.spec")):
            write_srpm(spec, local_sources(spec), Path(folder))
        environment = {
            **os.environ,
            **server.environment,
            # The demo plays on this machine and needs no inventory.
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            # Terse, unless -v asks for more.
            "ANSIBLE_CALLBACK_PLUGINS": str(Path(__file__).with_name("callback")),
            "ANSIBLE_STDOUT_CALLBACK": "story",
        }
        play = ["ansible-playbook", "fedora.copr.demo", "--extra-vars", f"demo_srpm_dir={folder}"]
        return subprocess.run([*play, *sys.argv[1:]], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
