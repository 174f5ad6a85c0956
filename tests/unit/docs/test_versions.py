# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The version in which something was added is the one whose changelog lists it as new."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.checkout import CHECKOUT

KINDS = ("modules", "lookup", "inventory", "filter")
PLUGINS = sorted(
    path.relative_to(CHECKOUT / "plugins")
    for kind in KINDS
    for path in (CHECKOUT / "plugins" / kind).glob("*.py")
    if path.stem != "__init__"
)


def releases() -> dict[str, Any]:
    text = (CHECKOUT / "changelogs" / "changelog.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text)["releases"])


def news_of(release: dict[str, Any], kind: str) -> set[str]:
    """Return the names of the new plugins of a kind in a release."""
    new = release.get("modules", []) if kind == "modules" else release["plugins"].get(kind, [])
    return {entry["name"] for entry in new}


@pytest.mark.parametrize("plugin", PLUGINS, ids=str)
def test_a_plugin_is_new_where_it_says(plugin: Path) -> None:
    text = (CHECKOUT / "plugins" / plugin).read_text(encoding="utf-8")
    (added,) = re.findall(r"^version_added: (\S+)$", text, flags=re.MULTILINE)
    kind = plugin.parts[0]
    listed = [version for version, each in releases().items() if plugin.stem in news_of(each, kind)]
    # Before its release, the changelog does not have it yet.
    assert listed == ([added] if added in releases() else [])
