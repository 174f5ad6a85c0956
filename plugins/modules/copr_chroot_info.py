#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_chroot_info
short_description: Get information about the chroots of a Copr server or project
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Without O(project), returns the chroots that the server offers.
  - With O(project), returns the chroots of the project with their settings.
  - Needs no login unless O(project) is given without its owner.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._attributes
  - fedora.copr._attributes.reads
options:
  project:
    description:
      - The project, as V(owner/name), V(@group/name) for a group's project, or V(name) for one of
        your own.
    type: str
  chroots:
    description:
      - Return only these chroots, as names or patterns such as V(fedora-*). It is an error if a
        name or pattern matches no chroot.
      - With O(project), only enabled chroots can be returned.
    type: list
    elements: str
  build_config:
    description:
      - Whether to include the build configuration of each chroot of the project, with all
        repositories that builds use.
    type: bool
    default: false
seealso:
  - module: fedora.copr.copr_project
"""

EXAMPLES = r"""
- name: Get the chroots that the server offers for x86_64
  fedora.copr.copr_chroot_info:
    chroots: ["*-x86_64"]
  register: result

- name: Get the settings of all chroots of a project
  fedora.copr.copr_chroot_info:
    project: packager/hello
"""

RETURN = r"""
chroots:
  description: The chroots, sorted by name.
  returned: success
  type: list
  elements: dict
  sample:
    - name: fedora-43-x86_64
      comment: ""
  contains:
    name:
      description: Name of the chroot.
      type: str
      returned: always
      sample: fedora-43-x86_64
    comment:
      description: Comment of the server's administrators.
      type: str
      returned: when O(project) is not set
      sample: ""
    settings:
      description: Settings of the chroot in the project, as the API returns them.
      type: dict
      returned: when O(project) is set
      sample:
        additional_modules: []
        additional_packages: [gcc-c++]
        additional_repos: []
        comps_name: null
        delete_after_days: null
        isolation: unchanged
        mock_chroot: fedora-43-x86_64
        ownername: packager
        projectname: hello
        with_opts: []
        without_opts: []
    repo_url:
      description: Address of the repository.
      type: str
      returned: when O(project) is set
      sample: https://download.example.org/results/packager/hello/fedora-43-x86_64/
    build_config:
      description: Configuration of builds in the chroot.
      type: dict
      returned: when O(build_config=true)
      sample:
        additional_modules: []
        additional_packages: [gcc-c++]
        additional_repos: []
        chroot: fedora-43-x86_64
        enable_net: false
        isolation: unchanged
        repos: []
        with_opts: []
        without_opts: []
error:
  description:
    - Details of the failure, for use in playbooks. RV(error.kind) is one of V(authentication),
      V(bot_wall), V(build_failed), V(configuration), V(conflict), V(invalid), V(local_file),
      V(not_found), V(permission), V(server), V(timeout), V(unreachable). The collection's
      R(guide to errors,ansible_collections.fedora.copr.docsite.guide_errors) explains each
      kind and how to handle it.
  returned: when the task fails, unless its options are invalid
  type: dict
  sample:
    kind: not_found
    status: 404
    method: GET
    path: project
    server_message: Project packager/hello does not exist.
    attempts: 1
  contains:
    kind:
      description: Kind of the failure.
      type: str
      returned: always
      sample: not_found
    status:
      description: HTTP status of the response. V(null) if there was no response.
      type: int
      returned: always
      sample: 404
    method:
      description: HTTP method of the failed request. V(null) if no request failed.
      type: str
      returned: always
      sample: GET
    path:
      description: Requested API path or address. V(null) if no request failed.
      type: str
      returned: always
      sample: project
    server_message:
      description: Copr's error message, unchanged. V(null) if there was none.
      type: str
      returned: always
      sample: Project packager/hello does not exist.
    attempts:
      description: Number of times that the request was sent.
      type: int
      returned: always
      sample: 1
"""

from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.chroot import (
    fetch_build_config,
    fetch_settings,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.mock_chroots import (
    fetch_mock_chroots,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import (
    enabled_chroots,
    require_project,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.selection import (
    select,
    select_enabled,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "project": {"type": "str"},
    "chroots": {"type": "list", "elements": "str"},
    "build_config": {"type": "bool", "default": False},
}


def run(task: Task) -> dict[str, Any]:
    """Return the chroots of the server, or of a project."""
    chroots = of_server(task) if task.params["project"] is None else of_project(task)
    return {"chroots": chroots}


def of_server(task: Task) -> list[dict[str, Any]]:
    """Return the chroots that can be enabled."""
    comments = fetch_mock_chroots(task.client)
    names = select(sorted(comments), task.params["chroots"], None, task.client.settings.url)
    return [{"name": name, "comment": comments[name]} for name in names]


def of_project(task: Task) -> list[dict[str, Any]]:
    """Return the enabled chroots of a project with their settings."""
    name = task.project()
    project = require_project(task.client, name)
    chroots = []
    wanted = task.params["chroots"]
    for chroot in select_enabled(task.client, name, enabled_chroots(project), wanted, None):
        shown = {
            "name": chroot,
            "repo_url": project["chroot_repos"][chroot],
            "settings": fetch_settings(task.client, name, chroot),
        }
        if task.params["build_config"]:
            shown["build_config"] = fetch_build_config(task.client, name, chroot)
        chroots.append(shown)
    return chroots


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
