# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running a command where AnsibleModule is not available."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence


def run_command(
    command: Sequence[str], variables: Mapping[str, str], seconds: float
) -> tuple[int, bytes, bytes]:
    """Run a command; see RunCommand of C(module_utils/sources/commits.py)."""
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError from error
    return done.returncode, done.stdout, done.stderr
