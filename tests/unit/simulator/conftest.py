# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from unit.lab import Lab
from unit.simulator.frontend import Frontend


@pytest.fixture
def frontend(lab: Lab) -> Frontend:
    """Return a simulator without projects, in which time stands still."""
    return Frontend(lab.sim)
