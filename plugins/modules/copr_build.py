#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_build
short_description: Have something built in Copr, once, or cancel and delete builds
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Makes sure that a source is built in a project, in each chroot you ask for. What has been built
    from the same source, or is being built, is not built again; only missing chroots are submitted.
    Builds that failed or were canceled are submitted again.
  - A source RPM (O(srpm) or O(url)) is the same source if its name, epoch, version and release are
    the same. A O(url) does not tell the epoch, so that any epoch will do. It is also the same
    source if it was built from the same address before, whatever version came of it.
  - The other kinds are the same source if all that describes them is the same, after the server's
    defaults and after what the server does to texts, such as cutting blanks and line ends around
    them. Options that say how to build do not count.
  - A build that was not read yet has only the file name of its source RPM, from which Copr drops
    characters such as C(~), C(^) and C(+). It is compared by the header of the uploaded file.
    Where that can't be had, a task with O(wait=true) waits until the source was read and compares
    name and version then. A task with O(wait=false) submits a build of its own.
  - A C(.spec) file has no version before it is built. It is the same source if a spec of the same
    file name and with the same text was uploaded before; a C(.spec) O(url), if the address is.
  - To find earlier builds, the newest 100 of the project are looked at, and in larger projects the
    newest 100 of the package where the source tells its name. The address that a build came from
    costs a request to find out. If the file name in a O(url) is that of another version, the newest
    25 builds of the project are asked for it, and those whose version is the same but for
    punctuation.
  - A submission whose answer is lost is never blindly repeated. The build is looked for first, so
    that a bad network makes no duplicates.
  - Tasks on the same machine look for builds and submit them to a project one at a time, so that a
    task that runs for many hosts submits once. Where tasks on two machines submit the same build at
    the same moment, the younger build is canceled while it is still pending, and both tasks use the
    older one; a warning says so.
  - Also cancels and deletes builds by their ids.
extends_documentation_fragment:
  - fedora.copr.connection
  - fedora.copr.build
  - fedora.copr.sources.to_build
  - fedora.copr.wait
  - fedora.copr.attributes
  - fedora.copr.attributes.changes
attributes:
  idempotent:
    support: partial
    details:
      - With O(force=true) every run submits.
