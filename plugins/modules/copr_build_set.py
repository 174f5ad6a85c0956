#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_build_set
short_description: Build many packages in Copr, each after those that it needs
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Makes sure that all builds of a set are there, as M(fedora.copr.copr_build) does for one. A
    build is submitted once those that it comes after have succeeded, and are in the repositories
    that Copr builds with.
  - Run it again to go on after a failure, or after you have interrupted it. What has been built
    from the same source is not built again, and what is being built is waited for. Builds that
    failed or were canceled are submitted again. What counts as the same source is told by
    M(fedora.copr.copr_build).
  - A build that is there already counts as it is, even if one that it comes after is still to be
    built. To build all of them again, use O(force=true).
  - After a failure, builds that come after the failed one are not submitted; others are. See
    O(on_failure).
  - Copr's own batches (C(after_build_id)) keep an order, too, but go on after a failure. They are
    not used.
  - To find earlier builds, as many of the newest builds of the project are looked at as twice the
    set has, at least 100, and in larger projects the newest 100 of the packages that are not among
    them.
  - Costs one request for each submission. A look at the builds reads the newest page of the
    project's list, or as many as there are builds at work. With O(needs_repo=true), two more
    requests are made for each chroot when builds are done that others come after.
extends_documentation_fragment:
  - fedora.copr.connection
  - fedora.copr.build
  - fedora.copr.build.set
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
        one of your own. All builds of a set are in one project.
    type: str
    required: true
  dirname:
    description:
      - Directory of the project to build into, as V(project:custom:name). It is made when needed.
    type: str
  ended_chroots:
    description:
      - What to do about chroots that the server no longer offers, but that the project had.
        V(warn) leaves them out with a warning, V(fail) fails.
    type: str
    choices: [warn, fail]
    default: warn
  may_fail:
    description:
      - Chroots in which builds may fail, names or patterns. A build that failed only there counts
        as done.
    type: list
    elements: str
    default: []
  pin:
    description:
      - With sources that have branches (C(scm) and C(distgit)), look up which commit the branch or
        tag is now, and build that. A branch that has moved is then a new source. Needs C(git) on
        the host that runs the task.
    type: bool
    default: false
  force:
    description: Build all again, whatever there is.
    type: bool
    default: false
  max_in_flight:
    description: How many builds of the set are at work at the same time at most.
    type: int
  on_failure:
    description:
      - What is not submitted any more after a failure. With V(stop_dependents), what comes after
        the failed build. With V(stop_all), all that was not submitted yet; what was is waited for.
        With V(continue), nothing.
      - The task fails in all cases.
    type: str
    choices: [stop_dependents, stop_all, continue]
    default: stop_dependents
  cancel_on_stop:
    description:
      - Whether builds that this task has submitted are canceled when O(on_failure=stop_all) stops
        it.
    type: bool
    default: false
  needs_repo:
    description:
      - Whether a build starts only when what it comes after is in the metadata of the repositories
        that Copr builds with. What is not there 15 minutes after it has succeeded, counts as
        failed.
    type: bool
    default: true
  verify_hosted:
    description:
      - Whether the task fails if packages that were built are not in the metadata of the
        repositories that users install from, after a minute. Copr keeps this apart from the success
        of a build. Costs two more requests for each build.
      - This and O(needs_repo) need Python 3.14 or the Python library C(zstandard) on the host that
        runs the task if the metadata are packed with zstd. Those of Copr itself are not.
    type: bool
    default: false
  wait_timeout:
    description:
      - Seconds to wait, for the whole set. When they are over, the task fails; builds that were
        submitted go on. Run the task again to go on with the rest.
    type: float
    default: 86400.0
  log_lines:
    description:
      - How many lines of a failed chroot's log to return, around the error and from the end. With
        V(0), no log is read.
    type: int
    default: 20
notes:
  - In check mode it tells by RV(levels) and RV(members) what would be built, and in which order.
seealso:
  - module: fedora.copr.copr_build
  - module: fedora.copr.copr_build_wait
  - module: fedora.copr.copr_results
"""

EXAMPLES = r"""
- name: A library, and what is built with it
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

- name: All packages of a project again, the bootstrap of the compiler first
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

- name: Look at the order first
  fedora.copr.copr_build_set:
    project: packager/hello
    builds: "{{ stack }}"
  check_mode: true
  register: plan

- name: Which builds start together
  ansible.builtin.debug:
    var: plan.levels
"""

RETURN = r"""
members:
  description: The builds of the set, those that come first at first.
  returned: always, unless the options are wrong
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
      description: Its name.
      type: str
      returned: always
      sample: hello
    after:
      description: What it comes after.
      type: list
      elements: str
      returned: always
      sample: [libgreet]
    level:
      description: How many others come before it, one after the other.
      type: int
      returned: always
      sample: 1
    state:
      description:
        - V(succeeded) if it is there in all chroots that were asked for; V(building) if it was
          submitted or found and has not ended; V(waiting) if it is still to be submitted;
          V(failed); V(blocked) if it was not submitted because one that it comes after failed; and
          V(stopped) if it was canceled or not submitted because the set was stopped.
      type: str
      returned: always
      sample: succeeded
    chroots:
      description: Where it is needed.
      type: list
      elements: str
      returned: always
      sample: [fedora-43-x86_64]
    build_ids:
      description:
        - The builds that make it, several if they are of different chroots. V(null) stands for one
          that check mode would submit.
      type: list
      elements: int
      returned: always
      sample: [4712]
    blocked_by:
      description: The names of those whose failure keeps it from being submitted.
      type: list
      elements: str
      returned: always
      sample: []
    msg:
      description: Why it failed, if it did not fail in Copr.
      type: str
      returned: always
      sample: null
levels:
  description:
    - Names of the builds in the order in which they are built. Those of one level do not come after
      each other.
  returned: always, unless the options are wrong
  type: list
  elements: list
  sample: [[libgreet], [hello, python-hello]]
summary:
  description: How many builds of the set are in which state.
  returned: always, unless the options are wrong
  type: dict
  sample: {succeeded: 2, building: 0, waiting: 0, failed: 1, blocked: 0, stopped: 0}
builds:
  description:
    - The builds in the form that M(fedora.copr.copr_build) gives them, oldest first.
      C(build_chroots) is read of builds that failed, and with O(verify_hosted=true) of all; of
      others it is V(null).
  returned: always, unless the options are wrong
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
    - The chroots that failed, as M(fedora.copr.copr_build) returns them, also those in which a
      build may fail.
  returned: always, unless the options are wrong
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

from ansible_collections.fedora.copr.plugins.module_utils.builds.sets.make import make_set
from ansible_collections.fedora.copr.plugins.module_utils.builds.sets.options import (
    BUILDS,
    PLACE_OPTIONS,
    wishes_of,
)
from ansible_collections.fedora.copr.plugins.module_utils.builds.sets.run import Rules
from ansible_collections.fedora.copr.plugins.module_utils.builds.waiting import Patience
from ansible_collections.fedora.copr.plugins.module_utils.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils.task import WAIT_SPEC, Module, Task
from ansible_collections.fedora.copr.plugins.module_utils.wire.errors import CoprError

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
