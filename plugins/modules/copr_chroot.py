#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_chroot
short_description: Manage what a Copr project has set for its chroots
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Sets how builds in the chroots of a project are made, for one chroot, or for many in one task.
  - An option that you leave out stays as it is. Null sets it back to Copr's default, and an empty
    list makes it empty.
  - It enables and disables no chroot; M(fedora.copr.copr_project) does.
extends_documentation_fragment:
  - fedora.copr.connection
  - fedora.copr.project
  - fedora.copr.attributes
  - fedora.copr.attributes.changes
options:
  state:
    description:
      - V(present) sets what is given.
      - V(absent) sets everything back to Copr's defaults.
    type: str
    choices: [present, absent]
    default: present
  chroot:
    description:
      - Name of an enabled chroot, or a shell pattern such as V(epel-*), which means every enabled
        chroot that it fits.
      - What fits nothing is an error. In check mode, a chroot that the server offers is taken for
        one that an earlier task enables.
      - A chroot that the project had, and that the server no longer offers, is left out with a
        warning.
    type: str
  additional_packages: &additional_packages
    description: Packages that are installed before each build.
    type: list
    elements: str
  additional_repos: &additional_repos
    description: Repositories that builds may use, as URLs or as V(copr://owner/project).
    type: list
    elements: str
  additional_modules: &additional_modules
    description:
      - Modules that are enabled, as V(name:stream), or disabled, as V(!name:stream), before each
        build.
    type: list
    elements: str
  with_opts: &with_opts
    description: Names of features that are built, as with C(rpmbuild --with).
    type: list
    elements: str
  without_opts: &without_opts
    description: Names of features that are left out, as with C(rpmbuild --without).
    type: list
    elements: str
  comps: &comps
    description:
      - Path of a comps file on the host that runs the task. Null removes the one that is there.
      - Copr shows of it only its name. So it is sent under a name that holds a digest of its
        content, and one that was uploaded under another name is sent again.
    type: path
  bootstrap: &bootstrap
    description:
      - How Mock sets up its bootstrap chroot. V(unchanged) leaves it to the project.
      - Copr never shows this. It is sent along with any other change, and alone it changes nothing;
        see RV(unverified).
    type: str
    choices: ["unchanged", "default", "on", "off", "image", "custom_image"]
  bootstrap_image: &bootstrap_image
    description:
      - Container image for V(custom_image), such as V(fedora:43). Copr never shows it; the same as
        for O(bootstrap) holds.
    type: str
  isolation: &isolation
    description: How Mock isolates builds. V(unchanged) leaves it to the project.
    type: str
    choices: ["unchanged", "default", "nspawn", "simple"]
  chroots:
    description:
      - Several chroots with their settings. Where patterns mean the same chroot, the later entry
        wins, option by option.
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
      - Set the chroots that O(chroots) does not mean back to Copr's defaults. Those whose settings
        can't be seen, because only O(bootstrap) is set, are left alone. Only with O(state=present).
    type: bool
    default: false
seealso:
  - module: fedora.copr.copr_chroot_info
  - module: fedora.copr.copr_project
"""

EXAMPLES = r"""
- name: Macros that EPEL needs, in whatever EPEL is enabled
  fedora.copr.copr_chroot:
    project: packager/hello
    chroot: epel-*
    additional_packages: [epel-rpm-macros]

- name: These settings, and none for the other chroots
  fedora.copr.copr_chroot:
    project: "@packagers/hello"
    chroots:
      - {chroot: fedora-*, with_opts: [tests]}
      - {chroot: fedora-rawhide-x86_64, isolation: simple}
    purge: true

- name: No additional repositories any more
  fedora.copr.copr_chroot:
    project: packager/hello
    chroot: fedora-43-x86_64
    additional_repos: null
"""

RETURN = r"""
chroots:
  description:
    - The chroots that the task means, with their settings, in the form that
      M(fedora.copr.copr_chroot_info) gives.
  returned: success, and for those that were changed before a failure
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
      description: What the project has set for the chroot, as the API shows it.
      type: dict
      returned: always
      sample:
        additional_packages: [epel-rpm-macros]
unmanaged:
  description: What is there and was not named by the task.
  returned: success
  type: dict
  sample:
    chroots: [fedora-43-x86_64]
  contains:
    chroots:
      description:
        - Enabled chroots with settings that O(chroots) does not mean; empty without that option.
      type: list
      elements: str
      returned: always
      sample: [fedora-43-x86_64]
unverified:
  description: Options that were given but that no answer of Copr shows.
  returned: success
  type: list
  elements: str
  sample: [bootstrap]
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

from ansible_collections.fedora.copr.plugins.module_utils.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils.nouns.chroot import CHROOT
from ansible_collections.fedora.copr.plugins.module_utils.state.reconcile import manager_of

MODULE = manager_of(CHROOT)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
