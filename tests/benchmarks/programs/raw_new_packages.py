# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The least that creates 200 packages: one session of requests, one request after the other."""

from __future__ import annotations

import os

import requests

with requests.Session() as session:
    session.auth = ("alice-login", "alice-token")
    for number in range(1, 201):
        name = f"new-{number}"
        path = f"package/add/alice/project-2/{name}/rubygems"
        body = {"package_name": name, "gem_name": name}
        session.post(f"{os.environ['COPR_URL']}/api_3/{path}", json=body, timeout=60).json()
