# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The chroots that a server offers."""

from __future__ import annotations

from ..wire.client import Client
from ..wire.errors import CoprError


def fetch_mock_chroots(client: Client) -> dict[str, str]:
    """Return the chroots that can be enabled, with comments (GET /mock-chroots/list)."""
    path = "mock-chroots/list"
    chroots = dict(client.get(path, shape={str: (str, type(None))}))
    if not chroots:
        raise CoprError("server", "The server says that it has no chroots.", path=path)
    return chroots
