# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from unit.report.browser import Look, chromium


@pytest.fixture(scope="session")
def _browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def look(_browser: Any, tmp_path: Path) -> Iterator[Callable[..., Look]]:
    """Return what opens a page in a browser."""
    opened: list[Look] = []

    def look(text: str, **options: Any) -> Look:
        file = tmp_path / "page.html"
        file.write_text(text, encoding="utf-8")
        opened.append(Look(_browser, file, **options))
        return opened[-1]

    yield look
    for one in opened:
        one.context.close()
