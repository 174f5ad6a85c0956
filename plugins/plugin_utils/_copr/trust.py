# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Preventing that text from a server is rendered as a template."""

from __future__ import annotations

from typing import Any

import ansible.template


def untrusted(value: Any) -> Any:
    """Return JSON of a server in a form that Ansible never renders as a template.

    Since ansible-core 2.19, strings are templates only if they are marked as trusted; before,
    they are templates unless they are marked as unsafe. Marks show in the output of
    ansible-inventory, so only strings that could be templates get one.
    """
    if hasattr(ansible.template, "trust_as_template"):
        return value
    from ansible.utils.unsafe_proxy import wrap_var

    if isinstance(value, dict):
        return {key: untrusted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [untrusted(item) for item in value]
    return wrap_var(value) if isinstance(value, str) and "{" in value else value
