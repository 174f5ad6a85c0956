#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_package
short_description: Manage the packages of a Copr project and where their sources come from
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Creates packages with the source that is stored for them, changes them, takes their source away,
    or deletes them. For one package, or for many in one task.
  - Builds nothing. M(fedora.copr.copr_build) builds a package by its name, and a webhook does with
    O(webhook_rebuild).
  - An option that you leave out stays as it is, also within a source of the same kind. Null sets it
    back to Copr's default. Another kind of source takes the place of the one that is stored.
extends_documentation_fragment:
  - fedora.copr.connection
  - fedora.copr.project
  - fedora.copr.sources.package
  - fedora.copr.attributes
  - fedora.copr.attributes.changes
options:
  state:
    description:
      - V(present) creates the packages and changes what differs. A new package needs a source.
      - V(reset) takes the stored source away. The package and its builds stay.
      - V(absent) deletes the packages B(with all their builds). This can't be undone. Copr deletes
        no package while a build of it is not finished.
    type: str
    choices: [present, reset, absent]
    default: present
  package:
    description: Name of the package, which must be the name in its spec file.
    type: str
  purge:
    description:
      - Delete the packages that O(packages) does not name, B(with all their builds). Only with
        O(state=present).
    type: bool
    default: false
seealso:
  - module: fedora.copr.copr_build
  - module: fedora.copr.copr_package_info
  - module: fedora.copr.copr_webhook
"""

EXAMPLES = r"""
- name: A package from a repository, built with every push
  fedora.copr.copr_package:
    project: packager/hello
    package: hello
    scm:
      clone_url: https://git.example.org/hello.git
      committish: main
    webhook_rebuild: true

- name: Several packages
  fedora.copr.copr_package:
    project: "@packagers/tools"
    packages:
      - {package: python-requests, pypi: {pypi_package_name: requests}}
      - {package: rubygem-rake, rubygems: {gem_name: rake}}

- name: Delete a package with its builds
  fedora.copr.copr_package:
    project: packager/hello
    package: hello-old
    state: absent
"""

RETURN = r"""
packages:
  description:
    - The packages that the task names, in the form that M(fedora.copr.copr_package_info) gives.
      Those that were deleted are not among them.
  returned: success, and for those that were changed before a failure
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
      description: Number of the package; V(null) for one that check mode would create.
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
        - Kind of the stored source, as the options are called. V(unset) if there is none, and what
          the API calls it if it is another one.
      type: str
      returned: always
      sample: scm
    source:
      description: The stored source, as the suboptions of its kind.
      type: dict
      returned: always
      sample:
        gem_name: rake
    webhook_rebuild:
      description: Whether a webhook has it built.
      type: bool
      returned: always
      sample: true
unmanaged:
  description: What is there and was not named by the task.
  returned: success
  type: dict
  sample:
    packages: [hello-old]
  contains:
    packages:
      description: Packages that O(packages) does not name; empty without that option.
      type: list
      elements: str
      returned: always
      sample: [hello-old]
unverified:
  description: Options that were given but that no answer of Copr shows.
  returned: success
  type: list
  elements: str
  sample: [max_builds]
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

from dataclasses import replace
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils.sources.kinds import STORED_KINDS
from ansible_collections.fedora.copr.plugins.module_utils.sources.package import PACKAGE
from ansible_collections.fedora.copr.plugins.module_utils.state.reconcile import make_so
from ansible_collections.fedora.copr.plugins.module_utils.state.wishes import (
    checks_for,
    options_for,
    wishes_of,
)
from ansible_collections.fedora.copr.plugins.module_utils.task import Module, Task


def run(task: Task) -> dict[str, Any]:
    """Manage packages, or take their sources away."""
    if task.params["state"] != "reset":
        return make_so(task, PACKAGE)
    without = [
        replace(wish, given=dict.fromkeys(STORED_KINDS)) for wish in wishes_of(task, PACKAGE)
    ]
    # A package that is not there has no source to take away.
    return make_so(task, replace(PACKAGE, create=None), without)


MODULE = Module(
    options_for(PACKAGE, states=("present", "reset", "absent")), run, checks_for(PACKAGE)
)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
