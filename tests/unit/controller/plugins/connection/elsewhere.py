# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection that Ansible takes for one to another host."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = """
name: elsewhere
short_description: A connection to this machine that does not say so
description: A connection to this machine that does not say so.
extends_documentation_fragment:
  - connection_pipelining
"""


class Connection(LocalConnection):
    """A local connection by another name."""

    transport = "elsewhere"
