# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The least module that can ask a server anything with requests."""

from __future__ import annotations

import requests
from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    """Send one GET and return its JSON."""
    module = AnsibleModule({"url": {"type": "str", "required": True}})
    module.exit_json(answer=requests.get(module.params["url"], timeout=60).json())


if __name__ == "__main__":
    main()
