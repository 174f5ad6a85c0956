# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads a hundred projects with python-copr."""

from __future__ import annotations

from copr.v3 import Client

client = Client.create_from_config_file()
for number in range(1, 101):
    client.project_proxy.get("alice", f"project-{number}")
