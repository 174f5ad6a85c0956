#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_monitor_info
short_description: Get the state of each package of a Copr project in each chroot
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Returns the state of the newest build of each package in each enabled chroot of a project, with
    a single request. Packages that were never built are not included.
  - Needs no login unless a project is given without its owner.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._project
  - fedora.copr._attributes
  - fedora.copr._attributes.reads
options:
  dirname:
    description:
      - Directory of the project, such as V(hello:custom:next). Defaults to the main directory.
    type: str
  packages:
    description: Return only these packages. Packages that were never built are ignored.
    type: list
    elements: str
  states:
    description: Return only chroots in which the newest build is in one of these states.
    type: list
    elements: str
    choices:
      - pending
      - starting
      - importing
      - running
      - succeeded
      - failed
      - canceled
      - skipped
      - forked
      - waiting
seealso:
  - module: fedora.copr.copr_build_info
  - module: fedora.copr.copr_package_info
"""

EXAMPLES = r"""
- name: Find packages that failed to build
  fedora.copr.copr_monitor_info:
    project: packager/hello
    states: [failed]
  register: monitor

- name: Fail if there are any
  ansible.builtin.assert:
    that: monitor.packages | length == 0
    fail_msg: "Failed packages: {{ monitor.packages | map(attribute='name') | join(', ') }}"
"""

RETURN = r"""
packages:
  description:
    - The packages, sorted by name. With O(states), only packages with a chroot in one of these
      states.
  returned: success
  type: list
  elements: dict
  sample:
    - name: hello
      chroots:
        - name: epel-10-x86_64
          state: failed
          build_id: 4711
          version: 2.12-1
          build_log_url: https://download.example.org/results/packager/hello/epel-10-x86_64/00004711-hello/builder-live.log.gz
          backend_log_url: https://download.example.org/results/packager/hello/epel-10-x86_64/00004711-hello/backend.log.gz
  contains:
    name:
      description: Name of the package.
      type: str
      returned: always
      sample: hello
    chroots:
      description: The enabled chroots in which the package was built, sorted by name.
      type: list
      elements: dict
      returned: always
      sample: []
      contains:
        name:
          description: Name of the chroot.
          type: str
          returned: always
          sample: epel-10-x86_64
        state:
          description: State of the newest build in the chroot. One of the choices of O(states).
          type: str
          returned: always
          sample: failed
        build_id:
          description: Id of that build.
          type: int
          returned: always
          sample: 4711
        version:
          description: Version and release of the build. V(null) until the source is known.
          type: str
          returned: always
          sample: 2.12-1
        build_log_url:
          description: Address of the build log. V(null) if it does not exist yet.
          type: str
          returned: always
          sample: https://download.example.org/results/packager/hello/epel-10-x86_64/00004711-hello/builder-live.log.gz
        backend_log_url:
          description: Address of the backend log. V(null) if it does not exist yet.
          type: str
          returned: always
          sample: https://download.example.org/results/packager/hello/epel-10-x86_64/00004711-hello/backend.log.gz
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
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import CHROOT_STATES
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.monitor import fetch_monitor
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "project": {"type": "str", "required": True},
    "dirname": {"type": "str"},
    "packages": {"type": "list", "elements": "str"},
    "states": {"type": "list", "elements": "str", "choices": CHROOT_STATES},
}


def run(task: Task) -> dict[str, Any]:
    """Return the newest builds."""
    names, states = task.params["packages"], task.params["states"]
    packages = []
    for package in fetch_monitor(task.client, task.project(), task.params["dirname"]):
        chroots = [each for each in package["chroots"] if states is None or each["state"] in states]
        if chroots and (names is None or package["name"] in names):
            packages.append({**package, "chroots": chroots})
    return {"packages": sorted(packages, key=lambda package: str(package["name"]))}


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
