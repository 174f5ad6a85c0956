# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preparing a release."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tools.checkout import CHECKOUT
from tools.release import FORM, PLACES, set_version


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a copy of the files that have the version."""
    for name in PLACES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text((CHECKOUT / name).read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_the_version_is_set_wherever_it_stands(checkout: Path) -> None:
    set_version(checkout, "7.8.9")
    galaxy = (checkout / "galaxy.yml").read_text(encoding="utf-8")
    assert yaml.safe_load(galaxy)["version"] == "7.8.9"
    code = (checkout / "plugins/module_utils/_copr/wire/version.py").read_text(encoding="utf-8")
    assert 'VERSION = "7.8.9"' in code


def test_a_file_without_the_version_is_an_error(checkout: Path) -> None:
    (checkout / "galaxy.yml").write_text("name: copr\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"galaxy\.yml has the version in 0 places"):
        set_version(checkout, "7.8.9")


@pytest.mark.parametrize("version", ["1", "1.2", "1.2.3-rc1", "01.2.3", "v1.2.3", ""])
def test_other_forms_are_no_versions(version: str) -> None:
    assert not FORM.fullmatch(version)
