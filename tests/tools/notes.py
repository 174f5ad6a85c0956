# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Notes that are printed at once, and again at the end if several parts run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "MAKE_NOTES"
"""The environment variable with the path of the file that keeps them."""
SKIPPED = "is skipped:"
"""Stands between the name of a skipped part and the reason, in its note."""


def note(text: str) -> None:
    """Print a note, and keep it for the end."""
    print(text, flush=True)
    if FILE in os.environ:
        with open(os.environ[FILE], "a", encoding="utf-8") as notes:
            notes.write(f"{text}\n")


@contextmanager
def kept_notes() -> Iterator[dict[str, str]]:
    """Lend an environment in which notes are kept; print them in the end."""
    with tempfile.TemporaryDirectory(prefix="fedora-copr-") as folder:
        path = Path(folder, "notes")
        path.touch()
        yield {**os.environ, FILE: str(path)}
        print(path.read_text(encoding="utf-8"), end="")
