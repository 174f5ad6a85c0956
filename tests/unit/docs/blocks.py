# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of a page of the documentation."""

from __future__ import annotations

import re

from tools.checkout import CHECKOUT


def yaml_blocks(page: str) -> list[str]:
    """Return the blocks of YAML on a page of docs/, in their order."""
    text = (CHECKOUT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(r"^```yaml\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
