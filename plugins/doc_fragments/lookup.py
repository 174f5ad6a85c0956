# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What all lookups of the collection have in common."""

    DOCUMENTATION = r"""
options:
  on_missing:
    description:
      - What to do about a term for which Copr has nothing.
      - V(error) fails, V(skip) puts null in its place.
      - Other failures, such as a server that can't be reached, are errors in any case.
    type: str
    choices: [error, skip]
    default: error
notes:
  - Lookups run on the controller, and each run asks the server again.
  - Defaults from C(module_defaults) are not for lookups. Set the variables or the environment
    variables named with the options instead.
"""
