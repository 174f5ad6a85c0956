#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_results
short_description: Download packages, logs and spec files of Copr builds
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Downloads the result files of builds in Copr. You can use it to test or publish packages in CI,
    to maintain a mirror, or to archive the logs of failed builds. To install packages on a host,
    enable the project's repository there instead.
  - Each file is stored as C(BUILD/CHROOT/FILE) below O(dest), for example as
    C(4711/fedora-43-x86_64/hello-2.12-1.x86_64.rpm), so files of different builds and chroots never
    overwrite each other. The directory C(source) contains the files of the source build.
  - A file is downloaded as C(.FILE.part) in the same directory, and gets its final name when it is
    complete. Its size must be the one that the server announces. The header and payload of an RPM
    must match the digests in the RPM. Signatures are not verified.
  - An existing file that passes the same checks is not downloaded again. An interrupted download is
    continued by the next attempt or the next task.
  - This works with both storages of Copr, its own backend and Pulp.
  - Needs no login.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._attributes
options:
  build_ids:
    description:
      - Ids of the builds, which may belong to several projects. Each build must be finished in the
        selected chroots. M(fedora.copr.copr_build_wait) waits for that.
      - Null is ignored. In check mode, it is the id of a build that would be submitted. Its files
        are unknown, so RV(files) does not contain them.
    type: list
    elements: raw
    required: true
  dest:
    description:
      - Directory on the host that runs the task. It is created if it does not exist. The module
        never writes outside of this directory. It is an error if a symbolic link in it leads
        elsewhere. Other files in it are left unchanged.
      - On the controller, a relative path is looked up in the directory of the playbook, then in
        the directory in which C(ansible-playbook) was started. If it exists in neither, it is
        created in the former. With a playbook of this collection, the latter is used. On other
        hosts, use an absolute path.
    type: path
    required: true
  chroots:
    description:
      - Download only files from these chroots, as names or shell patterns. Defaults to all chroots
        of the builds. Each name or pattern must match a chroot of one of the builds.
      - Source RPM, spec file and the logs of the source build belong to no chroot. This option does
        not affect them.
    type: list
    elements: str
  what:
    description:
      - Which kinds of files to download. If a build has no files of a kind, it is an error, and
        nothing is downloaded.
      - V(rpms) are the packages from the chroots in which the build succeeded, including packages
        with debug symbols. If the build failed in some of the chroots, this triggers a warning.
      - V(srpm) is the source RPM, and V(spec) its spec file. They come from the source build. A
        forked build has no source build; its files come from the chroots instead.
      - V(logs) are all files with names that end with C(.log) or C(.log.gz), from the chroots and
        the source build, even if the build failed.
    type: list
    elements: str
    choices: [rpms, srpm, logs, spec]
    default: [rpms]
  progress:
    description:
      - Whether to print progress during a long download. This works only if the task runs in the
        controller's own process, as it usually does on C(localhost).
    type: bool
    default: true
attributes:
  check_mode:
    description: Returns the files that would be downloaded, and writes nothing.
    support: full
  diff_mode:
    description: Shows each downloaded file with its size.
    support: full
  idempotent:
    description: A second run with the same options downloads nothing.
    support: full
seealso:
  - module: fedora.copr.copr_build_wait
  - module: fedora.copr.copr_build_info
"""

EXAMPLES = r"""
- name: Build a package
  fedora.copr.copr_build:
    project: packager/hello
    srpm: dist/hello-2.12-1.src.rpm
  register: hello

- name: Download its packages for the tests
  fedora.copr.copr_results:
    build_ids: "{{ hello.builds | map(attribute='id') }}"
    dest: results
    chroots: ["fedora-*-x86_64"]
  register: fetched

- name: Install the packages for the tests
  ansible.builtin.dnf:
    name: "{{ fetched.files | map(attribute='path') }}"
    disable_gpg_check: true

- name: Archive the logs of two builds, even if they failed
  fedora.copr.copr_results:
    build_ids: [4711, 4712]
    dest: /srv/logs
    what: [logs]
"""

RETURN = r"""
files:
  description:
    - The requested files. If the task fails, only those that exist in O(dest).
    - C(size) is in bytes. In check mode, it is V(null) if the server does not report it. C(chroot)
      is V(source) for the source build. C(changed) is V(true) if the file was downloaded, or would
      be downloaded in check mode.
  returned: always, even if a download failed
  type: list
  elements: dict
  sample:
    - path: /srv/results/4711/fedora-43-x86_64/hello-2.12-1.x86_64.rpm
      url: https://download.example.org/results/packager/hello/fedora-43-x86_64/00004711-hello/hello-2.12-1.x86_64.rpm
      size: 71234
      build_id: 4711
      chroot: fedora-43-x86_64
      changed: true
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

import os
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.fetched import have_files
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.lookup import require_builds
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.results import (
    KINDS,
    Found,
    find_files,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.lock import one_at_a_time
from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import (
    no_numbers,
    numbers_of,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "build_ids": {"type": "list", "elements": "raw", "required": True},
    "dest": {"type": "path", "required": True},
    "chroots": {"type": "list", "elements": "str"},
    "what": {"type": "list", "elements": "str", "choices": KINDS, "default": ["rpms"]},
    "progress": {"type": "bool", "default": True},
}


def run(task: Task) -> dict[str, Any]:
    """Download the files."""
    params = task.params
    dest = os.path.realpath(params["dest"])
    with one_at_a_time(task.client, dest, task.say or task.warn):
        found = _found(task)
        for note in found.notes:
            task.warn(note)
        files = have_files(task.client, found, dest, task.record, task.say)
    return {"files": files}


def _found(task: Task) -> Found:
    """Return the requested files; without any build to read, the result's C(missing) says why."""
    params = task.params
    for option in ("what", "chroots"):
        if params[option] == []:
            raise CoprError("invalid", f"{option} is empty. There is nothing to download.")
    numbers = numbers_of(params["build_ids"])
    if not numbers:
        return Found(missing=[no_numbers("download")])
    builds = require_builds(task.client, numbers)
    return find_files(task.client, builds, params["what"], params["chroots"])


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
