#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_package
short_description: Manage the packages of a Copr project and their sources
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Creates packages with a stored source, changes them, removes their source, or deletes them. This
    works for one package or for many in one task.
  - Never builds packages. To build a package by its name, use M(fedora.copr.copr_build), or a
    webhook with O(webhook_rebuild).
  - Omitted options are left unchanged, even within a source of the same kind. Null resets an option
    to Copr's default. A different kind of source replaces the stored one.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._project
  - fedora.copr._sources.package
  - fedora.copr._attributes
  - fedora.copr._attributes.changes
options:
  state:
    description:
      - V(present) creates the packages or changes them where they differ. A new package needs a
        source.
      - V(reset) removes the stored source. The package and its builds are kept.
      - V(absent) deletes the packages B(with all their builds). This can't be undone. Copr can't
        delete a package that has an unfinished build.
    type: str
    choices: [present, reset, absent]
    default: present
  package:
    description: Name of the package. It must equal the name in the spec file.
    type: str
  purge:
    description:
      - Whether to delete the packages that O(packages) does not name, B(with all their builds).
        Only with O(state=present).
    type: bool
    default: false
seealso:
  - module: fedora.copr.copr_build
  - module: fedora.copr.copr_package_info
  - module: fedora.copr.copr_webhook
"""

EXAMPLES = r"""
- name: Create a package from a repository that is built on every push
  fedora.copr.copr_package:
    project: packager/hello
    package: hello
    scm:
      clone_url: https://git.example.org/hello.git
      committish: main
    webhook_rebuild: true

- name: Create several packages
  fedora.copr.copr_package:
    project: "@packagers/tools"
    packages:
      - {package: python-requests, pypi: {pypi_package_name: requests}}
      - {package: rubygem-rake, rubygems: {gem_name: rake}}

- name: Delete a package and its builds
  fedora.copr.copr_package:
    project: packager/hello
    package: hello-old
    state: absent
"""

RETURN = r"""
packages:
  description:
    - The packages that the task names, as M(fedora.copr.copr_package_info) returns them. Deleted
      packages are not included.
  returned: success; on failure, the packages that were changed before it
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
      description: Id of the package. V(null) if it would be created, in check mode.
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
        - Kind of the stored source, named like the option. V(unset) if there is no source. Other
          kinds have the name that the API uses.
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
unmanaged:
  description: Existing items that the task does not mention.
  returned: success
  type: dict
  sample:
    packages: [hello-old]
  contains:
    packages:
      description: Packages that O(packages) does not name. Empty if O(packages) is omitted.
      type: list
      elements: str
      returned: always
      sample: [hello-old]
unverified:
  description:
    - Given options that Copr never reports, so their current values cannot be verified.
  returned: success
  type: list
  elements: str
  sample: [max_builds]
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

from dataclasses import replace
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.kinds import STORED_KINDS
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.package import PACKAGE
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.reconcile import make_so
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.wishes import (
    checks_for,
    options_for,
    wishes_of,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task


def run(task: Task) -> dict[str, Any]:
    """Manage packages, or remove their sources."""
    if task.params["state"] != "reset":
        return make_so(task, PACKAGE)
    without = [
        replace(wish, given=dict.fromkeys(STORED_KINDS)) for wish in wishes_of(task, PACKAGE)
    ]
    # A package that does not exist has no source to remove.
    return make_so(task, replace(PACKAGE, create=None), without)


MODULE = Module(
    options_for(PACKAGE, states=("present", "reset", "absent")), run, checks_for(PACKAGE)
)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
