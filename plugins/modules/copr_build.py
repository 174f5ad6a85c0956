#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_build
short_description: Build packages in Copr, and cancel or delete builds
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Ensures that a source is built in each requested chroot of a project. Chroots that already have
    a build of the same source, finished or in progress, are skipped. Builds that failed or were
    canceled are submitted again.
  - Source RPMs (O(srpm) or O(url)) count as the same source if name, epoch, version and release are
    equal. A O(url) does not contain the epoch, so any epoch matches. A build from the same address
    also counts as the same source, regardless of its version.
  - Other kinds count as the same source if their options are equal once the server's defaults are
    filled in and texts are normalized as the server does it, for example by trimming surrounding
    whitespace. Build options are ignored.
  - For a build without an imported source, Copr reports only the file name of the source RPM,
    without characters such as C(~), C(^) and C(+). The module compares such a build by the header
    of the uploaded file. If the header is not available, a task with O(wait=true) waits for the
    import and then compares name and version. A task with O(wait=false) submits a new build.
  - A C(.spec) file has no version before it is built. It counts as the same source if a spec with
    the same file name and content was uploaded before. A spec given by O(url) is compared by its
    address.
  - To find earlier builds, the module reads the newest 100 builds of the project. In larger
    projects it also reads the newest 100 builds of the package, if the package name is known from
    the source. Reading the address that a build was made from costs a request for each build. If
    the file name in a O(url) names a version that is not found, the module reads the addresses of
    the newest 25 builds of the project, and of builds with a version that differs only in
    punctuation.
  - If the response to a submission is lost, the module looks for the build before it submits it
    again, so that network failures do not cause duplicate builds.
  - Tasks on the same machine search and submit one at a time for each project, so a task that runs
    for many hosts submits only once. If tasks on two machines submit the same build at the same
    time, the newer build is canceled while it is still pending, and both tasks use the older one.
    This triggers a warning.
  - The module also cancels and deletes builds by their ids.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._build
  - fedora.copr._sources.to_build
  - fedora.copr._wait
  - fedora.copr._attributes
  - fedora.copr._attributes.changes
requirements:
  - requests-toolbelt (only to upload files with O(srpm))
attributes:
  idempotent:
    support: partial
    details:
      - With O(force=true), every run submits new builds.
