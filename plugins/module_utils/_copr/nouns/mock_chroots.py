# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The chroots that a server offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..wire.client import Client
from ..wire.errors import CoprError
from .project import days_left


def fetch_mock_chroots(client: Client) -> dict[str, str]:
    """Return the chroots that can be enabled, with comments (GET /mock-chroots/list)."""
    path = "mock-chroots/list"
    chroots = dict(client.get(path, shape={str: (str, type(None))}))
    if not chroots:
        raise CoprError("server", "The server reports that it has no chroots.", path=path)
    return chroots


def ended_chroots(
    client: Client, repositories: Sequence[Mapping[str, Any]]
) -> list[dict[str, int]]:
    """Return for each project its chroots that the server no longer offers, with the days left.

    C(repositories) are what fetch_repositories returns for each. They also contain chroots that the
    project itself has disabled; the server still offers those. Telling them apart takes one
    request, if there is any such chroot.
    """
    left = [days_left(each) for each in repositories]
    offered = fetch_mock_chroots(client) if any(left) else {}
    return [
        {chroot: days for chroot, days in sorted(each.items()) if chroot not in offered}
        for each in left
    ]
