# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another library in the place of one, or none."""

from __future__ import annotations

import sys
from typing import Any, cast

import pytest


def replace_library(monkeypatch: pytest.MonkeyPatch, module: str, library: Any = None) -> None:
    """Have a module imported as C(library), or not be installed."""
    monkeypatch.setitem(cast("dict[str, Any]", sys.modules), module, library)
