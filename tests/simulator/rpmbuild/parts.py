# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs that the builder needs, and how to install them."""

from __future__ import annotations

import shutil

NEEDED = ("rpmbuild", "rpmspec", "rpmsign", "createrepo_c", "gpg", "git")
DEBIAN = ("rpm", "createrepo-c", "gpg", "git")
FEDORA = ("rpm-build", "rpm-sign", "createrepo_c", "gnupg2", "git-core")
"""The packages that have them."""


def missing() -> list[str]:
    """Return the names of the programs that are not installed."""
    return [name for name in NEEDED if shutil.which(name) is None]


def how_to_install() -> str:
    """Return the commands that install them."""
    return f"apt-get install {' '.join(DEBIAN)}, or dnf install {' '.join(FEDORA)}"
