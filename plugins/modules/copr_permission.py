#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_permission
short_description: Manage the permissions of users in a Copr project
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Sets the roles C(builder) and C(admin) of users in a project, for one user or for many in one
    request.
  - Omitted roles are left unchanged. Users that the task does not name keep their roles and are
    returned in RV(unmanaged), unless O(purge=true).
  - With O(state=requested), requests roles for yourself from the owner of a project.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._project
  - fedora.copr._attributes
  - fedora.copr._attributes.changes
options:
  state:
    description:
      - V(present) sets the given roles of the users.
      - V(absent) revokes all roles of the users, and rejects their requests.
      - V(requested) requests the roles that are set to V(request) or V(approved) for the user who
        is logged in. Existing roles of the user are left unchanged.
    type: str
    choices: [present, absent, requested]
    default: present
  user:
    description:
      - Name of the user. It can't be the owner of the project, who has all permissions.
      - Optional with O(state=requested).
    type: str
  admin: &admin
    description:
      - Whether the user may change the project, its packages and its permissions. V(approved)
        grants the role. V(nothing) revokes it or rejects a request. V(request) leaves a request
        undecided.
      - Null is the same as V(nothing).
    type: str
    choices: [nothing, request, approved]
  builder: &builder
    description:
      - Whether the user may submit and cancel builds. The values mean the same as for O(admin).
    type: str
    choices: [nothing, request, approved]
  permissions:
    description: Several users and their roles.
    type: list
    elements: dict
    suboptions:
      user:
        description: Name of the user.
        type: str
        required: true
      admin: *admin
      builder: *builder
  purge:
    description:
      - Whether to revoke all roles of users that O(permissions) does not name. Only with
        O(state=present).
    type: bool
    default: false
notes:
  - Copr shows the roles in a project only to users who may change the project. With
    O(state=requested), check mode therefore can't determine whether a role was requested before. It
    predicts a change unless you may already build.
seealso:
  - module: fedora.copr.copr_permission_info
  - module: fedora.copr.copr_project
"""

EXAMPLES = r"""
- name: Allow bob to build in the project
  fedora.copr.copr_permission:
    project: packager/hello
    user: bob
    builder: approved

- name: Grant roles to these users only
  fedora.copr.copr_permission:
    project: "@packagers/hello"
    permissions:
      - {user: bob, builder: approved}
      - {user: carol, builder: approved, admin: approved}
    purge: true

- name: Request permission to build in another user's project
  fedora.copr.copr_permission:
    project: carol/tools
    state: requested
    builder: request
"""

RETURN = r"""
permissions:
  description: The users that the task names, with their roles.
  returned: success; on failure, the users that were changed before it
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
unmanaged:
  description: Existing items that the task does not mention.
  returned: success
  type: dict
  sample:
    permissions: [dave]
  contains:
    permissions:
      description:
        - Users with roles that O(permissions) does not name. Empty if O(permissions) is omitted.
      type: list
      elements: str
      returned: always
      sample: [dave]
unverified:
  description: Given options that Copr never reports. Always empty for this module.
  returned: success
  type: list
  elements: str
  sample: []
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
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.permission import PERMISSION
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.reconcile import make_so
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.role_requests import ask
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.wishes import (
    checks_for,
    options_for,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task


def run(task: Task) -> dict[str, Any]:
    """Set roles, or request them."""
    return ask(task) if task.params["state"] == "requested" else make_so(task, PERMISSION)


MODULE = Module(
    options_for(PERMISSION, states=("present", "absent", "requested")), run, checks_for(PERMISSION)
)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
