# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The attributes that all modules of the collection share."""

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
      - Predicts the changes. Only C(GET) requests are sent in check mode. Fails if the server would
        reject the change, as far as this can be determined by reading.
    support: full
  diff_mode:
    description: Shows the values before and after the change.
    support: full
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
"""

    # For modules that only read.
    READS = r"""
options: {}
attributes:
  check_mode:
    description: This module never changes anything.
    support: full
  diff_mode:
    description: This module never changes anything, so there is nothing to show.
    support: N/A
  idempotent:
    description: This module never changes anything.
    support: full
"""
