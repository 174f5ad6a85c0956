# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What all modules that wait have in common."""

    DOCUMENTATION = r"""
options:
  poll_interval:
    description:
      - Seconds between two looks at the server. If left out, the time grows from 2 to 30 seconds
        while the wait lasts.
    type: float
  progress:
    description:
      - Whether a wait, or an upload that takes long, shows line by line how far it has come. It can
        do so only while the task runs inside the controller, as it usually does on C(localhost).
    type: bool
    default: true
"""
