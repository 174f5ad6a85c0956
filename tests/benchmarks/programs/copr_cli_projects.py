# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads ten projects with copr-cli, which has to be started for each."""

from __future__ import annotations

import subprocess

for number in range(1, 11):
    command = ["copr-cli", "get", f"alice/project-{number}"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
