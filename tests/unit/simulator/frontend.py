# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests to a simulator, without any client between."""

from __future__ import annotations

from typing import Any

import requests

from simulator.server import Simulator


class Frontend:
    """A simulator as a user of its API has it."""

    def __init__(self, sim: Simulator) -> None:
        self.sim = sim

    def ask(
        self, method: str, path: str, body: Any = None, *, user: str = "alice", **query: str
    ) -> requests.Response:
        """Send a request, with a login."""
        account = self.sim.world.users[user]
        return requests.request(
            method,
            f"{self.sim.url}/api_3/{path}",
            json=body,
            params=query,
            auth=(account.login, account.token),
            timeout=60,
        )

    def do(self, method: str, path: str, body: Any = None, **more: str) -> Any:
        """Send a request that is to succeed; return the answer."""
        answer = self.ask(method, path, body, **more)
        assert answer.ok, answer.text
        return answer.json()

    def project(self, name: str, chroots: list[str], **fields: Any) -> Any:
        """Make a project ``owner/name``, by its owner, or by alice for a group."""
        owner, _slash, short = name.partition("/")
        user = "alice" if owner.startswith("@") else owner
        body = {"name": short, "chroots": chroots, **fields}
        return self.do("POST", f"project/add/{owner}", body, user=user)

    def chroots(self, name: str) -> set[str]:
        """Return the enabled chroots of a project."""
        owner, _slash, short = name.partition("/")
        told = self.do("GET", "project", ownername=owner, projectname=short)
        return set(told["chroot_repos"])

    def build(self, name: str, **fields: Any) -> int:
        """Submit a gem; return the id of the build."""
        owner, _slash, short = name.partition("/")
        body = {"ownername": owner, "projectname": short, "gem_name": "rake", **fields}
        return int(self.do("POST", "build/create/rubygems", body)["id"])

    def page(self, path: str, **query: str) -> requests.Response:
        """Fetch a page outside the API, without a login."""
        return requests.get(f"{self.sim.url}/{path}", params=query, timeout=60)
