# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The least that reads a hundred projects: one session of requests, one request each."""

from __future__ import annotations

import os

import requests

with requests.Session() as session:
    for number in range(1, 101):
        name = {"ownername": "alice", "projectname": f"project-{number}"}
        session.get(f"{os.environ['COPR_URL']}/api_3/project", params=name, timeout=60).json()
