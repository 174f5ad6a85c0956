# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of what was run with which ansible-core and Python."""

from __future__ import annotations

from typing import Any

import pytest

from tools.matrix import table


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ("success", "passed"),
        ("failed", "FAILED"),
        ("aborted", "FAILED"),
        ("skipped", "not available"),
    ],
)
def test_each_session_has_a_line(result: str, outcome: str) -> None:
    session: dict[str, Any] = {
        "name": "units",
        "args": {"core": "2.16"},
        "signatures": ["units-3.12(core='2.16')", "units(python='3.12', core='2.16')"],
        "result": result,
    }
    _heading, line = table([session])
    assert line.split(maxsplit=3) == ["2.16", "3.12", "units", outcome]
