#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_projects
short_description: Make many Copr projects what their definitions say
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Creates projects and brings existing ones to what their definitions say, with their chroots, the
    settings of chroots, packages and permissions, all in one task.
  - All projects are read and planned before anything is changed. The projects of an owner are read
    as pages of one list, and what belongs to a project only where its definition names it.
  - Nothing is removed unless a definition says so in C(purge). What is there and not named is
    returned as C(unmanaged). Projects that no definition names are never touched.
  - Several projects are worked on at once, and of one project several packages or chroots. A
    project that fails does not stop the others. The task fails in the end, and names each.
  - A new project is created before others that use its repository, as V(copr://owner/name).
  - A definition that names a project or a member twice, an unknown key, or settings of a chroot
    that it does not enable, is an error before anything is changed. The message tells the place.
extends_documentation_fragment:
  - fedora.copr.connection
  - fedora.copr.definition
  - fedora.copr.attributes
  - fedora.copr.attributes.changes
options:
  connections:
    description: How many requests are on their way at once, 1 to 10.
    type: int
    default: 4
  continue_on_error:
    description:
      - Whether to go on with other projects after one has failed. Otherwise no project is begun
        after a failure, and none at all if one can't be planned.
      - After a failure of the login nothing more is begun in any case.
    type: bool
    default: true
  progress:
    description:
      - Whether to show a line for each project. Shown only where the task runs in the controller.
    type: bool
    default: true
notes:
  - Each project that names C(runtime_dependencies) or C(delete_after_days) takes one more request,
    because lists do not show them.
seealso:
  - module: fedora.copr.copr_project
  - module: fedora.copr.copr_project_info
"""

EXAMPLES = r"""
- name: A project with all that belongs to it
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

- name: All projects of a file, and nothing in them that it does not name
  fedora.copr.copr_projects:
    projects: "{{ definitions | map('combine', {'purge': ['chroots', 'packages']}) }}"
  vars:
    definitions:
      - {project: "@packagers/tools", chroots: [fedora-43-x86_64], packages: []}
      - {project: "@packagers/next", chroots: [fedora-rawhide-x86_64], packages: []}
  register: made

- name: Which projects no definition names
  ansible.builtin.debug:
    var: made.unmanaged.projects
"""

RETURN = r"""
projects:
  description: What came of each definition, in their order.
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
        - V(created), V(changed), V(ok), V(failed), or V(skipped) for one that was not begun. In
          check mode, what would come of it.
      type: str
      returned: always
      sample: changed
    project:
      description:
        - The project as M(fedora.copr.copr_project) returns it. V(null) if it was not begun, or
          failed before it was made.
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
      description: The packages named, as M(fedora.copr.copr_package) returns them.
      type: list
      elements: dict
      returned: always
      sample: []
    permissions:
      description: The users named, as M(fedora.copr.copr_permission) returns them.
      type: list
      elements: dict
      returned: always
      sample:
        - {user: bob, admin: nothing, builder: approved}
    differences:
      description: What was changed, or would be.
      type: list
      elements: dict
      returned: always
      contains:
        subject:
          description: The project, or what belongs to it.
          type: str
          returned: always
          sample: package hello of packager/hello
        before:
          description: What differed, as it was. V(null) for what was created.
          type: dict
          returned: always
          sample: {webhook_rebuild: false}
        after:
          description: What differed, as it is now. V(null) for what was deleted.
          type: dict
          returned: always
          sample: {webhook_rebuild: true}
    unmanaged:
      description: What is there and was not named, of the kinds that the definition names.
      type: dict
      returned: always
      contains:
        chroots:
          description: Enabled chroots that are not named.
          type: list
          elements: str
          returned: always
          sample: [fedora-43-x86_64]
        packages:
          description: Packages that are not named.
          type: list
          elements: str
          returned: always
          sample: [hello-old]
        permissions:
          description: Users with roles who are not named.
          type: list
          elements: str
          returned: always
          sample: [dave]
    unverified:
      description:
        - Fields that were given but that no answer of Copr shows. Those of what belongs to the
          project begin with the option that lists it.
      type: list
      elements: str
      returned: always
      sample: [multilib, packages.max_builds]
    error:
      description: What went wrong, as RV(error); V(null) if nothing did.
      type: dict
      returned: always
      sample: null
    msg:
      description: The message of the failure; V(null) if there was none.
      type: str
      returned: always
      sample: null
summary:
  description: How many definitions came to what, and how many projects are not managed.
  returned: success, and if projects failed
  type: dict
  sample: {created: 1, changed: 2, ok: 97, failed: 0, skipped: 0, unmanaged: 3}
unmanaged:
  description: What is there and was not named by the task.
  returned: success, and if projects failed
  type: dict
  sample:
    projects: [packager/hello-old]
  contains:
    projects:
      description: Projects of the same owners that no definition names.
      type: list
      elements: str
      returned: always
      sample: [packager/hello-old]
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
from ansible_collections.fedora.copr.plugins.module_utils.state.definitions import (
    DEFINITIONS,
    read_definitions,
)
from ansible_collections.fedora.copr.plugins.module_utils.state.project_set import make_projects
from ansible_collections.fedora.copr.plugins.module_utils.task import Module, Task
from ansible_collections.fedora.copr.plugins.module_utils.wire.client import (
    CONNECTIONS,
    MOST_CONNECTIONS,
)
from ansible_collections.fedora.copr.plugins.module_utils.wire.errors import CoprError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "projects": DEFINITIONS,
    "connections": {"type": "int", "default": CONNECTIONS},
    "continue_on_error": {"type": "bool", "default": True},
    "progress": {"type": "bool", "default": True},
}


def run(task: Task) -> dict[str, Any]:
    """Make the projects what their definitions say."""
    connections = task.params["connections"]
    if not 1 <= connections <= MOST_CONNECTIONS:
        raise CoprError("invalid", f"connections must be 1 to {MOST_CONNECTIONS}.")
    client = task.client.with_connections(connections)
    definitions = read_definitions(client, task.given["projects"])
    if not definitions:
        task.warn("projects is an empty list, so that no project was looked at.")
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
