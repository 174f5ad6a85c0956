# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The kinds of error are documented, each and in every module."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
import yaml
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError, Kind

from tools.checkout import CHECKOUT
from unit.docs.examples import GUIDES
from unit.lab import module_named

KINDS = set(get_args(Kind))
MODULES = sorted(path.stem for path in (CHECKOUT / "plugins/modules").glob("copr_*.py"))
TEXT = yaml.safe_load(Path(__file__).with_name("error_return.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("module", MODULES)
def test_every_module_documents_errors_in_the_same_words(module: str) -> None:
    documented = yaml.safe_load(module_named(module).RETURN)
    assert documented["error"] == TEXT["error"]


def test_the_text_names_every_kind_and_every_detail() -> None:
    (description,) = TEXT["error"]["description"]
    assert set(re.findall(r"V\((\w+)\)", description)) == KINDS
    assert set(TEXT["error"]["contains"]) == set(CoprError("server", "x").details())


def test_the_guide_explains_every_kind() -> None:
    guide = (GUIDES / "guide_errors.rst").read_text(encoding="utf-8")
    assert set(re.findall(r"^``(\w+)``\n    \w", guide, flags=re.MULTILINE)) == KINDS
