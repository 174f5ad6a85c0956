# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What all modules of the collection have in common in their attributes."""

    DOCUMENTATION = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/fedora.copr.copr) in C(module_defaults) to set common defaults.
    support: full
    membership:
      - fedora.copr.copr
"""

    # For modules that change something on the server.
    CHANGES = r"""
options: {}
attributes:
  check_mode:
    description:
      - Predicts what would change; in check mode nothing but C(GET) is sent. Fails where the server
        would refuse the change, as far as reading tells.
    support: full
  diff_mode:
    description: Shows what differs, before and after.
    support: full
  idempotent:
    description: Run again with the same options, it changes nothing.
    support: full
"""

    # For modules that only read.
    READS = r"""
options: {}
attributes:
  check_mode:
    description: Changes nothing in any mode.
    support: full
  diff_mode:
    description: There is nothing to show, since nothing changes.
    support: N/A
  idempotent:
    description: Changes nothing in any mode.
    support: full
"""
