#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_build_prune
short_description: Delete old builds of a Copr project
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Keeps the newest builds of each package in each chroot and deletes the older ones. A build for
    several chroots is deleted only if it is not needed in any of them.
  - The newest successful build of each package in each chroot is always kept, and so are unfinished
    builds.
  - Builds are counted separately for each directory of the project.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._project
  - fedora.copr._attributes
  - fedora.copr._attributes.changes
options:
  keep:
    description:
      - How many builds of each package in each chroot to keep, at least V(1). The newest builds are
        kept.
    type: int
    required: true
  states:
    description:
      - Count and delete only builds in these states. Builds in other states are kept, and do not
        count toward O(keep).
      - This is the state of the build as a whole, which is V(failed) if it failed in one of its
        chroots. A build is V(unknown) if all of its chroots reached their end of life before it
        finished.
    type: list
    elements: str
    choices: [canceled, failed, forked, skipped, succeeded, unknown]
    default: [canceled, failed, forked, skipped, succeeded, unknown]
  older_than_days:
    description:
      - Delete only builds that were submitted at least this many days ago. Newer builds also count
        toward O(keep).
    type: int
notes:
  - Chroots that are disabled or have reached their end of life are included as long as they have
    builds.
  - Builds with a source that could not be read belong to no package. Such builds are counted
    together for each directory and chroot. Builds that ended before their chroots were known are
    also counted together.
  - This requires the permission to change the project, regardless of who submitted the builds. Copr
    can't delete builds of a persistent project.
  - Builds are deleted in requests of up to 200. If a request fails, the result lists the builds
    that earlier requests have deleted.
seealso:
  - module: fedora.copr.copr_build
  - module: fedora.copr.copr_build_info
  - module: fedora.copr.copr_package
    description: With its option O(fedora.copr.copr_package#module:max_builds), Copr itself deletes
      old builds of a package, even the newest successful one.
"""

EXAMPLES = r"""
- name: Keep the three newest builds of each package in each chroot
  fedora.copr.copr_build_prune:
    project: packager/hello
    keep: 3

- name: Delete failed and canceled builds that are older than a month
  fedora.copr.copr_build_prune:
    project: packager/hello
    keep: 1
    states: [failed, canceled]
    older_than_days: 30

- name: Keep five successful builds of each package in each chroot
  fedora.copr.copr_build_prune:
    project: "@team/nightly"
    keep: 5
    states: [succeeded]
"""

RETURN = r"""
deleted:
  description:
    - The deleted builds, newest first, in the state before the task. In check mode, the builds that
      would be deleted. Builds that somebody else deleted in the meantime are not included.
  returned: always, even if a request failed after others succeeded
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
      build_chroots: null
kept:
  description: Number of builds of the project that remain, including unfinished ones.
  returned: always, even if a request failed after others succeeded
  type: int
  sample: 12
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

import time
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.pruning import (
    Pruning,
    Rule,
    plan_pruning,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import FINAL, show
from ansible_collections.fedora.copr.plugins.module_utils._copr.plan import carry_out
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

STATES = sorted(FINAL)
DAY = 24 * 60 * 60

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "project": {"type": "str", "required": True},
    "keep": {"type": "int", "required": True},
    "states": {"type": "list", "elements": "str", "choices": STATES, "default": STATES},
    "older_than_days": {"type": "int"},
}


def run(task: Task) -> dict[str, Any]:
    """Delete the builds that the rule does not keep."""
    rule = rule_of(task)
    pruning = plan_pruning(task.client, task.project(), rule)
    try:
        carry_out(pruning.plan, task.record)
    except CoprError as error:
        error.result = {**told(task, pruning), **error.result}
        raise
    return told(task, pruning)


def rule_of(task: Task) -> Rule:
    """Return the rule that the options describe, or raise CoprError (invalid)."""
    keep, days = task.params["keep"], task.params["older_than_days"]
    if keep < 1:
        raise CoprError("invalid", f"keep must be 1 or more, not {keep}.")
    if days is None:
        return Rule(keep, task.params["states"])
    if days < 0:
        raise CoprError("invalid", f"older_than_days must be 0 or more, not {days}.")
    return Rule(keep, task.params["states"], until=int(time.time()) - days * DAY)


def told(task: Task, pruning: Pruning) -> dict[str, Any]:
    """Return the deleted builds and the number of remaining ones, for the result."""
    gone = {number for one in task.record.differences for number in one.before or ()}
    deleted = [build for build in pruning.surplus if str(build["id"]) in gone]
    return {"deleted": [show(task.client, build) for build in deleted], "kept": pruning.kept}


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
