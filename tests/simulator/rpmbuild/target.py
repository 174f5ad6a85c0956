# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The macros and the architecture of a chroot."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass

RHEL = {"dist": ".el{0}", "rhel": "{0}", "el{0}": "1"}
MACROS = {
    "fedora": {"dist": ".fc{0}", "fedora": "{0}", "fc{0}": "1"},
    "epel": RHEL,
    "rhel": RHEL,
    "centos": {**RHEL, "centos": "{0}"},
    "centos-stream": {**RHEL, "centos": "{0}"},
    "mageia": {"dist": ".mga{0}", "mageia": "{0}"},
    "amazonlinux": {"dist": ".amzn{0}", "amzn": "{0}"},
    "openeuler": {"dist": ".oe{0}", "openEuler": "1"},
    "opensuse": {"suse_version": "1699"},
    "opensuse-leap": {"suse_version": "1500"},
}
"""The macros of each distribution; {0} is the release."""


@dataclass(frozen=True)
class Target:
    """A distribution, as macros, and an architecture."""

    arch: str
    macros: dict[str, str]

    @property
    def is_foreign(self) -> bool:
        """Whether the architecture is not that of this machine."""
        return self.arch != platform.machine()


def target_of(chroot: str, chroots: Iterable[str]) -> Target:
    """Return the target of a chroot; rawhide is one above the newest Fedora among the chroots."""
    distribution, release, arch = chroot.rsplit("-", 2)
    if (distribution, release) == ("fedora", "rawhide"):
        numbers = re.findall(r"\bfedora-(\d+)-", " ".join(chroots))
        release = str(max(map(int, numbers), default=0) + 1)
    # RHEL 10.1 is 10 in macros, and openEuler 24.03 is 2403.
    release = release.replace(".", "") if distribution == "openeuler" else release.partition(".")[0]
    macros = MACROS.get(distribution, {})
    return Target(
        arch, {name.format(release): value.format(release) for name, value in macros.items()}
    )
