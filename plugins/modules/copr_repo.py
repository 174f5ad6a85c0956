#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_repo
short_description: Enable the repository of a Copr project on a host
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Writes the C(.repo) file of a Copr project on a managed host, switches it off, or removes it.
    The file fits the distribution and the architecture of the host.
  - The controller reads Copr, and the host receives a file, as with M(ansible.builtin.copy). The
    host needs Python for Ansible's own modules, but no dnf, no binding of it, and no access to
    Copr.
  - Repository ids and the name of the file are those of C(dnf copr enable) in dnf 4 and dnf 5. The
    module corrects what dnf has written, and C(dnf copr list), C(disable) and C(remove) know what
    the module has written.
  - The controller reads a project once for all hosts of a task.
  - For dnf, C(tdnf) or yum, but not for zypper, which does not know C(includepkgs) and the like.
extends_documentation_fragment:
  - ansible.builtin.files
  - fedora.copr.connection
  - fedora.copr.project
  - fedora.copr.attributes
attributes:
  check_mode:
    description: Predicts what would change. Copr and the host are only read.
    support: full
  diff_mode:
    description: Shows the file before and after.
    support: full
  idempotent:
    description: Run again with the same options, it changes nothing.
    support: full
  async:
    description: Can be used with C(async).
    support: none
