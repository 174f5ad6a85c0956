# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: project
short_description: Look up a project in Copr
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Returns the settings of projects, with one request for each project.
  - Needs no login unless a project is given without its owner.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._connection.plugins
  - fedora.copr._lookup
options:
  _terms:
    description:
      - Projects, each as V(owner/name), V(@group/name) for a group's project, or V(name) for one of
        your own.
    type: list
    elements: str
    required: true
seealso:
  - module: fedora.copr.copr_project_info
"""

EXAMPLES = r"""
- name: Show the chroots of a project
  ansible.builtin.debug:
    msg: "{{ lookup('fedora.copr.project', '@copr/copr-dev').chroots }}"

- name: Fail if a project with this name exists
  ansible.builtin.assert:
    that: lookup('fedora.copr.project', 'packager/hello', on_missing='skip') is none
"""

RETURN = r"""
_raw:
  description:
    - The projects, as M(fedora.copr.copr_project) returns them.
    - With O(on_missing=skip), null for a project that does not exist.
  type: list
  elements: dict
  sample:
    - additional_repos: []
      appstream: false
      auto_prune: true
      bootstrap: default
      chroot_repos:
        fedora-43-x86_64: https://download.example.org/results/packager/hello/fedora-43-x86_64/
      chroots: [fedora-43-x86_64]
      contact: null
      description: Greetings for everybody
      devel_mode: false
      enable_net: false
      follow_fedora_branching: true
      full_name: packager/hello
      homepage: null
      id: 4711
      instructions: ""
      isolation: default
      module_hotfixes: false
      name: hello
      ownername: packager
      packit_forge_projects_allowed: []
      persistent: false
      repo_priority: null
      storage: backend
      unlisted_on_hp: false
"""

from typing import Any

from ansible.plugins.lookup import LookupBase
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import (
    require_project,
    show,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import named_project
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.look_up import look_up, take_options


class LookupModule(LookupBase):
    """Looks up projects."""

    def run(
        self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[Any]:
        """Return the project of each term."""
        given = take_options(self, variables or {}, kwargs)
        return look_up(self, given, terms, project)


def project(client: Client, text: str) -> dict[str, Any]:
    """Return the project that a text names, or raise CoprError (not_found)."""
    return show(require_project(client, named_project(client, text)))
