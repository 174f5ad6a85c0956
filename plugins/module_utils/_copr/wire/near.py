# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Known names that are similar to one that does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known names that may have been meant, the most similar first."""
    return difflib.get_close_matches(name, sorted(known), n=most, cutoff=0.6)


def with_nearest(name: str, known: Iterable[str]) -> str:
    """Return a name that does not exist, with the question whether a similar one was meant."""
    near = nearest(name, known)
    return f"{name} (did you mean {' or '.join(near)}?)" if near else name


def unknown_keys(given: Iterable[str], known: Collection[str]) -> str | None:
    """Return the unknown keys of a mapping, with similar known ones; None if all are known."""
    unknown = sorted({str(key) for key in given} - set(known))
    return ", ".join(with_nearest(key, known) for key in unknown) or None
