#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_permission
short_description: Manage who may build in a Copr project and who may administer it
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Sets the roles of users in a project, C(builder) and C(admin), for one user or for many in one
    request.
  - A role that you leave out stays as it is. Users whom you do not name keep their roles, and are
    returned as RV(unmanaged), unless O(purge=true).
  - With O(state=requested) it asks the owner of a project for roles for yourself.
extends_documentation_fragment:
  - fedora.copr.connection
  - fedora.copr.project
  - fedora.copr.attributes
  - fedora.copr.attributes.changes
options:
  state:
    description:
      - V(present) gives the users the roles named.
      - V(absent) takes all roles of the users away, also those that they only ask for.
      - V(requested) asks for the roles that are V(request) or V(approved), for the user who is
        logged in. Roles that the user has are left alone.
    type: str
    choices: [present, absent, requested]
    default: present
  user:
    description:
      - Name of the user. Not the owner of the project, who may do everything.
      - With O(state=requested) it may be left out.
    type: str
  admin: &admin
    description:
      - Whether the user may change the project, its packages and permissions. V(approved) gives the
        role, V(nothing) takes it away or refuses a request, and V(request) leaves it undecided.
      - Null means V(nothing).
    type: str
    choices: [nothing, request, approved]
  builder: &builder
    description:
      - Whether the user may submit and cancel builds. The values mean the same as for O(admin).
    type: str
    choices: [nothing, request, approved]
  permissions:
    description: Several users with their roles.
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
      - Take all roles away from users whom O(permissions) does not name. Only with
        O(state=present).
    type: bool
    default: false
notes:
  - Copr shows the roles in a project only to those who may change it. So with O(state=requested),
    check mode can't tell whether a role was requested before, and predicts a change unless you may
    build already.
seealso:
  - module: fedora.copr.copr_permission_info
  - module: fedora.copr.copr_project
"""

EXAMPLES = r"""
- name: Let bob build in the project
  fedora.copr.copr_permission:
    project: packager/hello
    user: bob
    builder: approved

- name: These users and nobody else
  fedora.copr.copr_permission:
    project: "@packagers/hello"
    permissions:
      - {user: bob, builder: approved}
      - {user: carol, builder: approved, admin: approved}
    purge: true

- name: Ask for the right to build in a project of somebody else
  fedora.copr.copr_permission:
    project: carol/tools
    state: requested
    builder: request
"""

RETURN = r"""
permissions:
  description: The users that the task names, with their roles.
  returned: success, and for those that were changed before a failure
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
  description: What is there and was not named by the task.
  returned: success
  type: dict
  sample:
    permissions: [dave]
  contains:
    permissions:
      description: Users with roles whom O(permissions) does not name; empty without that option.
      type: list
      elements: str
      returned: always
      sample: [dave]
unverified:
  description: Options that no answer of Copr shows; none of this module's.
  returned: success
  type: list
  elements: str
  sample: []
error:
  description:
    - Details of the failure, for use in playbooks. RV(error.kind) is one of V(authentication),
      V(bot_wall), V(build_failed), V(configuration), V(conflict), V(invalid), V(local_file),
      V(not_found), V(permission), V(server), V(timeout), V(unreachable). The collection's
      C(docs/errors.md) explains each kind and how to handle it.
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

from ansible_collections.fedora.copr.plugins.module_utils.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils.nouns.permission import PERMISSION
from ansible_collections.fedora.copr.plugins.module_utils.state.reconcile import make_so
from ansible_collections.fedora.copr.plugins.module_utils.state.role_requests import ask
from ansible_collections.fedora.copr.plugins.module_utils.state.wishes import (
    checks_for,
    options_for,
)
from ansible_collections.fedora.copr.plugins.module_utils.task import Module, Task


def run(task: Task) -> dict[str, Any]:
    """Set roles, or ask for them."""
    return ask(task) if task.params["state"] == "requested" else make_so(task, PERMISSION)


MODULE = Module(
    options_for(PERMISSION, states=("present", "absent", "requested")), run, checks_for(PERMISSION)
)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
