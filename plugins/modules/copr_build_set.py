#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_build_set
short_description: Build a set of packages in Copr in dependency order
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Ensures that all builds of a set exist, as M(fedora.copr.copr_build) does for a single build. A
    build is submitted after the builds that it depends on have succeeded and are available in the
    repositories that Copr builds with.
  - To continue after a failure or an interruption, run the task again. Sources that have been built
    are not built again, and the task waits for builds in progress. Builds that failed or were
    canceled are submitted again. M(fedora.copr.copr_build) explains what counts as the same source.
  - An existing build counts as done even if a build that it depends on is still missing. To build
    all of them again, use O(force=true).
  - After a failure, builds that depend on the failed one are not submitted. Other builds are. See
    O(on_failure).
  - The module does not use Copr's own batches (C(after_build_id)), because they continue after a
    failure.
  - To find earlier builds, the module reads the newest builds of the project, twice as many as the
    set has, but at least 100. In larger projects it also reads the newest 100 builds of each
    package that is not among them.
  - Each submission costs one request. Each poll reads the newest page of the project's build list,
    or as many pages as the unfinished builds need. With O(needs_repo=true), two more requests are
    made for each chroot when builds finish that others depend on.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._build
  - fedora.copr._build.set
  - fedora.copr._wait
  - fedora.copr._attributes
  - fedora.copr._attributes.changes
requirements:
  - requests-toolbelt (only to upload files with O(builds[].srpm))
attributes:
  idempotent:
    support: partial
    details:
      - With O(force=true), every run submits new builds.
options:
  project:
    description:
      - The project, as V(owner/name), V(@group/name) for a group's project, or V(name) for one of
        your own. All builds of a set are in the same project.
    type: str
    required: true
  dirname:
    description:
      - Directory of the project to build into, as V(project:custom:name). It is created if it does
        not exist.
    type: str
  ended_chroots:
    description:
      - What to do about chroots that the project had, but that the server no longer offers.
        V(warn) leaves them out with a warning. V(fail) fails.
    type: str
    choices: [warn, fail]
    default: warn
  may_fail:
    description:
      - Chroots in which builds may fail, as names or patterns. A build that failed only in such
        chroots counts as successful.
    type: list
    elements: str
    default: []
  pin:
    description:
      - With sources that have branches (C(scm) and C(distgit)), look up the commit to which the
        branch or tag currently points, and build that commit. A branch with new commits then counts
        as a new source. Needs C(git) on the host that runs the task.
    type: bool
    default: false
  force:
    description: Always submit new builds for the whole set.
    type: bool
    default: false
  max_in_flight:
    description: Maximum number of builds of the set that are in progress at the same time.
    type: int
  on_failure:
    description:
      - What to do after a build has failed. V(stop_dependents) does not submit the builds that
        depend on it. V(stop_all) submits no more builds and waits for those in progress.
        V(continue) submits all builds of the set.
      - The task fails in all cases.
    type: str
    choices: [stop_dependents, stop_all, continue]
    default: stop_dependents
  cancel_on_stop:
    description:
      - Whether to cancel the builds submitted by this task when O(on_failure=stop_all) stops it.
    type: bool
    default: false
  needs_repo:
    description:
      - Whether a build starts only when the builds that it depends on are in the metadata of the
        repositories that Copr builds with. A build that is not there 15 minutes after it succeeded
        counts as failed.
    type: bool
    default: true
  verify_hosted:
    description:
      - Whether to fail if the built packages do not appear within a minute in the metadata of the
        repositories that users install from. In Copr, a build can succeed even if they do not
        appear there. Costs two more requests for each build.
      - This option and O(needs_repo) need Python 3.14 or the Python library C(zstandard) on the
        host that runs the task if the metadata are compressed with zstd. Copr itself does not use
        zstd.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to wait for the whole set. After that, the task fails. Submitted builds continue.
        Run the task again to continue with the rest.
    type: float
    default: 86400.0
  log_lines:
    description:
      - How many lines of a failed chroot's log to return, around the error and from the end. With
        V(0), logs are not read.
    type: int
    default: 20
notes:
  - In check mode, RV(levels) and RV(members) show what would be built, and in which order.
seealso:
  - module: fedora.copr.copr_build
  - module: fedora.copr.copr_build_wait
  - module: fedora.copr.copr_results
"""

EXAMPLES = r"""
- name: Build a library, then the packages that depend on it
  fedora.copr.copr_build_set:
    project: packager/hello
    chroots: ["fedora-*"]
    builds:
      - name: libgreet
        url: https://dist.example.org/libgreet-3.0-1.src.rpm
      - name: hello
        srpm: dist/hello-*.src.rpm
        after: [libgreet]
      - name: python-hello
        package: python-hello
        after: [libgreet]
        may_fail: ["*-aarch64"]

- name: Rebuild all packages of a project, starting with the compiler
  fedora.copr.copr_build_set:
    project: "@lang/nightly"
    force: true
    max_in_flight: 20
    on_failure: stop_all
    cancel_on_stop: true
    builds:
      - {name: compiler, package: compiler}
      - {name: runtime, package: runtime, after: [compiler]}
      - {name: tools, package: tools, after: [compiler, runtime]}

