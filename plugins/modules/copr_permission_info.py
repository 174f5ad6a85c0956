#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_permission_info
short_description: Get the permissions of users in a Copr project
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Returns the users who have or request a role in a project.
  - Copr shows them only to users who may change the project. The owner is not included, and has all
    permissions.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._project
  - fedora.copr._attributes
  - fedora.copr._attributes.reads
options: {}
seealso:
  - module: fedora.copr.copr_permission
"""

EXAMPLES = r"""
- name: Get the permissions
  fedora.copr.copr_permission_info:
    project: packager/hello
  register: result

- name: Show who has requested the builder role
  ansible.builtin.debug:
    msg: "{{ result.permissions | selectattr('builder', 'eq', 'request') | map(attribute='user') }}"
"""

RETURN = r"""
permissions:
  description: The users and their roles, sorted by name.
  returned: success
  type: list
  elements: dict
  sample:
    - user: bob
      admin: nothing
      builder: approved
  contains:
    user:
      description: Name of the user.
      type: str
      returned: always
      sample: bob
    admin:
      description: V(nothing), V(request) or V(approved).
      type: str
      returned: always
      sample: nothing
    builder:
      description: V(nothing), V(request) or V(approved).
      type: str
      returned: always
      sample: approved
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
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.permission import (
    PERMISSION,
    fetch_permissions,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {"project": {"type": "str", "required": True}}


def run(task: Task) -> dict[str, Any]:
    """Return the users with their roles."""
    users = fetch_permissions(task.client, task.project())
    return {"permissions": [PERMISSION.shown(user, users[user]) for user in sorted(users)]}


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
