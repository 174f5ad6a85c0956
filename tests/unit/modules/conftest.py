# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from unit.fetched import built
from unit.lab import Lab
from unit.stored import text_for


@pytest.fixture
def config(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a config file whose token has 10 days left, with its locks in a folder apart."""
    locks = lab.tmp_path / "locks"
    locks.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(locks))
    path = lab.tmp_path / "config"
    path.write_text(text_for(lab, 10), encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def build(demo: Lab) -> int:
    """Return the number of a build that has succeeded in two chroots."""
    return built(demo, "hello")
