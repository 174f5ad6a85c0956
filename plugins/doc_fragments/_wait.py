# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that all modules that wait share."""

    DOCUMENTATION = r"""
options:
  poll_interval:
    description:
      - Seconds between two requests to the server. If omitted, the interval grows
        from 2 to 30 seconds during the wait.
    type: float
  progress:
    description:
      - Whether to print progress while waiting or during a long upload. This works only if the task
        runs in the controller's own process, as it usually does on C(localhost).
    type: bool
    default: true
"""
