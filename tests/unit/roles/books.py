# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks of the collection, run as a user runs them, on the server of a lab."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from unit.commands import TOKEN, run_shown
from unit.lab import Lab

PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
LOGIN = {"COPR_LOGIN": "alice-login", "COPR_TOKEN": TOKEN}


def run_playbook(
    lab: Lab, playbook: str, variables: dict[str, Any], *arguments: str, login: bool = True
) -> tuple[int, str]:
    """Run a playbook in the folder of the lab; return its status and its output."""
    lab.forget()
    command: list[str | Path] = [PLAYBOOK, playbook, "-e", json.dumps(variables), *arguments]
    return run_shown(command, lab.tmp_path, {"COPR_URL": lab.sim.url, **(LOGIN if login else {})})