options:
  project:
    description:
      - The project, as V(owner/name), V(@group/name) for a group's project, or V(name) for one of
        your own.
      - Required for O(state=present). It is optional for the other states; then it is an error if a
        build belongs to another project.
    type: str
  state:
    description:
      - V(present) submits missing builds. It needs exactly one kind of source.
      - V(canceled) cancels the unfinished builds among O(build_ids).
      - V(absent) deletes the builds in O(build_ids) and their results.
    type: str
    choices: [present, canceled, absent]
    default: present
  build_ids:
    description:
      - Ids of the builds to cancel or delete. Builds that no longer exist are ignored.
      - Null is ignored. In check mode, it is the id of a build that would be submitted.
    type: list
    elements: raw
  url:
    description:
      - Addresses of source RPMs or spec files. Each address is a separate build.
      - An address must use http or https, and its path must end with C(.src.rpm), C(.nosrc.rpm) or
        C(.spec).
      - If the file name does not have the usual form C(name-version-release.src.rpm), builds are
        compared by the whole address. Addresses are decoded before the comparison, so C(%2B) equals
        C(+).
    type: list
    elements: str
  srpm:
    description:
      - Paths of source RPMs (C(.src.rpm), C(.nosrc.rpm)) or C(.spec) files on the host that runs
        the task, or shell patterns such as V(dist/*.src.rpm). Each file is a separate build. It is
        an error if a pattern matches no file.
      - A file is uploaded only after the server has confirmed that it would accept the build.
      - On the controller, a relative path is looked up in the directory of the playbook, then in
        the directory in which C(ansible-playbook) was started. With a playbook of this collection,
        it is looked up in the latter only. On other hosts, use an absolute path.
    type: list
    elements: path
  package:
    description:
      - Name of a package with a source that is stored in the project. Its current definition is
        used. If the definition changes, it counts as a new source.
    type: str
  pin:
    description:
      - With O(scm) or O(distgit), look up the commit to which the branch or tag currently points,
        and build that commit. A branch with new commits then counts as a new source. Needs C(git)
        on the host that runs the task.
    type: bool
    default: false
  force:
    description: Always submit a new build.
    type: bool
    default: false
  may_fail:
    version_added: 1.0.0
    description:
      - Chroots in which a build may fail, as names or patterns such as V(fedora-rawhide-*). A
        failure in one of them triggers a warning, and is included in RV(failures). A source that
        has failed in such a chroot is not built there again, unless O(force=true).
      - If the source RPM can't be built, the task fails, unless all chroots may fail.
    type: list
    elements: str
    default: []
  ended_chroots:
    version_added: 1.0.0
    description:
      - What to do about chroots in O(chroots) that the project had, but that the server no longer
        offers. V(warn) leaves them out with a warning, which states the days until Copr deletes
        their builds. V(fail) fails.
    type: str
    choices: [warn, fail]
    default: warn
  dirname:
    description:
      - Directory of the project to build into, as V(project:custom:name) or V(project:pr:17). It is
        created if it does not exist.
    type: str
  after_build_id:
    description:
      - Start after this build's batch has finished, whether it succeeded or failed.
    type: int
  with_build_id:
    description: Put the build into the same batch as this existing build.
    type: int
  wait:
    description:
      - Whether to wait until all builds are finished, and to fail if a build failed in a requested
        chroot. This includes existing builds that the task did not submit.
    type: bool
    default: true
  wait_timeout:
    description:
      - Seconds to wait. After that, the task fails. The builds continue.
    type: float
    default: 7200.0
  verify_hosted:
    version_added: 1.0.0
    description:
      - Whether to fail if the built packages do not appear within a minute in the metadata of the
        repositories that users install from. In Copr, a build can succeed even if they do not
        appear there. Costs two requests for each chroot.
      - Nothing is verified with O(wait=false) or in check mode.
      - Metadata compressed with zstd need Python 3.14 or the Python library C(zstandard) on the
        host that runs the task. Copr itself does not use zstd.
    type: bool
    default: false
  log_lines:
    description:
      - How many lines of a failed chroot's log to return, around the error and from the end. With
        V(0), logs are not read.
    type: int
    default: 20
  cancel_running:
    description:
      - Whether O(state=absent) first cancels unfinished builds. Copr refuses to delete unfinished
        builds.
    type: bool
    default: false
seealso:
  - module: fedora.copr.copr_build_info
  - module: fedora.copr.copr_project
"""

EXAMPLES = r"""
- name: Build a source RPM from this host in all chroots of the project
  fedora.copr.copr_build:
    project: packager/hello
    srpm: dist/hello-2.12-1.src.rpm

- name: Build the current commit of the main branch, on Fedora only
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

- name: Build a Python package into a directory for a pull request
  fedora.copr.copr_build:
    project: packager/hello
    dirname: hello:pr:17
    pypi:
      pypi_package_name: requests
      pypi_package_version: 2.32.3

- name: Cancel the builds started above
  fedora.copr.copr_build:
    state: canceled
    build_ids: "{{ started.builds | map(attribute='id') }}"

- name: Delete builds, including running ones
  fedora.copr.copr_build:
    state: absent
    build_ids: [4711, 4712]
    cancel_running: true
"""

RETURN = r"""
builds:
  description:
    - With O(state=present), the existing and the submitted builds for the task, oldest first. In
      check mode, a build that would be submitted has the id V(null).
    - With the other states, those builds of O(build_ids) that existed, in the state before the
      task.
  returned: always, even if a build failed
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
      description: Id of the build.
      type: int
      returned: always
      sample: 4711
    state:
      description:
        - One of V(pending), V(starting), V(importing), V(running), V(succeeded), V(failed),
          V(canceled), V(skipped), V(forked) or V(unknown). A build is V(unknown) if all of its
          chroots reached their end of life before it finished.
      type: str
      returned: always
      sample: succeeded
    web_url:
      description: Address of the build's web page.
      type: str
      returned: always
      sample: https://copr.example.org/coprs/build/4711
    source_package:
      description: Name, version and source RPM, as far as they are already known.
      type: dict
      returned: always
      sample:
        name: hello
        version: 2.12-1
        url: null
    chroots:
      description: Names of the chroots of the build.
      type: list
      elements: str
      returned: always
      sample: [fedora-43-x86_64]
    build_chroots:
      description:
        - State, times, addresses and built packages of each chroot. V(null) if they were not read,
          as with O(wait=false). Times can be V(null) even for finished builds.
      type: list
      elements: dict
      returned: always
      sample: []
skipped_chroots:
  description:
    - The requested chroots that Copr skipped because C(ExclusiveArch) or C(ExcludeArch) of the
      package excludes their architecture. A build that was skipped in all of them also triggers a
      warning.
    - Empty in check mode and with O(wait=false).
  returned: when O(state=present)
  type: list
  elements: dict
  sample:
    - build_id: 4711
      package: hello
      chroot: fedora-43-aarch64
failures:
  description:
    - The chroots that failed, including those in O(may_fail). C(source) stands for the build of the
      source RPM.
    - C(cause) is the log line with the cause of the failure, C(log_excerpt) contains the lines
      around it, and C(log_tail) the end of the log, with the messages of Mock and Copr. Only the
      logs of the first ten failures are read.
  returned: when O(state=present)
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

from ansible_collections.fedora.copr.plugins.module_utils._copr.builds import removal
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.ensure import ensure
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.lookup import fetch_builds
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.options import (
    BATCH_OPTIONS,
    BUILD_OPTIONS,
    chosen_options,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.order import Order
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.waiting import Patience
from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import numbers_of, show
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.normal import stripped
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.selection import ChrootNames
from ansible_collections.fedora.copr.plugins.module_utils._copr.plan import carry_out
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.chosen import (
    SOURCES,
    sources_of,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.sources.kinds import STORED_KINDS
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import WAIT_SPEC, Module, Task

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "project": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "canceled", "absent"], "default": "present"},
    "build_ids": {"type": "list", "elements": "raw"},
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
    """Submit missing builds, and wait for all builds if the task wants it."""
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
    found = fetch_builds(task.client, numbers_of(params["build_ids"]), project)
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
