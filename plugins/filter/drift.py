# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: drift
short_description: Show how Copr projects differ from their definitions
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Converts the result of M(fedora.copr.copr_projects) in check mode into readable text or into an
    HTML page. The playbook C(fedora.copr.drift) uses it.
  - Projects that match their definition are only counted.
options:
  _input:
    description: The result of M(fedora.copr.copr_projects).
    type: dict
    required: true
  style:
    description:
      - V(text) for a terminal or a log, V(markdown) for the Markdown of GitHub and GitLab, or
        V(html) for a complete HTML page.
    type: str
    choices: [text, markdown, html]
    default: text
  projects:
    description:
      - Projects with their ended chroots, as M(fedora.copr.copr_project_info) returns them with
        O(fedora.copr.copr_project_info#module:ended_chroots). Ended chroots are shown for projects
        that have a definition.
    type: list
    elements: dict
    default: []
seealso:
  - module: fedora.copr.copr_projects
"""

EXAMPLES = r"""
- name: Compare projects with their definitions
  fedora.copr.copr_projects:
    projects: "{{ copr_projects_definitions }}"
  check_mode: true
  register: compared

- name: Show the differences
  ansible.builtin.debug:
    msg: "{{ (compared | fedora.copr.drift).splitlines() }}"

- name: Write the differences to an HTML page
  ansible.builtin.copy:
    content: "{{ compared | fedora.copr.drift(style='html') }}"
    dest: drift.html
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The text. With O(style=text), the first line is a summary.
  type: str
  sample: "2 projects defined: 1 differs, 1 is as defined."
"""

from collections.abc import Callable, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.connection import failing_as
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.drift import drift_of
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.drift_pages import (
    as_html,
    as_markdown,
    as_text,
)

STYLES = {"text": as_text, "markdown": as_markdown, "html": as_html}


def drift(result: Any, style: str = "text", projects: Sequence[Any] = ()) -> str:
    """Return how projects differ from their definitions. Raises AnsibleFilterError."""
    if style not in STYLES:
        raise AnsibleFilterError(f"style must be one of {', '.join(STYLES)}, not {style!r}.")
    with failing_as(AnsibleFilterError):
        return STYLES[style](drift_of(result, projects))


class FilterModule:
    """The class that Ansible looks for in a filter plugin."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters, by name."""
        return {"drift": drift}
