# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Commands that users run."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

TOKEN = "alice-token"


def run_shown(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]
) -> tuple[int, str]:
    """Run a command in a folder; return its status and all that it shows.

    That must be readable, and contain neither a traceback nor the token.
    """
    done = subprocess.run(
        command,
        env={
            **os.environ,
            "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
            "ANSIBLE_NOCOLOR": "true",
            **environment,
        },
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stdout
    assert TOKEN not in done.stdout
    return done.returncode, done.stdout
