#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_projects
short_description: Manage many Copr projects by their definitions
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Creates projects and changes existing ones to match their definitions. This includes their
    chroots, chroot settings, packages and permissions, all in one task.
  - All projects are read and planned before anything is changed. The projects of an owner are read
    as pages of one list. Chroot settings, packages and permissions of a project are read only if
    its definition contains them.
  - Nothing is removed unless a definition requests it with C(purge). Existing items that a
    definition does not mention are returned as C(unmanaged). Projects without a definition are
    never changed.
  - The module works on several projects at once, and on several packages or chroots of a project.
    If a project fails, the others continue. The task then fails at the end, and lists the failed
    projects.
  - A new project is created before other projects that use its repository as
    V(copr://owner/name).
  - Duplicate projects or items, unknown keys, and settings of a chroot that the definition does not
    enable are errors, which are reported before anything is changed. The message states where the
    error is.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._definition
  - fedora.copr._attributes
  - fedora.copr._attributes.changes
options:
  connections:
    description: Number of requests to send at the same time, from 1 to 10.
    type: int
    default: 4
  continue_on_error:
    description:
      - Whether to continue with other projects after one has failed. Otherwise, no further project
        is started after a failure, and no project at all if one of them can't be planned.
      - If the login fails, no further project is started in any case.
    type: bool
    default: true
  progress:
    description:
      - Whether to print a line for each project. This works only if the task runs in the
        controller's own process.
    type: bool
    default: true
notes:
  - Each definition with C(runtime_dependencies) or C(delete_after_days) costs one more request,
    because Copr's lists do not contain them.
seealso:
  - module: fedora.copr.copr_project
  - module: fedora.copr.copr_project_info
"""

EXAMPLES = r"""
- name: Create a project with chroot settings, packages and permissions
  fedora.copr.copr_projects:
    projects:
      - project: packager/hello
        description: Greetings for everybody
        chroots: [fedora-rawhide-x86_64, epel-10-x86_64]
        chroot_settings:
          - {chroot: epel-10-*, additional_packages: [epel-rpm-macros]}
        packages:
          - package: hello
            scm: {clone_url: https://git.example.org/hello.git, committish: main}
            webhook_rebuild: true
        permissions:
          - {user: bob, builder: approved}

- name: Manage several projects, and remove all chroots and packages that they do not name
  fedora.copr.copr_projects:
    projects: "{{ definitions | map('combine', {'purge': ['chroots', 'packages']}) }}"
  vars:
    definitions:
      - {project: "@packagers/tools", chroots: [fedora-43-x86_64], packages: []}
      - {project: "@packagers/next", chroots: [fedora-rawhide-x86_64], packages: []}
  register: result

- name: Show the projects that have no definition
  ansible.builtin.debug:
    var: result.unmanaged.projects
"""

RETURN = r"""
projects:
  description: The result of each definition, in the same order.
  returned: success, and if projects failed
  type: list
  elements: dict
  contains:
    name:
      description: Full name of the project.
      type: str
      returned: always
      sample: packager/hello
    result:
      description:
        - V(created), V(changed), V(ok), V(failed), or V(skipped) if it was not started. In check
          mode, the predicted result.
      type: str
      returned: always
      sample: changed
    project:
      description:
        - The project as M(fedora.copr.copr_project) returns it. V(null) if it was not started, or
          failed before it was created.
      type: dict
      returned: always
      sample:
        full_name: packager/hello
        chroots: [epel-10-x86_64, fedora-rawhide-x86_64]
    chroots:
      description: The chroots with settings, as M(fedora.copr.copr_chroot) returns them.
      type: list
      elements: dict
      returned: always
      sample: []
    packages:
      description: The packages in the definition, as M(fedora.copr.copr_package) returns them.
      type: list
      elements: dict
      returned: always
      sample: []
    permissions:
      description: The users in the definition, as M(fedora.copr.copr_permission) returns them.
      type: list
      elements: dict
      returned: always
      sample:
        - {user: bob, admin: nothing, builder: approved}
    differences:
      description: The changes that were made, or would be made in check mode.
      type: list
      elements: dict
      returned: always
      contains:
        subject:
          description: The project, or the item of the project, that is changed.
          type: str
          returned: always
          sample: package hello of packager/hello
        before:
          description: The values before the change. V(null) if the subject was created.
          type: dict
          returned: always
          sample: {webhook_rebuild: false}
        after:
          description: The values after the change. V(null) if the subject was deleted.
          type: dict
          returned: always
          sample: {webhook_rebuild: true}
    unmanaged:
      description:
        - Existing items that the definition does not mention, for each kind that it contains.
      type: dict
      returned: always
      contains:
        chroots:
          description: Enabled chroots that the definition does not name.
          type: list
          elements: str
          returned: always
          sample: [fedora-43-x86_64]
        packages:
          description: Packages that the definition does not name.
          type: list
          elements: str
          returned: always
          sample: [hello-old]
        permissions:
          description: Users with roles that the definition does not name.
          type: list
          elements: str
          returned: always
          sample: [dave]
    unverified:
      description:
        - Given fields that Copr never reports, so their current values cannot be verified. Fields
          of chroots and packages start with the name of the list.
      type: list
      elements: str
      returned: always
      sample: [multilib, packages.max_builds]
    error:
      description: Details of the failure, as RV(error). V(null) if the project did not fail.
      type: dict
      returned: always
      sample: null
    msg:
      description: Message of the failure. V(null) if the project did not fail.
      type: str
      returned: always
      sample: null
summary:
  description: Number of definitions with each result, and number of projects without a definition.
  returned: success, and if projects failed
  type: dict
  sample: {created: 1, changed: 2, ok: 97, failed: 0, skipped: 0, unmanaged: 3}
unmanaged:
  description: Existing projects that the task does not mention.
  returned: success, and if projects failed
  type: dict
  sample:
    projects: [packager/hello-old]
  contains:
    projects:
      description: Projects of the same owners without a definition.
      type: list
      elements: str
      returned: always
      sample: [packager/hello-old]
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
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.definitions import (
    DEFINITIONS,
    read_definitions,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.project_set import (
    make_projects,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import (
    CONNECTIONS,
    MOST_CONNECTIONS,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "projects": DEFINITIONS,
    "connections": {"type": "int", "default": CONNECTIONS},
    "continue_on_error": {"type": "bool", "default": True},
    "progress": {"type": "bool", "default": True},
}


def run(task: Task) -> dict[str, Any]:
    """Create or change the projects to match their definitions."""
    connections = task.params["connections"]
    if not 1 <= connections <= MOST_CONNECTIONS:
        raise CoprError("invalid", f"connections must be 1 to {MOST_CONNECTIONS}.")
    client = task.client.with_connections(connections)
    definitions = read_definitions(client, task.given["projects"])
    if not definitions:
        task.warn("projects is an empty list. No project was checked.")
    return make_projects(
        client,
        definitions,
        task.record,
        continue_on_error=task.params["continue_on_error"],
        say=task.say,
    )


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
