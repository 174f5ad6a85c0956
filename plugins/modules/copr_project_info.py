#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_project_info
short_description: Get information about projects in Copr
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Returns one project, the projects of an owner, or the results of a search.
  - Needs no login unless a project is given without its owner.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._attributes
  - fedora.copr._attributes.reads
options:
  project:
    description:
      - Return this project, as V(owner/name), V(@group/name) for a group's project, or V(name) for
        one of your own. If it does not exist, RV(projects) is empty.
    type: str
  owner:
    description:
      - Return all projects of this user or this V(@group). This includes unlisted projects.
    type: str
  query:
    description:
      - Search for projects. With a slash, as in V(own/nam), Copr searches for the parts in the
        names of owner and project, ignoring case. An owner without an at sign is the user who
        created the project. To find a group's project, use V(@gro/nam), or the name of the user who
        created it.
      - Without a slash, Copr searches for the words in an index that it updates from time to time.
        A project that was just created is not found.
    type: str
  limit:
    description: Return at most this many projects. If omitted, all of them are returned.
    type: int
  order:
    description:
      - Sort the projects of O(owner) by this field. The results of O(query) are sorted newest
        first.
    type: str
    choices: [id, name]
    default: id
  order_type:
    description: Whether to sort in ascending or descending order.
    type: str
    choices: [ASC, DESC]
    default: ASC
  ended_chroots:
    version_added: 1.0.0
    description:
      - Whether to include the chroots of each project that the server no longer offers, and the
        days until Copr deletes their builds. This costs one more request for each project.
      - Copr caches this information for up to two minutes.
    type: bool
    default: false
  export:
    version_added: 1.0.0
    description:
      - Whether to include RV(definitions) for M(fedora.copr.copr_projects). Applying them to the
        same projects changes nothing. Values that equal the server's default are left out, and so
        is everything that Copr does not report. See RV(not_exported).
      - This reads the packages, the permissions, the settings of each chroot and the runtime
        dependencies of each project, several at a time.
      - Reading permissions requires a login with permission to edit the project. Otherwise the
        permissions are left out.
    type: bool
    default: false
seealso:
  - module: fedora.copr.copr_project
  - module: fedora.copr.copr_projects
"""

EXAMPLES = r"""
- name: Get one project
  fedora.copr.copr_project_info:
    project: "@copr/copr-dev"
  register: result

- name: Get all projects of a user, sorted by name
  fedora.copr.copr_project_info:
    owner: packager
    order: name

- name: Get the ten newest projects with hello in their name
  fedora.copr.copr_project_info:
    query: /hello
    limit: 10

- name: Find out which chroots have reached their end of life
  fedora.copr.copr_project_info:
    owner: "@copr"
    ended_chroots: true

- name: Export definitions of all projects of an owner
  fedora.copr.copr_project_info:
    owner: packager
    export: true
  register: exported

- name: Apply the same definitions, which changes nothing
  fedora.copr.copr_projects:
    projects: "{{ exported.definitions }}"
"""

RETURN = r"""
projects:
  description: The projects, as M(fedora.copr.copr_project) returns them.
  returned: success
  type: list
  elements: dict
  sample:
    - additional_repos: []
      appstream: false
      auto_prune: true
      bootstrap: default
      chroot_repos:
        fedora-43-x86_64: https://download.example.org/results/packager/hello/fedora-43-x86_64/
      chroots: [fedora-43-x86_64]
      contact: null
      description: Greetings for everybody
      devel_mode: false
      enable_net: false
      follow_fedora_branching: true
      full_name: packager/hello
      homepage: null
      id: 4711
      instructions: ""
      isolation: default
      module_hotfixes: false
      name: hello
      ownername: packager
      packit_forge_projects_allowed: []
      persistent: false
      repo_priority: null
      storage: backend
      unlisted_on_hp: false
  contains:
    ended_chroots:
      description:
        - Chroots that the project had enabled, but that the server no longer offers, with the days
          until Copr deletes their repositories and builds.
      type: dict
      returned: when O(ended_chroots=true)
      sample: {fedora-41-x86_64: 179}
definitions:
  description:
    - Definitions of the projects, sorted by name, in the format of
      O(fedora.copr.copr_projects#module:projects).
    - Chroots are listed by name, without patterns. C(purge) is not set.
    - Copr does not report which runtime dependencies a project sets itself. The definitions
      therefore contain only dependencies that no other dependency already brings in.
  returned: when O(export=true)
  type: list
  elements: dict
  sample:
    - project: packager/hello
      description: Greetings for everybody
      chroots: [epel-10-x86_64, fedora-43-x86_64]
      chroot_settings:
        - chroot: epel-10-x86_64
          additional_packages: [epel-rpm-macros]
      packages:
        - package: hello
          scm:
            clone_url: https://git.example.org/hello.git
          webhook_rebuild: true
      permissions:
        - user: bob
          builder: approved
not_exported:
  description: Values that the projects have, or may have, but that are not in RV(definitions).
  returned: when O(export=true)
  type: list
  elements: dict
  contains:
    project:
      description: Full name of the project.
      type: str
      returned: always
      sample: packager/hello
    what:
      description: The omitted field or object.
      type: str
      returned: always
      sample: max_builds of packages
    why:
      description: Reason for the omission.
      type: str
      returned: always
      sample: no answer of Copr shows it
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

from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.mock_chroots import (
    ended_chroots,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import (
    fetch_project,
    fetch_repositories,
    list_projects,
    name_of,
    search_projects,
    show,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.export import export_projects
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import (
    Module,
    Task,
    checked_limit,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "project": {"type": "str"},
    "owner": {"type": "str"},
    "query": {"type": "str"},
    "limit": {"type": "int"},
    "order": {"type": "str", "choices": ["id", "name"], "default": "id"},
    "order_type": {"type": "str", "choices": ["ASC", "DESC"], "default": "ASC"},
    "ended_chroots": {"type": "bool", "default": False},
    "export": {"type": "bool", "default": False},
}

SELECTORS = ["project", "owner", "query"]
CHECKS: dict[str, Any] = {"required_one_of": [SELECTORS], "mutually_exclusive": [SELECTORS]}


def run(task: Task) -> dict[str, Any]:
    """Return the requested projects, with their definitions if wanted."""
    projects = list(islice(chosen(task), checked_limit(task.params["limit"])))
    client, params = task.client, task.params
    result: dict[str, Any] = {"projects": [show(project) for project in projects]}
    if not (params["ended_chroots"] or params["export"]):
        return result
    repositories = client.at_once(
        [partial(fetch_repositories, client, name_of(project)) for project in projects]
    )
    ended = ended_chroots(client, repositories)
    if params["ended_chroots"]:
        for shown, chroots in zip(result["projects"], ended):
            shown["ended_chroots"] = chroots
    if params["export"]:
        result.update(export_projects(client, projects, repositories, ended))
    return result


def chosen(task: Task) -> Iterable[dict[str, Any]]:
    """Return the projects that the options select."""
    params = task.params
    if params["project"] is not None:
        project = fetch_project(task.client, task.project())
        return [] if project is None else [project]
    for selector in ("owner", "query"):
        if params[selector] is not None and not params[selector].strip():
            raise CoprError("invalid", f"{selector} is empty, which would select all projects.")
    if params["query"] is not None:
        return search_projects(task.client, params["query"])
    return list_projects(
        task.client, params["owner"], order=params["order"], order_type=params["order_type"]
    )


MODULE = Module(ARGUMENT_SPEC, run, CHECKS)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
