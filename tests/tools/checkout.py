# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checkout, and copies of it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


@contextmanager
def copied_checkout() -> Iterator[Path]:
    """Lend a copy at ansible_collections/fedora/copr: ansible-test runs nowhere else.

    The copy has what git tracks or would track, so no caches and no virtual environment.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True, text=True)
    with tempfile.TemporaryDirectory(prefix="fedora-copr-") as folder:
        copy = Path(folder, "ansible_collections", "fedora", "copr")
        for name in filter(None, listing.stdout.split("\0")):
            if (CHECKOUT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(CHECKOUT / name, copy / name)
        yield copy
