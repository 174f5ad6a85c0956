# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: export
short_description: Write definitions of Copr projects as YAML
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Converts definitions that M(fedora.copr.copr_project_info) exports into a YAML file that sets
    C(copr_projects_definitions), the variable of the role P(fedora.copr.project#role) and of the
    playbook C(fedora.copr.drift). The playbook C(fedora.copr.export) uses it.
  - Multi-line texts are written as block scalars. Text that looks like a template is marked as
    unsafe, so that Ansible does not evaluate it.
  - A comment above each project lists the values that are not in the file.
options:
  _input:
    description: Definitions of projects.
    type: list
    elements: dict
    required: true
  not_exported:
    description:
      - Values that the definitions do not contain, as M(fedora.copr.copr_project_info) returns them
        in RV(fedora.copr.copr_project_info#module:not_exported).
    type: list
    elements: dict
    default: []
seealso:
  - module: fedora.copr.copr_project_info
  - module: fedora.copr.copr_projects
"""

EXAMPLES = r"""
- name: Read the projects of an owner
  fedora.copr.copr_project_info:
    owner: "@copr"
    export: true
  register: exported

- name: Write their definitions to a file
  ansible.builtin.copy:
    content: "{{ exported.definitions | fedora.copr.export(not_exported=exported.not_exported) }}"
    dest: projects.yml
    mode: "0644"
"""

RETURN = r"""
_value:
  description: Content of the file.
  type: str
  sample: |
    ---
    copr_projects_definitions:
      - project: packager/hello
        chroots:
          - fedora-43-x86_64
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.definitions_text import text_of


def export(definitions: Any, not_exported: Any = ()) -> str:
    """Return definitions as the content of a file. Raises AnsibleFilterError."""
    _check("The input", definitions, ["project"])
    _check("not_exported", not_exported, ["project", "what", "why"])
    return text_of(definitions, not_exported)


def _check(name: str, value: Any, keys: Sequence[str]) -> None:
    entries = value if isinstance(value, (list, tuple)) else None
    if entries is None or not all(
        isinstance(entry, Mapping) and set(keys) <= set(entry) for entry in entries
    ):
        raise AnsibleFilterError(
            f"{name} of the filter fedora.copr.export must be a list of dictionaries that have "
            f"{', '.join(keys)}, as fedora.copr.copr_project_info returns it with export: true."
        )


class FilterModule:
    """The class that Ansible looks for in a filter plugin."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filters, by name."""
        return {"export": export}
