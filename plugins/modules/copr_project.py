#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_project
short_description: Create, configure, fork or delete a Copr project
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Creates a project in Copr, changes the settings of an existing project, or deletes it.
  - Omitted options are left unchanged. V(null) resets an option to the server's default. An empty
    string or list clears it.
  - Chroots are only added, unless O(purge_chroots=true). Permissions, packages and builds are never
    changed.
  - Changes that the server does not support, such as clearing a homepage or making an existing
    project persistent, are rejected with the reason before anything is changed.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._project
  - fedora.copr._attributes
  - fedora.copr._attributes.changes
options:
  state:
    description:
      - V(present) creates the project, or changes it where it differs.
      - V(absent) deletes it B(with all its builds and packages). This can't be undone.
    type: str
    choices: [present, absent]
    default: present
  chroots:
    description:
      - The chroots to enable, as names such as V(fedora-43-x86_64), or as shell patterns such as
        V(fedora-*-x86_64) that are matched against the chroots that the server offers.
      - Required to create a project.
      - Distribution releases reach their end of life. A chroot that this project had, but that the
        server no longer offers, is left out with a warning, so that playbooks keep working. See
        O(ended_chroots). Copr keeps the results in such a chroot for some months.
    type: list
    elements: str
  exclude_chroots:
    version_added: 1.0.0
    description:
      - Chroots to leave out of O(chroots), as names or patterns. They are not disabled, unless
        O(purge_chroots=true).
    type: list
    elements: str
  ended_chroots:
    version_added: 1.0.0
    description:
      - What to do about chroots in O(chroots) that the project had, but that the server no longer
        offers. V(warn) leaves them out with a warning, which states the days until Copr deletes
        their builds. V(fail) fails.
    type: str
    choices: [warn, fail]
    default: warn
  purge_chroots:
    description:
      - Whether to disable the chroots that O(chroots) does not name. Copr deletes the builds of a
        disabled chroot after some days. It refuses to disable a chroot with an unfinished build.
    type: bool
    default: false
  description:
    description: Description shown on the project page.
    type: str
  instructions:
    description: Installation instructions shown on the project page.
    type: str
  homepage:
    description: Address of the project's homepage. It can be changed later but not removed.
    type: str
  contact:
    description: E-mail address or URL. It can be changed later but not removed.
    type: str
  additional_repos:
    description:
      - Additional repositories that builds use, as URLs or as V(copr://owner/project).
    type: list
    elements: str
  runtime_dependencies:
    description:
      - Repositories that are needed to install packages from this one, as URLs or as
        V(copr://owner/project).
    type: list
    elements: str
  packit_forge_projects_allowed:
    description:
      - Forge projects that may build in this project through Packit, such as V(github.com/org/*).
    type: list
    elements: str
  repo_priority:
    description:
      - Priority of the repository for DNF, at least V(1). It can be changed later but not removed.
    type: int
  delete_after_days:
    description:
      - Delete the whole project this many days from now. V(null) or V(-1) keeps it.
      - Copr reports the remaining days. Running the task on a later day resets the countdown and
        reports a change.
    type: int
  bootstrap:
    description: How Mock sets up its bootstrap chroot.
    type: str
    choices: ["default", "on", "off", "image"]
  isolation:
    description: How Mock isolates builds.
    type: str
    choices: ["default", "nspawn", "simple"]
  enable_net:
    description: Whether builds may use the network.
    type: bool
  devel_mode:
    description: Whether the repository is created only on demand, not after each build.
    type: bool
  unlisted_on_hp:
    description: Whether to hide the project from Copr's home page.
    type: bool
  auto_prune:
    description:
      - Whether Copr deletes old builds of a package automatically. Only administrators may disable
        this. Once an administrator has disabled it, Copr rejects every edit by the owner unless it
        re-enables it.
    type: bool
  module_hotfixes:
    description: Whether packages take precedence over packages of modules with the same name.
    type: bool
  appstream:
    description: Whether AppStream metadata is generated.
    type: bool
  follow_fedora_branching:
    description: Whether chroots of new Fedora releases are enabled when they branch.
    type: bool
  multilib:
    description:
      - Whether 32-bit packages are offered to 64-bit hosts.
      - Copr never reports this setting. It is sent when the project is created, and together with
        other changes. On its own it does not cause a change. See RV(unverified).
    type: bool
  fedora_review:
    description:
      - Whether fedora-review runs after each build.
      - Copr never reports this setting. See O(multilib) for when it is sent.
    type: bool
  persistent:
    description:
      - Whether the project and its builds are protected from deletion. Only administrators may set
        this, and only when the project is created.
    type: bool
  storage:
    description:
      - Where results are stored. Only administrators may set this, and only when the project is
        created.
    type: str
    choices: [backend, pulp]
  extra_options:
    description:
      - API fields for which this module has no option, by their API names. They are sent unchanged.
      - It is an error if the server's own API description does not list a field.
    type: dict
  fork_of:
    description:
      - Create the project as a fork of this project, in the same format as O(project). The fork
        gets its packages and the newest successful build of each. The other options are then
        applied to the fork.
      - Copr does not report which project a fork comes from. An existing project is accepted, and
        not forked again, if it contains forked builds, or if it has no builds and the source has
        none to copy. Otherwise the task fails.
    type: str
  fork_confirm:
    description:
      - Whether to fork into O(project) even if it exists. Every run then adds the builds again and
        reports a change.
    type: bool
    default: false
  cancel_running:
    description:
      - Whether O(state=absent) first cancels unfinished builds. Copr refuses to delete a project
        with unfinished builds.
    type: bool
    default: false
seealso:
  - module: fedora.copr.copr_build
  - module: fedora.copr.copr_build_info
"""

EXAMPLES = r"""
- name: Create a project for two distributions
  fedora.copr.copr_project:
    project: packager/hello
    description: Greetings for everybody
    chroots:
      - fedora-43-x86_64
      - epel-10-x86_64

- name: Enable all Fedora releases that the server offers for x86_64, except Rawhide
  fedora.copr.copr_project:
    project: packager/hello
    chroots: ["fedora-*-x86_64"]
    exclude_chroots: ["fedora-rawhide-*"]

- name: Enable exactly these chroots, without network or additional repositories in builds
  fedora.copr.copr_project:
    project: "@packagers/hello"
    chroots:
      - fedora-43-x86_64
    purge_chroots: true
    enable_net: false
    additional_repos: []

- name: Create a project for a pull request that is deleted automatically
  fedora.copr.copr_project:
    project: hello-pr-17
    chroots: [fedora-rawhide-x86_64]
    delete_after_days: 14
    unlisted_on_hp: true

- name: Fork a project to test the next release in another chroot
  fedora.copr.copr_project:
    project: packager/hello-next
    fork_of: packager/hello
    chroots: [fedora-rawhide-x86_64]

- name: Delete a project and cancel its running builds
  fedora.copr.copr_project:
    project: hello-pr-17
    state: absent
    cancel_running: true
"""

RETURN = r"""
project:
  description: The project as Copr reports it. In check mode, the project as it would be.
  returned: when O(state=present)
  type: dict
  sample:
    additional_repos: []
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
    id:
      description: Id of the project. V(null) if it would be created, in check mode.
      type: int
      returned: always
      sample: 4711
    full_name:
      description: Owner and name of the project.
      type: str
      returned: always
      sample: packager/hello
    chroots:
      description: The enabled chroots, sorted.
      type: list
      elements: str
      returned: always
      sample: [epel-10-x86_64, fedora-43-x86_64]
    chroot_repos:
      description: Address of the repository for each enabled chroot.
      type: dict
      returned: always
      sample:
        fedora-43-x86_64: https://download.example.org/results/packager/hello/fedora-43-x86_64/
unmanaged:
  description: Existing items that the task does not mention.
  returned: when O(state=present)
  type: dict
  sample:
    chroots: [epel-9-x86_64]
  contains:
    chroots:
      description: Enabled chroots that O(chroots) does not name. Empty if O(chroots) is omitted.
      type: list
      elements: str
      returned: always
      sample: [epel-9-x86_64]
unverified:
  description:
    - Given options that Copr never reports, so their current values cannot be verified.
  returned: when O(state=present)
  type: list
  elements: str
  sample: [multilib]
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

from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import (
    PROJECT,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.plan import carry_out
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.deletion import (
    plan_project_removal,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.projects import (
    OPTIONS,
    make_project,
    plan_project,
    unmanaged_chroots,
    wish_for,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "project": {"type": "str", "required": True},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    **OPTIONS,
    "purge_chroots": {"type": "bool", "default": False},
    "fork_of": {"type": "str"},
    "fork_confirm": {"type": "bool", "default": False},
    "cancel_running": {"type": "bool", "default": False},
}
CHECKS: dict[str, Any] = {"required_by": {"exclude_chroots": "chroots"}}


def run(task: Task) -> dict[str, Any]:
    """Create, change or delete the project."""
    name, params = task.project(), task.params
    if params["state"] == "absent":
        plan = plan_project_removal(task.client, name, cancel_running=params["cancel_running"])
        carry_out(plan, task.record)
        return {}
    wish = wish_for(
        task.given,
        purge_chroots=params["purge_chroots"],
        fork_of=task.project("fork_of") if params["fork_of"] else None,
        fork_again=params["fork_confirm"],
    )
    work = plan_project(task.client, name, wish, task.warn)
    project, outcome = make_project(work, task.record)
    return {
        "project": PROJECT.shown(str(name), project),
        "unmanaged": {"chroots": unmanaged_chroots(outcome, project)},
        "unverified": outcome.unverified,
    }


MODULE = Module(ARGUMENT_SPEC, run, CHECKS)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