options:
  project:
    description:
      - The project, as V(owner/name), or V(@group/name) for a project of a group, or V(name) for
        one of your own.
      - Needed for O(state=present). With the other states it is optional, and a build of another
        project is then an error.
    type: str
  state:
    description:
      - V(present) builds what is missing, from exactly one kind of source.
      - V(canceled) cancels those of O(build_ids) that are not finished.
      - V(absent) deletes O(build_ids) and what they built.
    type: str
    choices: [present, canceled, absent]
    default: present
  build_ids:
    description:
      - The builds to cancel or delete. Those that are gone already are no error.
    type: list
    elements: int
  url:
    description:
      - Addresses of source RPMs or spec files. Each is a build of its own, with its own identity.
      - Must be http or https, and the path must end with C(.src.rpm), C(.nosrc.rpm) or C(.spec).
      - If the file name is not of the usual form C(name-version-release.src.rpm), the address as a
        whole is the identity. Addresses are compared decoded, so that C(%2B) is C(+).
    type: list
    elements: str
  srpm:
    description:
      - Paths of source RPMs (C(.src.rpm), C(.nosrc.rpm)) or C(.spec) files on the host that runs
        the task, or shell patterns such as V(dist/*.src.rpm). Each file is a build of its own. A
        pattern that fits no file is an error.
      - A file is streamed to the server, after the server said that it would take it.
      - On the controller, a relative path is looked up in the directory of the playbook, then in
        the one in which C(ansible-playbook) was started. With a playbook of this collection, it is
        looked up in the latter only. On other hosts, use an absolute path.
    type: list
    elements: path
  package:
    description:
      - Name of a package whose source is stored in the project. It is built as it is described
        there now; if that changes, it is a new source.
    type: str
  pin:
    description:
      - With O(scm) or O(distgit), look up which commit the branch or tag is now, and build that.
        A branch that has moved is then a new source. Needs C(git) on the host that runs the task.
    type: bool
    default: false
  force:
    description: Build again, whatever there is.
    type: bool
    default: false
  may_fail:
    description:
      - Chroots in which a build may fail, names or patterns, such as V(fedora-rawhide-*). A failure
        there is a warning, and is among RV(failures). A source that failed there before is not
        built there again, unless you set O(force=true).
      - A failure of the build of the source RPM fails the task, unless all chroots may fail.
    type: list
    elements: str
    default: []
  ended_chroots:
    description:
      - What to do about chroots in O(chroots) that the server no longer offers, but that the
        project had. V(warn) leaves them out with a warning that tells the days until Copr deletes
        what was built in them. V(fail) fails.
    type: str
    choices: [warn, fail]
    default: warn
  dirname:
    description:
      - Directory of the project to build into, as V(project:custom:name) or V(project:pr:17). It is
        made when needed.
    type: str
  after_build_id:
    description:
      - Start only when the batch of this build has ended. Copr goes on whether it succeeded or not.
    type: int
  with_build_id:
    description: Put the build into the same batch as this one.
    type: int
  wait:
    description:
      - Whether to wait until all builds are finished, and to fail if one of them failed in a chroot
        that was asked for. Builds that were found and not submitted are waited for, too.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait. When they are over, the task fails; the builds go on.
    type: float
    default: 7200.0
  verify_hosted:
    description:
      - Whether the task fails if packages that were built are not in the metadata of the
        repositories that users install from, after a minute. Copr keeps this apart from the success
        of a build. Costs two requests for each chroot.
      - Nothing is verified with O(wait=false) and in check mode.
      - If the metadata are packed with zstd, this needs Python 3.14 or the Python library
        C(zstandard) on the host that runs the task. Those of Copr itself are not.
    type: bool
    default: false
  log_lines:
    description:
      - How many lines of a failed chroot's log to return, around the error and from the end. With
        V(0), no log is read.
    type: int
    default: 20
  cancel_running:
    description:
      - Whether O(state=absent) first cancels the builds that are not finished. Copr deletes no such
        builds.
    type: bool
    default: false
seealso:
  - module: fedora.copr.copr_build_info
  - module: fedora.copr.copr_project
"""

EXAMPLES = r"""
- name: A source RPM from this host, in all chroots of the project
  fedora.copr.copr_build:
    project: packager/hello
    srpm: dist/hello-2.12-1.src.rpm

- name: What the main branch is now, on Fedora only
  fedora.copr.copr_build:
    project: packager/hello
    scm:
      clone_url: https://git.example.org/hello.git
      committish: main
    pin: true
    chroots: ["fedora-*"]

- name: Start several builds without waiting for them
  fedora.copr.copr_build:
    project: packager/tools
    url:
      - https://dist.example.org/one-1.0-1.src.rpm
      - https://dist.example.org/two-2.0-1.src.rpm
    wait: false
  register: started

- name: A Python package, into a directory for a pull request
  fedora.copr.copr_build:
    project: packager/hello
    dirname: hello:pr:17
    pypi:
      pypi_package_name: requests
      pypi_package_version: 2.32.3

- name: Give up what was started
  fedora.copr.copr_build:
    state: canceled
    build_ids: "{{ started.builds | map(attribute='id') }}"

- name: Delete builds, running ones too
  fedora.copr.copr_build:
    state: absent
    build_ids: [4711, 4712]
    cancel_running: true
"""

RETURN = r"""
builds:
  description:
    - With O(state=present), the builds that satisfy the task, found or submitted, oldest first. In
      check mode, a build that would be submitted has the id V(null).
    - With the other states, those of O(build_ids) that existed, as they were found.
  returned: always, also when a build failed
  type: list
  elements: dict
  sample:
    - id: 4711
      state: succeeded
      web_url: https://copr.example.org/coprs/build/4711
      ownername: packager
      projectname: hello
      project_dirname: hello
      repo_url: https://download.example.org/results/packager/hello
      source_package:
        name: hello
        version: 2.12-1
        url: https://download.example.org/results/packager/hello/srpm-builds/00004711/hello-2.12-1.src.rpm
      chroots: [fedora-43-x86_64]
      submitter: packager
      submitted_on: 1795292297
      started_on: 1795292310
      ended_on: 1795292377
      is_background: false
      build_chroots:
        - name: fedora-43-x86_64
          state: succeeded
          started_on: 1795292310
          ended_on: 1795292377
          result_url: https://download.example.org/results/packager/hello/fedora-43-x86_64/00004711-hello/
          log_url: https://download.example.org/results/packager/hello/fedora-43-x86_64/00004711-hello/builder-live.log.gz
          packages:
            - name: hello
              epoch: 0
              version: "2.12"
              release: "1"
              arch: x86_64
              nevra: hello-2.12-1.x86_64
  contains:
    id:
      description: Number of the build.
      type: int
      returned: always
      sample: 4711
    state:
      description:
        - One of V(pending), V(starting), V(importing), V(running), V(succeeded), V(failed),
          V(canceled), V(skipped), V(forked), or V(unknown) for one whose chroots all ended before
          it had.
      type: str
      returned: always
      sample: succeeded
    web_url:
      description: The build's page for people.
      type: str
      returned: always
      sample: https://copr.example.org/coprs/build/4711
    source_package:
      description: Name, version and source RPM, as far as they are known yet.
      type: dict
      returned: always
      sample:
        name: hello
        version: 2.12-1
        url: null
    chroots:
      description: Names of the chroots the build is for.
      type: list
      elements: str
      returned: always
      sample: [fedora-43-x86_64]
    build_chroots:
      description:
        - State, times, addresses and built packages of each chroot; V(null) if they were not read,
          as with O(wait=false). Times may stay V(null).
      type: list
      elements: dict
      returned: always
      sample: []
skipped_chroots:
  description:
    - The requested chroots in which Copr built nothing, because C(ExclusiveArch) or C(ExcludeArch)
      of the package leaves out their architecture. A build that was skipped in all of them also
      triggers a warning.
    - Empty in check mode, and with O(wait=false).
  returned: with O(state=present)
  type: list
  elements: dict
  sample:
    - build_id: 4711
      package: hello
      chroot: fedora-43-aarch64
failures:
  description:
    - The chroots that failed, also those in O(may_fail). C(source) stands for the build of the
      source RPM.
    - C(cause) is the line of the log that says why, C(log_excerpt) what stands around it, and
      C(log_tail) the end of the log, where mock and Copr report. Only the logs of the first ten
      failures are read.
  returned: with O(state=present)
  type: list
  elements: dict
  sample:
    - build_id: 4712
      package: hello
      chroot: epel-10-x86_64
      state: failed
      log_url: https://download.example.org/results/packager/hello/epel-10-x86_64/00004712-hello/builder-live.log.gz
      cause: "hello.c:7:12: error: 'answer' undeclared (first use in this function)"
      log_excerpt:
        - "hello.c: In function 'main':"
        - "hello.c:7:12: error: 'answer' undeclared (first use in this function)"
        - "make: *** [Makefile:12: hello.o] Error 1"
      log_tail:
        - "Copr build error: Build failed"
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

from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils.builds import removal
from ansible_collections.fedora.copr.plugins.module_utils.builds.ensure import ensure
from ansible_collections.fedora.copr.plugins.module_utils.builds.lookup import fetch_builds
from ansible_collections.fedora.copr.plugins.module_utils.builds.options import (
    BATCH_OPTIONS,
    BUILD_OPTIONS,
    chosen_options,
)
from ansible_collections.fedora.copr.plugins.module_utils.builds.order import Order
from ansible_collections.fedora.copr.plugins.module_utils.builds.waiting import Patience
from ansible_collections.fedora.copr.plugins.module_utils.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils.nouns.build import show
from ansible_collections.fedora.copr.plugins.module_utils.nouns.normal import stripped
from ansible_collections.fedora.copr.plugins.module_utils.nouns.selection import ChrootNames
from ansible_collections.fedora.copr.plugins.module_utils.plan import carry_out
from ansible_collections.fedora.copr.plugins.module_utils.sources.chosen import (
    SOURCES,
    sources_of,
)
from ansible_collections.fedora.copr.plugins.module_utils.sources.kinds import STORED_KINDS
from ansible_collections.fedora.copr.plugins.module_utils.task import WAIT_SPEC, Module, Task

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "project": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "canceled", "absent"], "default": "present"},
    "build_ids": {"type": "list", "elements": "int"},
    "url": {"type": "list", "elements": "str"},
    "srpm": {"type": "list", "elements": "path"},
    **{name: kind.option(pin=True) for name, kind in STORED_KINDS.items()},
    "package": {"type": "str"},
    "pin": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
    "chroots": {"type": "list", "elements": "str"},
    "exclude_chroots": {"type": "list", "elements": "str"},
    "ended_chroots": {"type": "str", "choices": ["warn", "fail"], "default": "warn"},
    "may_fail": {"type": "list", "elements": "str", "default": []},
    "dirname": {"type": "str"},
    **BUILD_OPTIONS,
    **BATCH_OPTIONS,
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 7200.0},
    **WAIT_SPEC,
    "verify_hosted": {"type": "bool", "default": False},
    "log_lines": {"type": "int", "default": 20},
    "cancel_running": {"type": "bool", "default": False},
}

CHECKS: dict[str, Any] = {
    "mutually_exclusive": [list(SOURCES)],
    "required_if": [
        ("state", "present", ["project"]),
        ("state", "present", list(SOURCES), True),
        ("state", "canceled", ["build_ids"]),
        ("state", "absent", ["build_ids"]),
    ],
}


def run(task: Task) -> dict[str, Any]:
    """Build, cancel or delete."""
    if task.params["state"] == "present":
        return present(task)
    return ended(task)


def present(task: Task) -> dict[str, Any]:
    """Submit what is missing, and wait for all of it if asked to."""
    params = task.params
    patience = Patience(params["wait_timeout"], params["poll_interval"])
    project = task.project()
    sources, missing = sources_of(task.client, project, params, task.run_command, pin=params["pin"])
    excluded = params["exclude_chroots"] or ()
    order = Order(
        project,
        sources,
        chroots=ChrootNames(params["chroots"], excluded, params["ended_chroots"]),
        dirname=stripped(params["dirname"]) or None,
        options=chosen_options(params, {**BUILD_OPTIONS, **BATCH_OPTIONS}),
        force=params["force"],
        may_fail=params["may_fail"],
        missing=missing,
    )
    return ensure(task, order, patience)


def ended(task: Task) -> dict[str, Any]:
    """Cancel or delete the builds that the task names."""
    params = task.params
    project = task.project() if params["project"] else None
    found = fetch_builds(task.client, params["build_ids"], project)
    if params["state"] == "canceled":
        plan = removal.plan_cancel(task.client, found)
    else:
        plan = removal.plan_delete(task.client, found, cancel_running=params["cancel_running"])
    carry_out(plan, task.record)
    return {"builds": [show(task.client, build) for build in found]}


MODULE = Module(ARGUMENT_SPEC, run, CHECKS)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
