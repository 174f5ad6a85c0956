# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The least that reads the packages of a project: one session of requests, pages of 100."""

from __future__ import annotations

import os

import requests

with requests.Session() as session:
    for offset in range(0, 500, 100):
        query = f"ownername=alice&projectname=project-1&limit=100&offset={offset}"
        url = f"{os.environ['COPR_URL']}/api_3/package/list?{query}"
        session.get(url, timeout=60).json()
