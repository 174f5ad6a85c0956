# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of the guides."""

from __future__ import annotations

import re
import textwrap

from tools.checkout import CHECKOUT

GUIDES = CHECKOUT / "docs" / "docsite" / "rst"
BLOCK = re.compile(
    r"^\.\. code-block:: yaml(?:\+jinja)?\n\n((?:   .*\n|\n(?=\n*   ))+)", re.MULTILINE
)


def yaml_blocks(guide: str) -> list[str]:
    """Return the blocks of YAML in a guide, such as "guide_events.rst", in their order."""
    text = (GUIDES / guide).read_text(encoding="utf-8")
    return [textwrap.dedent(block) for block in BLOCK.findall(text)]
