# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Becomes nobody else, and notes that it was asked to."""

from __future__ import annotations

import os
import shlex
from typing import Any

from ansible.plugins.become import BecomeBase

DOCUMENTATION = """
name: noted
short_description: Notes each command that is to run as another user
description: A line for each, in the file that the environment variable NOTED names.
options:
  become_user:
    description: Not looked at.
    default: root
  become_flags:
    description: Not looked at.
    default: ""
"""


class BecomeModule(BecomeBase):
    """Runs the command as the user who asks."""

    name = "noted"

    def build_become_command(self, cmd: str, shell: Any) -> str:
        """Return a command that notes itself first."""
        BecomeBase.build_become_command(self, cmd, shell)
        if not cmd:
            return cmd
        note = f"echo became >> {shlex.quote(os.environ['NOTED'])}"
        command = BecomeBase._build_success_command(self, cmd, shell)
        return f"{note}; {command}"
