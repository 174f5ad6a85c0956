#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_regenerate
short_description: Regenerate the repositories of a Copr project
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Regenerates the metadata of all repositories of a project. This is useful if the repository does
    not contain packages that were built, or after builds with C(devel_mode).
  - This is an action, not a state. Every run triggers a regeneration and reports a change.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._project
  - fedora.copr._wait
  - fedora.copr._attributes
  - fedora.copr._attributes.changes
attributes:
  diff_mode:
    support: none
    details:
      - Copr reports nothing that could be compared before and after.
  idempotent:
    support: none
options:
  wait:
    description:
      - Whether to wait until the metadata of all enabled chroots have been regenerated and can be
        downloaded.
    type: bool
    default: true
  wait_timeout:
    description: Seconds to wait. After that, the task fails.
    type: float
    default: 900.0
seealso:
  - module: fedora.copr.copr_project
"""

EXAMPLES = r"""
- name: Publish the packages built since the last regeneration
  fedora.copr.copr_regenerate:
    project: packager/hello
"""

RETURN = r"""
repositories:
  description: The repositories of the project, one for each enabled chroot.
  returned: success
  type: list
  elements: dict
  sample:
    - chroot: fedora-43-x86_64
      repo_url: https://download.example.org/results/packager/hello/fedora-43-x86_64/
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

from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.waiting import Patience
from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import read_project
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.repositories import regenerate
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import WAIT_SPEC, Module, Task

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "project": {"type": "str", "required": True},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 900.0},
    **WAIT_SPEC,
}


def run(task: Task) -> dict[str, Any]:
    """Regenerate the repositories, and wait for them if the task wants it."""
    params = task.params
    patience = Patience(params["wait_timeout"], params["poll_interval"])
    name = task.project()
    project, absent = read_project(task.client, name)
    repos = project["chroot_repos"] if project else {}
    waits = patience if params["wait"] else None
    regenerate(task.client, name, repos, waits, task.record, task.say, absent)
    return {
        "repositories": [
            {"chroot": chroot, "repo_url": url} for chroot, url in sorted(repos.items())
        ],
    }


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
