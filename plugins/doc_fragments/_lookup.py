# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The option and the notes that all lookups of the collection share."""

    DOCUMENTATION = r"""
options:
  on_missing:
    description:
      - What to do if Copr has nothing for a term.
      - V(error) fails. V(skip) returns null for the term.
      - Other failures, such as a server that can't be reached, are always errors.
    type: str
    choices: [error, skip]
    default: error
notes:
  - Lookups run on the controller. Each evaluation sends a new request to the server.
  - Lookups ignore C(module_defaults). Use the variables or environment variables listed with each
    option instead.
"""
