#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_repo
short_description: Enable the repository of a Copr project on a host
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Writes the C(.repo) file of a Copr project on a managed host, disables it, or removes it. The
    file fits the distribution and architecture of the host.
  - The controller reads Copr, and the host receives a file, as with M(ansible.builtin.copy). The
    host needs Python for Ansible's own modules, but no dnf, no Python bindings of dnf and no access
    to Copr.
  - Repository ids and the file name are those of C(dnf copr enable) in dnf 4 and dnf 5. The module
    corrects files that dnf has written, and C(dnf copr list), C(disable) and C(remove) work with
    files that the module has written.
  - The controller reads a project once for all hosts of a task.
extends_documentation_fragment:
  - ansible.builtin.files
  - fedora.copr._connection
  - fedora.copr._project
  - fedora.copr._attributes
attributes:
  check_mode:
    description: Predicts the changes. Only reads from Copr and the host.
    support: full
  diff_mode:
    description: Shows the file before and after.
    support: full
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
  async:
    description: Can be used with C(async).
    support: none
options:
  state:
    description:
      - V(enabled) ensures that the repository exists and is enabled. Copr determines its address
        and key. The options of this module determine everything else.
      - V(disabled) ensures that the repository exists, but is used only on request, as with C(dnf
        --enablerepo). An existing file is disabled without querying Copr and is not changed
        otherwise. This also works after the project was deleted. If there is no file, one is
        written.
      - V(absent) removes the file without querying Copr. If you have added repositories of your own
        to the file, these are kept.
    type: str
    choices: [enabled, disabled, absent]
    default: enabled
  chroot:
    description:
      - Chroot of the project from which the host gets packages, such as V(fedora-43-x86_64).
      - With V(auto), the chroot is determined from C(os-release) and the architecture of the host.
        The address of the repository contains dnf's variables C($releasever) and C($basearch) where
        Copr uses them, so that it still matches after the host is upgraded to a new release.
      - RHEL, its clones and CentOS Stream use C(epel-N), as with C(dnf copr enable), unless the
        project has a chroot named after the distribution. CentOS Stream uses C(centos-stream-N) if
        there is no C(epel-N).
      - A named chroot is written literally to the address, regardless of dnf's variables. Name the
        chroot for images, and for hosts with a distribution that is not recognized.
    type: str
    default: auto
  root:
    description:
      - Directory of an installed system other than the host's own, such as an image that is being
        built. The file is written below it, and O(chroot=auto) reads its C(os-release).
      - It must exist. C(etc/yum.repos.d) is created in it if necessary.
    type: str
    default: /
  dirname:
    description:
      - Directory of the project, such as V(hello:custom:next) or V(hello:pr:17), to use its
        packages instead of those of the project itself. Each directory has its own file.
    type: str
  priority:
    description:
      - Priority of the repository. Lower numbers are preferred; dnf's default is 99. Defaults to
        the project's setting; if it has none, an existing line is kept.
    type: int
  cost:
    description:
      - Cost of the repository; dnf's default is 1000. If omitted, an existing line is kept.
    type: int
  includepkgs:
    description:
      - The only packages to use from this repository, as names or patterns. An empty list removes
        the line. If omitted, an existing line is kept.
    type: list
    elements: str
  excludepkgs:
    description:
      - Packages not to use from this repository, as names or patterns. An empty list removes the
        line. If omitted, an existing line is kept.
    type: list
    elements: str
  module_hotfixes:
    description:
      - Whether to make packages available that the modularity of RHEL 8 would hide. Defaults to the
        project's setting; if it has none, an existing line is kept.
    type: bool
  gpgcheck:
    description:
      - Whether to verify signatures of packages. The module never disables this by itself, except
        for new repositories of runtime dependencies outside Copr, because their key is not known.
        This triggers a warning. If you set C(gpgcheck=1) in the file, it is kept.
    type: bool
    default: true
  gpgkey:
    description:
      - Address or C(file://) URL of the key of the project's packages. Defaults to the project's
        key on the server.
    type: str
  runtime_dependencies:
    description:
      - Whether to also enable the repositories that the project depends on. O(priority), O(cost),
        O(includepkgs), O(excludepkgs), O(module_hotfixes) and O(gpgkey) do not apply to these.
    type: bool
    default: true
  multilib:
    description:
      - Whether to also enable the repository of the other architecture, C(i386) in addition to
        C(x86_64), if the project offers it.
    type: bool
    default: true
  mode:
    description: Permissions of the file, as in M(ansible.builtin.copy).
    default: "0644"
  backup:
    description:
      - Whether to keep a copy of the file with a timestamp before changing it. No copy is kept of a
        file that is removed.
    type: bool
    default: false
notes:
  - Null as the value of O(priority), O(cost), O(includepkgs), O(excludepkgs) or O(module_hotfixes)
    resets it to the project's setting; if the project has none, the line is removed.
  - Other lines of the file are kept, and listed in RV(unmanaged).
  - The options of the connection to Copr are used on the controller. The keyword C(environment) of
    the task applies to the host only.
seealso:
  - module: fedora.copr.copr_build
  - module: ansible.builtin.dnf
  - plugin: fedora.copr.repo_url
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Enable a project on hosts of any distribution
  fedora.copr.copr_repo:
    project: "@packagers/hello"
  become: true

- name: Use only some packages of a project
  fedora.copr.copr_repo:
    project: packager/hello
    includepkgs: [hello, hello-libs]
    priority: 90

- name: Add a disabled repository to an image, for the release of the image
  fedora.copr.copr_repo:
    project: packager/hello
    root: /var/tmp/image
    chroot: fedora-43-x86_64
    state: disabled

- name: Test the packages of a pull request
  fedora.copr.copr_repo:
    project: packager/hello
    dirname: hello:pr:17

- name: Remove the repository
  fedora.copr.copr_repo:
    project: packager/hello
    state: absent
"""

RETURN = r"""
path:
  description: Path of the file.
  returned: success
  type: str
  sample: /etc/yum.repos.d/_copr:copr.example.org:packager:hello.repo
chroot:
  description: The chroot that the host uses. V(null) if Copr was not queried.
  returned: success
  type: str
  sample: fedora-43-x86_64
repositories:
  description: The repositories of the project in the file, and those that it depends on.
  returned: success
  type: list
  elements: dict
  sample:
    - id: copr:copr.example.org:packager:hello
      baseurl: https://download.example.org/results/packager/hello/fedora-$releasever-$basearch/
      enabled: true
      gpgcheck: true
  contains:
    id:
      description: Id of the repository, as in C(dnf --repo).
      type: str
      returned: always
    baseurl:
      description: Address of the repository.
      type: str
      returned: always
    enabled:
      description: Whether dnf uses it by default.
      type: bool
      returned: always
    gpgcheck:
      description: Whether dnf verifies signatures of its packages.
      type: bool
      returned: always
unmanaged:
  description: Existing options and repositories in the file that this module does not change.
  returned: success
  type: list
  elements: dict
  sample:
    - id: copr:copr.example.org:packager:hello
      options: [metadata_expire]
  contains:
    id:
      description: Id of a repository.
      type: str
      returned: always
    options:
      description:
        - Names of the options, without their values.
        - V(null) for a repository that does not belong to the project.
      type: list
      elements: str
      returned: always
backup_file:
  description: Path of the copy of the previous file.
  returned: if O(backup=true) and the file changed
  type: str
  sample: /etc/yum.repos.d/_copr:copr.example.org:packager:hello.repo.17294.2026-11-25@14:03:10~
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

from typing import Any, cast

from ansible.module_utils.basic import FILE_COMMON_ARGUMENTS
from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

# What ansible.builtin.copy does with the file.
FILE_SPEC: dict[str, dict[str, Any]] = {
    **cast("dict[str, dict[str, Any]]", FILE_COMMON_ARGUMENTS),
    "mode": {"type": "raw", "default": "0644"},
    "backup": {"type": "bool", "default": False},
}
ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "project": {"type": "str", "required": True},
    "state": {
        "type": "str",
        "choices": ["enabled", "disabled", "absent"],
        "default": "enabled",
    },
    "chroot": {"type": "str", "default": "auto"},
    # No path: "~" and variables would be those of the controller.
    "root": {"type": "str", "default": "/"},
    "dirname": {"type": "str"},
    "priority": {"type": "int"},
    "cost": {"type": "int"},
    "includepkgs": {"type": "list", "elements": "str"},
    "excludepkgs": {"type": "list", "elements": "str"},
    "module_hotfixes": {"type": "bool"},
    "gpgcheck": {"type": "bool", "default": True},
    "gpgkey": {"type": "str", "no_log": False},
    "runtime_dependencies": {"type": "bool", "default": True},
    "multilib": {"type": "bool", "default": True},
    **FILE_SPEC,
}


def run(task: Task) -> dict[str, Any]:
    """Fail, because the action plugin of the same name does the work."""
    raise CoprError(
        "configuration",
        "copr_repo runs on the controller, and its module can't be run on a host; call it as "
        "fedora.copr.copr_repo from a playbook, or with ansible -m.",
    )


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
