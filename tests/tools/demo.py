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

from simulator.rpmbuild import parts
from tools.checkout import CHECKOUT
from tools.make_srpm import local_sources, write_srpm
from tools.server import RPMBUILD, STAND_IN, chosen_builder, copr_server, is_named


def about(builder: str) -> str:
    """Return what to say of the server that the demo uses."""
    if is_named():
        return f"The server is {os.environ['COPR_URL']}."
    if builder == RPMBUILD:
        return "The server is a simulator; it builds with rpmbuild."
    advice = f"\nWith rpmbuild, it can: {parts.how_to_install()}" if parts.missing() else ""
    return f"The server is a simulator; it builds nothing, and makes up the results.{advice}"


def main() -> int:
    """Play the demo; further arguments go to ansible-playbook."""
    builder = chosen_builder(STAND_IN if parts.missing() else RPMBUILD)
    print(about(builder), flush=True)
    with (
        copr_server(builder) as server,
        tempfile.TemporaryDirectory(prefix="fedora-copr-") as folder,
    ):
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
        # The page stays for the user to look at.
        page = CHECKOUT / ".venv" / "demo.html"
        variables = f"demo_srpm_dir={folder} demo_report={page}"
        play = ["ansible-playbook", "fedora.copr.demo", "--extra-vars", variables]
        return subprocess.run([*play, *sys.argv[1:]], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