options:
  state:
    description:
      - With V(enabled), the repository is there and used. Copr decides on its address and its key,
        and the options of this module on the rest.
      - With V(disabled), the repository is not used unless somebody asks for it, as with C(dnf
        --enablerepo). An existing file is switched off, and not changed otherwise, so that this
        works when the project is gone and Copr is away. If there is no file, one is written.
      - With V(absent), the file is removed. Copr is not asked. If somebody has added repositories
        of their own to the file, these stay.
    type: str
    choices: [enabled, disabled, absent]
    default: enabled
  chroot:
    description:
      - The chroot of the project whose packages the host installs, such as V(fedora-43-x86_64).
      - With V(auto), the host's C(os-release) and architecture decide. Facts are used where they
        were gathered and are exact enough. The address of the repository then has dnf's variables
        C($releasever) and C($basearch) where Copr puts them, so that it still fits after an upgrade
        of the host to a new release.
      - Hosts with RHEL, its clones and CentOS Stream take C(epel-N), as C(dnf copr enable) does,
        unless the project has a chroot named after the distribution; CentOS Stream takes
        C(centos-stream-N) if there is no C(epel-N).
      - A name is kept literally in the address, whatever the variables of dnf say on the host. Use
        it for images, and for hosts whose distribution is not recognized.
    type: str
    default: auto
  root:
    description:
      - Folder of an installed system other than that of the host itself, such as an image that is
        being built. The file is written below it, and O(chroot=auto) reads its C(os-release).
      - It must exist. C(etc/yum.repos.d) is created in it if necessary.
    type: str
    default: /
  dirname:
    description:
      - Directory of the project, as V(hello:custom:next) or V(hello:pr:17), if its packages are
        wanted in place of those of the project itself. Each directory has a file of its own.
    type: str
  priority:
    description:
      - Priority of the repository, where a low number goes first, and 99 is dnf's default. If left
        out, it is what the project says; if that says nothing, an existing line stays.
    type: int
  cost:
    description: Cost of the repository, 1000 by default. If left out, an existing line stays.
    type: int
  includepkgs:
    description:
      - The only packages that may come from this repository, as names or patterns. An empty list
        removes the line. If left out, an existing line stays.
    type: list
    elements: str
  excludepkgs:
    description:
      - Packages that may not come from this repository, as names or patterns. An empty list removes
        the line. If left out, an existing line stays.
    type: list
    elements: str
  module_hotfixes:
    description:
      - Whether packages are available that the modularity of RHEL 8 would hide. If left out, it is
        what the project says; if that says nothing, an existing line stays.
    type: bool
  gpgcheck:
    description:
      - Whether signatures of packages are verified. The module never switches this off by itself.
        The exception are runtime dependencies outside Copr, for which Copr knows no key; there an
        existing C(gpgcheck=1) stays, and a warning is shown otherwise.
    type: bool
    default: true
  gpgkey:
    description:
      - Address or C(file://) URL of the key of the project's packages. If left out, it is the
        project's key on the server.
    type: str
  runtime_dependencies:
    description:
      - Whether the file also has the repositories that the project names as runtime dependencies.
        O(priority), O(includepkgs), O(excludepkgs) and the like do not apply to these.
    type: bool
    default: true
  multilib:
    description:
      - Whether the file also has the repository of the other architecture, C(i386) beside
        C(x86_64), if the project offers it for this.
    type: bool
    default: true
  mode:
    description: Permissions of the file, as in M(ansible.builtin.copy).
    default: "0644"
  backup:
    description:
      - Whether to keep a copy of the file beside it, with a timestamp, before changing it. It is
        not kept of a file that is removed.
    type: bool
    default: false
notes:
  - Options such as O(priority) that are null are set back to what the project says.
  - Further lines of the file are kept, and named in RV(unmanaged). Lines are corrected in their
    place.
  - Options of the connection to Copr are used on the controller. C(environment) of the task applies
    to the host only.
seealso:
  - module: fedora.copr.copr_build
  - module: ansible.builtin.dnf
  - plugin: fedora.copr.repo_url
    plugin_type: lookup
"""

EXAMPLES = r"""
- name: Enable a project, whatever the distribution of the host
  fedora.copr.copr_repo:
    project: "@packagers/hello"
  become: true

- name: Take only one package from a project
  fedora.copr.copr_repo:
    project: packager/hello
    includepkgs: [hello, hello-libs]
    priority: 90

- name: Have the repository in an image, switched off, for the release of the image
  fedora.copr.copr_repo:
    project: packager/hello
    root: /var/tmp/image
    chroot: fedora-43-x86_64
    state: disabled

- name: Test the packages of a pull request
  fedora.copr.copr_repo:
    project: packager/hello
    dirname: hello:pr:17

- name: Remove the repository again
  fedora.copr.copr_repo:
    project: packager/hello
    state: absent
"""

RETURN = r"""
path:
  description: The file.
  returned: success
  type: str
  sample: /etc/yum.repos.d/_copr:copr.example.org:packager:hello.repo
chroot:
  description: The chroot that the host takes; V(null) if Copr was not asked.
  returned: success
  type: str
  sample: fedora-43-x86_64
repositories:
  description: The repositories of the project in the file, and those that it needs.
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
      description: Its id, as C(dnf --repo) takes it.
      type: str
      returned: always
    baseurl:
      description: Its address.
      type: str
      returned: always
    enabled:
      description: Whether dnf uses it.
      type: bool
      returned: always
    gpgcheck:
      description: Whether dnf verifies signatures.
      type: bool
      returned: always
unmanaged:
  description: What the file has beside what this module writes, and what it leaves alone.
  returned: success
  type: list
  elements: dict
  sample:
    - id: copr:copr.example.org:packager:hello
      options: [metadata_expire]
  contains:
    id:
      description: The id of a repository.
      type: str
      returned: always
    options:
      description:
        - The names of the options that are left alone, without their values.
        - V(null) for a repository that does not belong to the project.
      type: list
      elements: str
      returned: always
backup_file:
  description: The copy of the file as it was before.
  returned: if O(backup=true) and the file changed
  type: str
  sample: /etc/yum.repos.d/_copr:copr.example.org:packager:hello.repo.17294.2026-11-25@14:03:10~
error:
  description:
    - What went wrong, for a playbook to act on. RV(error.kind) is one of V(authentication),
      V(bot_wall), V(build_failed), V(configuration), V(conflict), V(invalid), V(local_file),
      V(not_found), V(permission), V(server), V(timeout), V(unreachable). The collection's
      C(docs/errors.md) tells what each means, and what to do.
  returned: when the task fails, unless its options are wrong
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
      description: The sort of failure.
      type: str
      returned: always
      sample: not_found
    status:
      description: HTTP status of the answer; V(null) if there was none.
      type: int
      returned: always
      sample: 404
    method:
      description: HTTP method of the request that failed; V(null) if none did.
      type: str
      returned: always
      sample: GET
    path:
      description: What was requested; V(null) if no request failed.
      type: str
      returned: always
      sample: project
    server_message:
      description: What Copr said, unchanged; V(null) if it said nothing.
      type: str
      returned: always
      sample: Project packager/hello does not exist.
    attempts:
      description: How often the request was sent.
      type: int
      returned: always
      sample: 1
"""

from typing import Any, cast

from ansible.module_utils.basic import FILE_COMMON_ARGUMENTS
from ansible_collections.fedora.copr.plugins.module_utils.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils.task import Module, Task
from ansible_collections.fedora.copr.plugins.module_utils.wire.errors import CoprError

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
    """Fail: what this module does is done by the action plugin of the same name."""
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
