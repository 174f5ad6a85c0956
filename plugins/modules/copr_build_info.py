#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_build_info
short_description: Get information about builds in Copr
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Returns builds by their ids, or the builds of a project, newest first.
  - Needs no login unless O(project) is given without its owner.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._attributes
  - fedora.copr._attributes.reads
options:
  build_ids:
    description:
      - Ids of the builds to return, in this order. It is an error if one of them does not exist.
      - Null is ignored. In check mode, it is the id of a build that would be submitted.
    type: list
    elements: raw
  project:
    description:
      - The project, as V(owner/name), V(@group/name) for a group's project, or V(name) for one of
        your own.
    type: str
  package:
    description:
      - Return only builds of this package. Builds whose source has not been imported yet match no
        package.
    type: str
  status:
    description: Return only builds in one of these states.
    type: list
    elements: str
    choices: [pending, starting, importing, running, succeeded, failed, canceled, skipped, forked]
  limit:
    description:
      - Return at most this many builds, namely the newest that match O(package) and O(status). If
        omitted, all of them are returned.
    type: int
  gather:
    description:
      - Details to read in addition to the builds. Each of them costs requests for each build.
      - V(chroots) reads state, times and addresses of each chroot.
      - V(packages) reads the packages built in each chroot. It implies V(chroots).
      - V(source) reads the source of the build.
      - V(source_chroot) reads state and address of the source build.
      - V(logs) reads the cause and the last lines from the log of each failed chroot. It implies
        V(chroots).
    type: list
    elements: str
    choices: [chroots, packages, source, source_chroot, logs]
    default: []
  log_lines:
    description: How many lines of each log to return for V(logs) in O(gather).
    type: int
    default: 20
seealso:
  - module: fedora.copr.copr_build
"""

EXAMPLES = r"""
- name: Get the states of two builds in each chroot
  fedora.copr.copr_build_info:
    build_ids: [4711, 4712]
    gather: [chroots]
  register: result

- name: Get the newest successful build of a package, and its packages
  fedora.copr.copr_build_info:
    project: "@copr/copr-dev"
    package: copr-cli
    status: [succeeded]
    limit: 1
    gather: [packages]

- name: Find out why the newest failed builds failed
  fedora.copr.copr_build_info:
    project: packager/hello
    status: [failed]
    limit: 5
    gather: [logs]
"""

RETURN = r"""
builds:
  description:
    - The builds, as M(fedora.copr.copr_build) returns them, with the gathered details.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 4711
      state: failed
      web_url: https://copr.example.org/coprs/build/4711
      ownername: packager
      projectname: hello
      project_dirname: hello
      repo_url: https://download.example.org/results/packager/hello
      source_package:
        name: hello
        version: 2.12-1
        url: null
      chroots: [fedora-43-x86_64]
      submitter: packager
      submitted_on: 1795292297
      started_on: 1795292310
      ended_on: 1795292377
      is_background: false
      build_chroots: null
  contains:
    build_chroots:
      description:
        - The chroots, with V(chroots), V(packages) or V(logs) in O(gather). Otherwise V(null).
      type: list
      elements: dict
      returned: always
      sample:
        - name: fedora-43-x86_64
          state: failed
          started_on: 1795292310
          ended_on: 1795292377
          result_url: https://download.example.org/results/packager/hello/fedora-43-x86_64/00004711-hello/
          log_url: https://download.example.org/results/packager/hello/fedora-43-x86_64/00004711-hello/builder-live.log.gz
          packages: []
    source:
      description:
        - The source of the build, as C(source_type) and C(source_dict), with the limits of the
          source build.
      type: dict
      returned: when O(gather) contains V(source)
      sample:
        source_type: pypi
        source_dict:
          pypi_package_name: requests
          pypi_package_version: 2.32.3
          spec_generator: pyp2spec
          spec_template: ""
          python_versions: ["3"]
        memory_limit: 2048
        timeout: 18000
        is_background: false
    source_chroot:
      description:
        - State and address of the source build. V(null) if Copr can't report them; the build is
          then listed in RV(unavailable).
      type: dict
      returned: when O(gather) contains V(source_chroot)
      sample:
        state: succeeded
        result_url: https://download.example.org/results/packager/hello/srpm-builds/00004711
    failures:
      description:
        - The chroots that failed, with the cause, the lines around it and the end of the log, as in
          RV(ignore:failures) of M(fedora.copr.copr_build).
      type: list
      elements: dict
      returned: when O(gather) contains V(logs)
      sample:
        - build_id: 4711
          package: hello
          chroot: fedora-43-x86_64
          state: failed
          log_url: https://download.example.org/results/packager/hello/fedora-43-x86_64/00004711-hello/builder-live.log.gz
          cause: "hello.c:7:12: error: 'answer' undeclared (first use in this function)"
          log_excerpt:
            - "hello.c:7:12: error: 'answer' undeclared (first use in this function)"
          log_tail:
            - "Copr build error: Build failed"
