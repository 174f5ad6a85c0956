# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A source to build: how it is submitted, and how builds of it are recognized."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .match import ByAddress, ByVersion, Identity
from .srpm import Nevr


@dataclass(frozen=True)
class Upload:
    """A file of this host that is uploaded: its path, and the name under which it is sent."""

    path: str
    name: str


@dataclass(frozen=True)
class Source:
    """A source to build.

    Attributes:
        label: its name in messages.
        endpoint, body: where and with which fields it is submitted.
        identity: how builds of it are recognized.
        package: the name its package will most likely have, if known.
        package_is_certain: the package can have no other name.
        upload: the file that is uploaded with the submission.
        answer_is_list: the server responds to the submission with a list of builds, here of one.
    """

    label: str
    endpoint: str
    identity: Identity
    body: dict[str, Any] = field(default_factory=dict)
    package: str | None = None
    package_is_certain: bool = False
    upload: Upload | None = None
    answer_is_list: bool = False

    @property
    def nevr(self) -> Nevr | None:
        """Name and version, if they are known before the source is built."""
        return self.identity.nevr if isinstance(self.identity, ByVersion) else None

    @property
    def by_address(self) -> ByAddress | None:
        """The other identity of a source RPM on the web: its address."""
        if isinstance(self.identity, ByVersion) and self.identity.address is not None:
            return ByAddress(self.identity.address)
        return None
