#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_build_wait
short_description: Wait for builds in Copr to finish
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Waits until all given builds have finished, regardless of who submitted them. Fails if one of
    them failed in any chroot, and reports the log line with the cause. The builds may belong to
    several projects.
  - Never submits, cancels or deletes builds.
  - Needs no login.
  - RV(error.kind) distinguishes a failed build from an unreachable server. An outage does not end
    the wait before O(wait_timeout).
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._wait
  - fedora.copr._attributes
  - fedora.copr._attributes.reads
options:
  build_ids:
    description:
      - Ids of the builds. It is an error if one of them does not exist, or if there is none.
      - Null is ignored. In check mode, it is the id of a build that would be submitted.
    type: list
    elements: raw
    required: true
  wait_timeout:
    description: Seconds to wait for all builds together.
    type: float
    default: 7200.0
  may_fail:
    description:
      - Chroots in which a build may fail, as names or patterns. A failure in one of them triggers a
        warning, and is included in RV(failures).
    type: list
    elements: str
    default: []
  on_timeout:
    description:
      - What to do if some builds are unfinished after O(wait_timeout). V(fail) fails. V(return)
        succeeds and returns the current state of the builds. See RV(unfinished). The task still
        fails if a build has failed by then.
    type: str
    choices: [fail, return]
    default: fail
  verify_hosted:
    description:
      - Whether to fail if the built packages do not appear within a minute in the metadata of the
        repositories that users install from. In Copr, a build can succeed even if they do not
        appear there. Costs two requests for each chroot.
      - Nothing is verified in check mode.
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
notes:
  - In check mode, the module does not wait, and returns the current state of the builds.
seealso:
  - module: fedora.copr.copr_build
  - module: fedora.copr.copr_build_info
"""

EXAMPLES = r"""
- name: Submit builds of two projects
  fedora.copr.copr_build:
    project: "{{ item }}"
    url: [https://example.org/hello-2.12-1.src.rpm]
    wait: false
  loop: [packager/hello, packager/hello-next]
  register: submitted

- name: Wait for the builds of both projects
  fedora.copr.copr_build_wait:
    build_ids: "{{ submitted.results | map(attribute='builds') | flatten | map(attribute='id') }}"
    wait_timeout: 3600

- name: Wait for a few minutes, and accept unfinished builds
  fedora.copr.copr_build_wait:
    build_ids: [4711, 4712]
    wait_timeout: 300
    on_timeout: return
  register: waited

- name: Show the unfinished builds
  ansible.builtin.debug:
    var: waited.unfinished
"""

RETURN = r"""
builds:
  description:
    - The builds, as M(fedora.copr.copr_build) returns them, with chroots and packages, in the order
      of O(build_ids).
  returned: always, even if a build failed
  type: list
  elements: dict
  sample:
    - id: 4711
      state: succeeded
      ownername: packager
      projectname: hello
      chroots: [fedora-43-x86_64]
unfinished:
  description: Ids of the unfinished builds.
  returned: success
  type: list
  elements: int
  sample: [4712]
skipped_chroots:
  description:
    - The chroots that Copr skipped because C(ExclusiveArch) or C(ExcludeArch) of the package
      excludes their architecture. A build that was skipped in all of them also triggers a warning.
  returned: success
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
  returned: always, if the task waited for builds
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

from ansible_collections.fedora.copr.plugins.module_utils._copr.builds import report
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.hosting import require_hosted
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.lookup import require_builds
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.waiting import (
    Patience,
    wait,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import (
    is_final,
    no_numbers,
    numbers_of,
    show,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.plan import Plan, carry_out
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import WAIT_SPEC, Module, Task
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "build_ids": {"type": "list", "elements": "raw", "required": True},
    "wait_timeout": {"type": "float", "default": 7200.0},
    "may_fail": {"type": "list", "elements": "str", "default": []},
    "on_timeout": {"type": "str", "choices": ["fail", "return"], "default": "fail"},
    "verify_hosted": {"type": "bool", "default": False},
    "log_lines": {"type": "int", "default": 20},
    **WAIT_SPEC,
}


def run(task: Task) -> dict[str, Any]:
    """Wait for the builds."""
    params = task.params
    patience = Patience(params["wait_timeout"], params["poll_interval"])
    numbers = numbers_of(params["build_ids"])
    builds = require_builds(task.client, numbers)
    missing = [] if numbers else [no_numbers("wait for")]
    if not carry_out(Plan(missing=missing), task.record):
        unfinished = [build["id"] for build in builds if not is_final(build)]
        shown = [show(task.client, build) for build in builds]
        return {
            "builds": shown,
            "failures": [],
            "skipped_chroots": [],
            "unfinished": unfinished,
        }
    watched = wait(task.client, builds, patience, task.say)
    try:
        result = report.told(
            task.client,
            watched,
            mine=[build["id"] for build in builds],
            may_fail=params["may_fail"],
            log_lines=params["log_lines"],
            warn=task.warn,
        )
    except CoprError as error:
        if error.kind != "timeout" or params["on_timeout"] == "fail":
            raise
        result = {**error.result, "skipped_chroots": []}
    if result is not None and params["verify_hosted"]:
        _require_hosted(task.client, result)
    return {**(result or {}), "unfinished": watched.unfinished}


def _require_hosted(client: Client, result: dict[str, Any]) -> None:
    """Raise CoprError if the repositories lack packages of finished builds."""
    ended = [build for build in result["builds"] if is_final(build)]
    needed = {build["id"]: build["chroots"] for build in ended}
    try:
        require_hosted(client, ended, needed)
    except CoprError as error:
        error.result = result
        raise


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