unavailable:
  description:
    - Details requested in O(gather) that Copr could not provide. It answers requests for the
      V(source_chroot) of some builds with an internal error, namely of builds whose source is not
      built yet, that were canceled early, or that were copied with a fork. The other details of
      these builds are in RV(builds).
  returned: success
  type: list
  elements: dict
  sample:
    - build_id: 4711
      what: source_chroot
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

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import islice
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.lookup import (
    no_such_builds,
    require_builds,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.report import failures_of
from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.build import (
    STATES,
    chroots_of,
    fetch_source_chroot,
    fetch_source_config,
    list_builds,
    numbers_of,
    packages_of,
    show,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import (
    Module,
    Task,
    checked_limit,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "build_ids": {"type": "list", "elements": "raw"},
    "project": {"type": "str"},
    "package": {"type": "str"},
    "status": {"type": "list", "elements": "str", "choices": STATES},
    "limit": {"type": "int"},
    "gather": {
        "type": "list",
        "elements": "str",
        "choices": ["chroots", "packages", "source", "source_chroot", "logs"],
        "default": [],
    },
    "log_lines": {"type": "int", "default": 20},
}

CHECKS: dict[str, Any] = {
    "required_one_of": [("build_ids", "project")],
    "mutually_exclusive": [
        ("build_ids", "project"),
        ("build_ids", "package"),
        ("build_ids", "status"),
        ("build_ids", "limit"),
    ],
}


def run(task: Task) -> dict[str, Any]:
    """Return the requested builds."""
    wanted = list(islice(chosen(task), checked_limit(task.params["limit"])))
    read = task.client.at_once([partial(gathered, task, build) for build in wanted])
    gone = [build["id"] for build, shown in zip(wanted, read) if shown is None]
    if gone and task.params["build_ids"] is not None:
        raise no_such_builds(gone)
    builds = [shown for shown in read if shown is not None]
    return {"builds": builds, "unavailable": unavailable(builds)}


def chosen(task: Task) -> Iterable[dict[str, Any]]:
    """Yield the builds with the given ids, or the builds of a project that match the filters."""
    params = task.params
    if params["build_ids"] is not None:
        numbers = numbers_of(params["build_ids"])
        found = {build["id"]: build for build in require_builds(task.client, numbers)}
        yield from (found[number] for number in numbers)
        return
    wanted = params["status"]
    for build in list_builds(task.client, task.project(), package=params["package"]):
        if not wanted or build["state"] in wanted:
            yield build


def gathered(task: Task, build: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a build with the requested details, or None if it was deleted."""
    client, number, gather = task.client, build["id"], set(task.params["gather"])
    chroots = packages = None
    if gather & {"chroots", "packages", "logs"}:
        chroots = chroots_of(client, build)
        if chroots is None:
            return None
    if "packages" in gather:
        packages = packages_of(client, build, chroots or [])
        if packages is None:
            return None
    shown = show(client, build, chroots, packages)
    try:
        if "source" in gather:
            shown["source"] = fetch_source_config(client, number)
        if "source_chroot" in gather:
            shown["source_chroot"] = fetch_source_chroot(client, number)
    except CoprError as error:
        if error.kind == "not_found":
            return None
        raise
    if "logs" in gather:
        needed = {number: [chroot["name"] for chroot in chroots or []]}
        shown["failures"] = failures_of(client, [shown], needed, task.params["log_lines"])
    return shown


def unavailable(builds: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the requested details that the server could not provide."""
    return [
        {"build_id": build["id"], "what": "source_chroot"}
        for build in builds
        if "source_chroot" in build and build["source_chroot"] is None
    ]


MODULE = Module(ARGUMENT_SPEC, run, CHECKS)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
