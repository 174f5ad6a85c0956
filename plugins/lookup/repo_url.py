# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: repo_url
short_description: Look up the address of a Copr project's repository
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Returns the address of a project's package repository for a chroot, for use as C(baseurl) in a
    C(.repo) file. This costs one request for each project.
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
  chroot:
    description: The chroot, such as V(fedora-43-x86_64). It must be enabled in the project.
    type: str
    required: true
seealso:
  - plugin: fedora.copr.project
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: List the packages of a repository without enabling it
  ansible.builtin.command:
    argv:
      - dnf
      - repoquery
      - --repofrompath=hello,{{ address }}
      - --repo=hello
  vars:
    address: "{{ lookup('fedora.copr.repo_url', 'packager/hello', chroot='fedora-43-x86_64') }}"
  changed_when: false
"""

RETURN = r"""
_raw:
  description:
    - The addresses.
    - With O(on_missing=skip), null for a project that does not exist or lacks the chroot.
  type: list
  elements: str
  sample:
    - https://download.example.org/results/packager/hello/fedora-43-x86_64/
"""

import functools
from typing import Any

from ansible.plugins.lookup import LookupBase
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.mock_chroots import (
    fetch_mock_chroots,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import require_project
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.selection import unknown_names
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import named_project
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.look_up import look_up, take_options


class LookupModule(LookupBase):
    """Looks up addresses of repositories."""

    def run(
        self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[Any]:
        """Return the address of the repository of each term."""
        given = take_options(self, variables or {}, kwargs)
        return look_up(
            self, given, terms, functools.partial(repo_url, chroot=self.get_option("chroot"))
        )


def repo_url(client: Client, text: str, *, chroot: str) -> str:
    """Return the address of a project's repository, or raise CoprError (not_found)."""
    name = named_project(client, text)
    repos = require_project(client, name)["chroot_repos"]
    if chroot not in repos:
        disabled = set(fetch_mock_chroots(client)) - set(repos)
        unknown = unknown_names([chroot], repos, f"enabled in {name}", disabled)
        raise CoprError("not_found", unknown.message)
    return str(repos[chroot])
