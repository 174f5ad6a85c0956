#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_results
short_description: Fetch packages, logs and specs of Copr builds into a folder
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Fetches the files that builds in Copr have left. It is for a CI that tests or publishes the
    packages, for a mirror of one's own, and for those who keep the logs of what failed. To install
    packages on a host, enable the project's repository there in place of this.
  - Each file gets the path C(BUILD/CHROOT/FILE) below O(dest), such as
    C(4711/fedora-43-x86_64/hello-2.12-1.x86_64.rpm), so that no file of a build or chroot replaces
    that of another. The folder C(source) has the files of the build of the source RPM.
  - A file gets its name when it is whole. Until then it is C(.FILE.part) beside it. Its size must
    be the one that the server announces, and the header and payload of an RPM must fit the digests
    in it. Signatures are not verified.
  - A file that is there, and is right by the same measure, is not fetched again. A transfer that
    was cut off is continued, by the next try or the next task.
  - Works with both storages of Copr, its own backend and Pulp. Needs no login.
extends_documentation_fragment:
  - fedora.copr.connection
  - fedora.copr.attributes
options:
  build_ids:
    description:
      - Numbers of the builds, which may be of several projects. Each must have ended in the chroots
        that are meant; M(fedora.copr.copr_build_wait) waits for that.
      - Null, which check mode gives as the number of a build that would be submitted, is left out.
        Its files can't be told, so that RV(files) lacks them.
    type: list
    elements: raw
    required: true
  dest:
    description:
      - Folder on the host that runs the task. It is made if it is missing. Nothing outside of it is
        written; a link below it that leads elsewhere is an error. Files in it that no build has are
        left alone.
      - On the controller, a relative path is looked up in the directory of the playbook, then in
        the one in which C(ansible-playbook) was started, and is made in the former if it is in
        neither. With a playbook of this collection, it is in the latter. On other hosts, use an
        absolute path.
    type: path
    required: true
  chroots:
    description:
      - Fetch only what was built in these chroots, named or matched by shell patterns. If left out,
        all chroots of the builds are meant. Each must fit a chroot of one of the builds.
      - Source RPM, spec and the log of the source belong to no chroot, and are fetched all the
        same.
    type: list
    elements: str
  what:
    description:
      - Which files to fetch. Where a build has none of a sort, it is an error, and nothing is
        fetched.
      - V(rpms) are the packages of the chroots in which the build succeeded, with those of
        debugging symbols. If it failed in some of the chroots, there is a warning.
      - V(srpm) is the source RPM, V(spec) its spec file. They come from the build of the source. A
        build that came with a fork has none, and then they come from its chroots.
      - V(logs) are all files that end in C(.log) or C(.log.gz), of the chroots and of the source,
        also where the build failed.
    type: list
    elements: str
    choices: [rpms, srpm, logs, spec]
    default: [rpms]
  progress:
    description:
      - Whether a transfer that takes long shows line by line how far it has come. It can do so only
        while the task runs inside the controller, as it usually does on C(localhost).
    type: bool
    default: true
attributes:
  check_mode:
    description: Tells which files would be fetched, and writes nothing.
    support: full
  diff_mode:
    description: Shows each file that is fetched, with its size.
    support: full
  idempotent:
    description: Run again with the same options, it fetches nothing.
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

- name: Fetch its packages for the tests
  fedora.copr.copr_results:
    build_ids: "{{ hello.builds | map(attribute='id') }}"
    dest: results
    chroots: ["fedora-*-x86_64"]
  register: fetched

- name: Install them where they are tested
  ansible.builtin.dnf:
    name: "{{ fetched.files | map(attribute='path') }}"
    disable_gpg_check: true

- name: Keep the logs of two builds, whatever became of them
  fedora.copr.copr_results:
    build_ids: [4711, 4712]
    dest: /srv/logs
    what: [logs]
"""

RETURN = r"""
files:
  description:
    - The files that were asked for. If the task fails, those of them that are there.
    - C(size) is in bytes; in check mode it is null if the host does not tell it. C(chroot) is
      V(source) for the build of the source RPM. C(changed) is whether the file was fetched, or in
      check mode would be.
  returned: always, also when fetching failed
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

import os
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils.builds.fetched import have_files
from ansible_collections.fedora.copr.plugins.module_utils.builds.lookup import require_builds
from ansible_collections.fedora.copr.plugins.module_utils.builds.results import (
    KINDS,
    Found,
    find_files,
)
from ansible_collections.fedora.copr.plugins.module_utils.lock import one_at_a_time
from ansible_collections.fedora.copr.plugins.module_utils.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils.nouns.build import numbers_of
from ansible_collections.fedora.copr.plugins.module_utils.task import Module, Task
from ansible_collections.fedora.copr.plugins.module_utils.wire.errors import CoprError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "build_ids": {"type": "list", "elements": "raw", "required": True},
    "dest": {"type": "path", "required": True},
    "chroots": {"type": "list", "elements": "str"},
    "what": {"type": "list", "elements": "str", "choices": KINDS, "default": ["rpms"]},
    "progress": {"type": "bool", "default": True},
}


def run(task: Task) -> dict[str, Any]:
    """Fetch the files."""
    params = task.params
    dest = os.path.realpath(params["dest"])
    with one_at_a_time(task.client, dest, task.say or task.warn):
        found = _found(task)
        for note in found.notes:
            task.warn(note)
        files = have_files(task.client, found, dest, task.record, task.say)
    return {"files": files}


def _found(task: Task) -> Found:
    """Return the files that the task means; with none to look at, what is missing says so."""
    params = task.params
    for option in ("what", "chroots"):
        if params[option] == []:
            raise CoprError("invalid", f"{option} is empty, so that there is nothing to fetch.")
    numbers = numbers_of(params["build_ids"])
    if not numbers:
        error = CoprError("invalid", "build_ids has no number, so that there is nothing to fetch.")
        return Found(missing=[error])
    builds = require_builds(task.client, numbers)
    return find_files(task.client, builds, params["what"], params["chroots"])


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
