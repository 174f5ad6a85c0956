# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: latest_build
short_description: Look up the newest build of a package in Copr
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Returns the newest build of a package in a project, with one request for each package.
  - Copr knows the package of a build only after importing its source. Builds without an imported
    source are not found.
  - Needs no login unless O(project) is given without its owner.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._connection.plugins
  - fedora.copr._lookup
options:
  _terms:
    description: Names of the packages.
    type: list
    elements: str
    required: true
  project:
    description:
      - The project, as V(owner/name), V(@group/name) for a group's project, or V(name) for one of
        your own.
    type: str
    required: true
  succeeded:
    description:
      - Whether to return the newest build that succeeded in all of its chroots.
      - Forked builds have the state V(forked), which does not count as succeeded.
    type: bool
    default: false
seealso:
  - module: fedora.copr.copr_build_info
"""

EXAMPLES = r"""
- name: Show the version of the newest successful build
  ansible.builtin.debug:
    msg: "{{ build.source_package.version }}"
  vars:
    build: "{{ lookup('fedora.copr.latest_build', 'hello', project='packager/greetings',
      succeeded=true) }}"

- name: Fail if the newest build of a package did not succeed
  ansible.builtin.assert:
    that: builds | rejectattr('state', 'eq', 'succeeded') | length == 0
  vars:
    builds: "{{ query('fedora.copr.latest_build', 'hello', 'goodbye',
      project='packager/greetings') }}"

- name: Build packages that were never built
  fedora.copr.copr_build:
    project: packager/greetings
    package: "{{ item }}"
  loop: [hello, goodbye]
  when: >-
    lookup('fedora.copr.latest_build', item, project='packager/greetings', on_missing='skip')
    is none
"""

RETURN = r"""
_raw:
  description:
    - The builds, as M(fedora.copr.copr_build_info) returns them without gathered details.
    - With O(on_missing=skip), null for a package that does not exist or has no such build.
  type: list
  elements: dict
  sample:
    - build_chroots: null
      chroots: [fedora-43-x86_64]
      ended_on: 1767222000
      id: 4711
      is_background: false
      ownername: packager
      project_dirname: greetings
      projectname: greetings
      repo_url: https://download.example.org/results/packager/greetings
      source_package:
        name: hello
        url: https://download.example.org/results/packager/greetings/srpm-builds/00004711/hello-1.0-1.src.rpm
        version: 1.0-1
      started_on: 1767221000
      state: succeeded
      submitted_on: 1767220000
      submitter: packager
      web_url: https://copr.example.org/coprs/build/4711
"""

import functools
from typing import Any

from ansible.plugins.lookup import LookupBase
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import show
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.package import (
    fetch_latest_build,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import named_project
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.look_up import look_up, take_options


class LookupModule(LookupBase):
    """Looks up the newest builds of packages."""

    def run(
        self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any
    ) -> list[Any]:
        """Return the newest build of each term."""
        given = take_options(self, variables or {}, kwargs)
        find = functools.partial(
            latest_build, project=self.get_option("project"), succeeded=self.get_option("succeeded")
        )
        return look_up(self, given, terms, find)


def latest_build(client: Client, package: str, *, project: str, succeeded: bool) -> dict[str, Any]:
    """Return the newest build of a package, or raise CoprError (not_found)."""
    name = named_project(client, project)
    build = fetch_latest_build(client, name, package, succeeded=succeeded)
    if build is None:
        kind = "successful build" if succeeded else "build"
        raise CoprError("not_found", f"{name} has no {kind} of {package!r}.")
    return show(client, build)
