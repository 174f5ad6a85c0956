#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_chroot
short_description: Manage the chroot settings of a Copr project
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Configures builds in the chroots of a project, for one chroot or for many in one task.
  - Omitted options are left unchanged. Null resets an option to Copr's default, and an empty list
    clears it.
  - To enable or disable chroots, use M(fedora.copr.copr_project).
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._project
  - fedora.copr._attributes
  - fedora.copr._attributes.changes
options:
  state:
    description:
      - V(present) applies the given settings.
      - V(absent) resets all settings to Copr's defaults.
    type: str
    choices: [present, absent]
    default: present
  chroot:
    description:
      - Name of an enabled chroot, or a shell pattern such as V(epel-*), which selects all enabled
        chroots that match.
      - It is an error if nothing matches. In check mode, the module assumes that an earlier task
        enables any chroot that the server offers.
      - A chroot that the project had, but that the server no longer offers, is left out with a
        warning.
    type: str
  additional_packages: &additional_packages
    description: Packages to install before each build.
    type: list
    elements: str
  additional_repos: &additional_repos
    description:
      - Additional repositories that builds use, as URLs or as V(copr://owner/project).
    type: list
    elements: str
  additional_modules: &additional_modules
    description:
      - Modules to enable, as V(name:stream), or to disable, as V(!name:stream), before each build.
    type: list
    elements: str
  with_opts: &with_opts
    description: Build conditions to enable, as with C(rpmbuild --with).
    type: list
    elements: str
  without_opts: &without_opts
    description: Build conditions to disable, as with C(rpmbuild --without).
    type: list
    elements: str
  comps: &comps
    description:
      - Path of a comps file on the host that runs the task. Null removes an existing comps file.
      - Copr reports only the name of the file. The module therefore uploads the file under a name
        that contains a digest of its content. A file that was uploaded under another name is
        uploaded again.
    type: path
  bootstrap: &bootstrap
    description:
      - How Mock sets up its bootstrap chroot. V(unchanged) uses the project's setting.
      - Copr never reports this setting. It is sent together with other changes. On its own it does
        not cause a change. See RV(unverified).
    type: str
    choices: ["unchanged", "default", "on", "off", "image", "custom_image"]
  bootstrap_image: &bootstrap_image
    description:
      - Container image for O(bootstrap=custom_image), such as V(fedora:43). Copr never reports this
        setting. See O(bootstrap) for when it is sent.
    type: str
  isolation: &isolation
    description: How Mock isolates builds. V(unchanged) uses the project's setting.
    type: str
    choices: ["unchanged", "default", "nspawn", "simple"]
  chroots:
    description:
      - Several chroots with their settings. If several entries select the same chroot, the last
        entry takes precedence for each option.
    type: list
    elements: dict
    suboptions:
      chroot:
        description: Name of an enabled chroot, or a shell pattern.
        type: str
        required: true
      additional_packages: *additional_packages
      additional_repos: *additional_repos
      additional_modules: *additional_modules
      with_opts: *with_opts
      without_opts: *without_opts
      comps: *comps
      bootstrap: *bootstrap
      bootstrap_image: *bootstrap_image
      isolation: *isolation
  purge:
    description:
      - Whether to reset all chroots that O(chroots) does not select to Copr's defaults. Chroots for
        which only O(bootstrap) is set are left unchanged, because Copr does not report this
        setting. Only with O(state=present).
    type: bool
    default: false
seealso:
  - module: fedora.copr.copr_chroot_info
  - module: fedora.copr.copr_project
"""

EXAMPLES = r"""
- name: Install the EPEL macros in all enabled EPEL chroots
  fedora.copr.copr_chroot:
    project: packager/hello
    chroot: epel-*
    additional_packages: [epel-rpm-macros]

- name: Configure some chroots, and reset all others
  fedora.copr.copr_chroot:
    project: "@packagers/hello"
    chroots:
      - {chroot: fedora-*, with_opts: [tests]}
      - {chroot: fedora-rawhide-x86_64, isolation: simple}
    purge: true

- name: Remove the additional repositories of a chroot
  fedora.copr.copr_chroot:
    project: packager/hello
    chroot: fedora-43-x86_64
    additional_repos: null
"""

RETURN = r"""
chroots:
  description:
    - The chroots that the task selects, with their settings, as M(fedora.copr.copr_chroot_info)
      returns them.
  returned: success; on failure, the chroots that were changed before it
  type: list
  elements: dict
  sample:
    - name: epel-10-x86_64
      settings:
        additional_modules: []
        additional_packages: [epel-rpm-macros]
        additional_repos: []
        comps_name: null
        delete_after_days: null
        isolation: unchanged
        mock_chroot: epel-10-x86_64
        ownername: packager
        projectname: hello
        with_opts: []
        without_opts: []
  contains:
    name:
      description: Name of the chroot.
      type: str
      returned: always
      sample: epel-10-x86_64
    settings:
      description: Settings of the chroot in the project, as the API returns them.
      type: dict
      returned: always
      sample:
        additional_packages: [epel-rpm-macros]
unmanaged:
  description: Existing items that the task does not mention.
  returned: success
  type: dict
  sample:
    chroots: [fedora-43-x86_64]
  contains:
    chroots:
      description:
        - Enabled chroots that have settings and that O(chroots) does not select. Empty if
          O(chroots) is omitted.
      type: list
      elements: str
      returned: always
      sample: [fedora-43-x86_64]
unverified:
  description:
    - Given options that Copr never reports, so their current values cannot be verified.
  returned: success
  type: list
  elements: str
  sample: [bootstrap]
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

from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.chroot import CHROOT
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.reconcile import manager_of

MODULE = manager_of(CHROOT)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
