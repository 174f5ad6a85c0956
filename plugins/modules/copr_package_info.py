#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_package_info
short_description: Get information about the packages of a Copr project
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Returns packages of a project with their stored sources and, if requested, with their newest
    builds.
  - Needs no login unless a project is given without its owner.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._project
  - fedora.copr._attributes
  - fedora.copr._attributes.reads
options:
  packages:
    description:
      - Names of the packages to return. Packages that the project does not have are ignored. If
        omitted, all packages are returned.
    type: list
    elements: str
  builds:
    description: Whether to return the newest build and the newest successful build of each package.
    type: bool
    default: false
seealso:
  - module: fedora.copr.copr_package
"""

EXAMPLES = r"""
- name: Get all packages of a project
  fedora.copr.copr_package_info:
    project: packager/hello
  register: result

- name: Fail if the newest build of a package did not succeed
  fedora.copr.copr_package_info:
    project: packager/hello
    packages: [hello]
    builds: true
  register: result
  failed_when: result.packages[0].builds.latest.state != 'succeeded'
"""

RETURN = r"""
packages:
  description: The packages, sorted by name.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 4711
      name: hello
      ownername: packager
      projectname: hello
      source_type: scm
      source:
        clone_url: https://git.example.org/hello.git
        committish: main
        scm_type: git
        source_build_method: rpkg
        spec: ""
        subdirectory: ""
      webhook_rebuild: true
  contains:
    id:
      description: Id of the package.
      type: int
      returned: always
      sample: 4711
    name:
      description: Name of the package.
      type: str
      returned: always
      sample: hello
    source_type:
      description:
        - Kind of the stored source, named like the option of M(fedora.copr.copr_package). V(unset)
          if there is no source. Other kinds have the name that the API uses.
      type: str
      returned: always
      sample: scm
    source:
      description: The stored source, in the form of the suboptions of its kind.
      type: dict
      returned: always
      sample:
        gem_name: rake
    webhook_rebuild:
      description: Whether a webhook triggers a build of the package.
      type: bool
      returned: always
      sample: true
    builds:
      description:
        - C(latest) is the newest build of the package, and C(latest_succeeded) its newest
          successful build, as M(fedora.copr.copr_build_info) returns them. V(null) if there is no
          such build.
      type: dict
      returned: when O(builds=true)
      sample:
        latest: null
        latest_succeeded: null
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
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import show
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.package import (
    PACKAGE,
    as_thing,
    list_packages,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "project": {"type": "str", "required": True},
    "packages": {"type": "list", "elements": "str"},
    "builds": {"type": "bool", "default": False},
}


def run(task: Task) -> dict[str, Any]:
    """Return packages of a project."""
    wanted, builds = task.params["packages"], task.params["builds"]
    packages = []
    for row in list_packages(task.client, task.project(), builds=builds):
        if wanted is None or row["name"] in wanted:
            shown = PACKAGE.shown(row["name"], as_thing(row))
            if builds:
                shown["builds"] = {
                    which: build and show(task.client, build)
                    for which, build in row["builds"].items()
                }
            packages.append(shown)
    return {"packages": sorted(packages, key=lambda package: str(package["name"]))}


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