- name: Determine the order without building anything
  fedora.copr.copr_build_set:
    project: packager/hello
    builds: "{{ stack }}"
  check_mode: true
  register: plan

- name: Show which builds start together
  ansible.builtin.debug:
    var: plan.levels
"""

RETURN = r"""
members:
  description: The builds of the set, in dependency order.
  returned: always, unless the options are invalid
  type: list
  elements: dict
  sample:
    - name: libgreet
      after: []
      level: 0
      state: succeeded
      chroots: [fedora-43-x86_64]
      build_ids: [4711]
      blocked_by: []
      msg: null
    - name: hello
      after: [libgreet]
      level: 1
      state: building
      chroots: [fedora-43-x86_64]
      build_ids: [4712]
      blocked_by: []
      msg: null
  contains:
    name:
      description: Name of the build.
      type: str
      returned: always
      sample: hello
    after:
      description: Names of the builds that it depends on.
      type: list
      elements: str
      returned: always
      sample: [libgreet]
    level:
      description: Length of the longest chain of builds that must finish before it.
      type: int
      returned: always
      sample: 1
    state:
      description:
        - V(succeeded) if it exists in all requested chroots. V(building) if it was submitted or
          found and is unfinished. V(waiting) if it has not been submitted yet. V(failed) if it
          failed. V(blocked) if it was not submitted because a build that it depends on failed.
          V(stopped) if it was canceled or not submitted because the set was stopped.
      type: str
      returned: always
      sample: succeeded
    chroots:
      description: The requested chroots.
      type: list
      elements: str
      returned: always
      sample: [fedora-43-x86_64]
    build_ids:
      description:
        - Ids of its builds. There are several if different builds cover different chroots. V(null)
          stands for a build that would be submitted in check mode.
      type: list
      elements: int
      returned: always
      sample: [4712]
    blocked_by:
      description: Names of the failed builds that prevent its submission.
      type: list
      elements: str
      returned: always
      sample: []
    msg:
      description: Reason for the failure, if the build did not fail in Copr.
      type: str
      returned: always
      sample: null
levels:
  description:
    - Names of the builds, grouped by level in the order in which they are built. Builds of the same
      level do not depend on each other.
  returned: always, unless the options are invalid
  type: list
  elements: list
  sample: [[libgreet], [hello, python-hello]]
summary:
  description: Number of builds of the set in each state.
  returned: always, unless the options are invalid
  type: dict
  sample: {succeeded: 2, building: 0, waiting: 0, failed: 1, blocked: 0, stopped: 0}
builds:
  description:
    - The builds, as M(fedora.copr.copr_build) returns them, oldest first. C(build_chroots) is read
      for failed builds, or for all builds with O(verify_hosted=true). Otherwise it is V(null).
  returned: always, unless the options are invalid
  type: list
  elements: dict
  sample:
    - id: 4711
      state: succeeded
      ownername: packager
      projectname: hello
      chroots: [fedora-43-x86_64]
failures:
  description:
    - The chroots that failed, as M(fedora.copr.copr_build) returns them, including those in which a
      build may fail.
  returned: always, unless the options are invalid
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

from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.sets.make import make_set
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.sets.options import (
    BUILDS,
    PLACE_OPTIONS,
    wishes_of,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.sets.run import Rules
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.waiting import Patience
from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import WAIT_SPEC, Module, Task
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "project": {"type": "str", "required": True},
    "builds": BUILDS,
    **PLACE_OPTIONS,
    "may_fail": {"type": "list", "elements": "str", "default": []},
    "dirname": {"type": "str"},
    "ended_chroots": {"type": "str", "choices": ["warn", "fail"], "default": "warn"},
    "pin": {"type": "bool", "default": False},
    "force": {"type": "bool", "default": False},
    "max_in_flight": {"type": "int"},
    "on_failure": {
        "type": "str",
        "choices": ["stop_dependents", "stop_all", "continue"],
        "default": "stop_dependents",
    },
    "cancel_on_stop": {"type": "bool", "default": False},
    "needs_repo": {"type": "bool", "default": True},
    "verify_hosted": {"type": "bool", "default": False},
    "wait_timeout": {"type": "float", "default": 86400.0},
    **WAIT_SPEC,
    "log_lines": {"type": "int", "default": 20},
}


def run(task: Task) -> dict[str, Any]:
    """Build the set."""
    params = task.params
    patience = Patience(params["wait_timeout"], params["poll_interval"])
    most = params["max_in_flight"]
    if most is not None and most < 1:
        raise CoprError("invalid", f"max_in_flight must be 1 or more, not {most}.")
    project = task.project()
    return make_set(
        task.client,
        project,
        wishes_of(task.client, project, params, task.run_command),
        Rules(most, params["on_failure"], params["cancel_on_stop"], params["needs_repo"]),
        patience,
        task.record,
        verify_hosted=params["verify_hosted"],
        log_lines=params["log_lines"],
        say=task.say,
    )


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
