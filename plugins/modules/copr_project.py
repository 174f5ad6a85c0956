#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_project
short_description: Make a Copr project what it should be, or remove it
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Creates a project in Copr, brings an existing one to the settings you give, or deletes it.
  - An option that you leave out is left alone on the server. An option set to V(null) goes back to
    the server's default. An empty string or list makes it empty.
  - Chroots are only ever added, unless you set O(purge_chroots=true). Permissions, packages and
    builds are never touched.
  - What the server can't do (clearing a homepage, making an existing project persistent) is refused
    with the reason, and nothing is changed.
extends_documentation_fragment:
  - fedora.copr.connection
  - fedora.copr.project
  - fedora.copr.attributes
  - fedora.copr.attributes.changes
options:
  state:
    description:
      - V(present) creates the project or corrects it.
      - V(absent) deletes it B(with all its builds and packages). This can't be undone.
    type: str
    choices: [present, absent]
    default: present
  chroots:
    description:
      - The chroots to enable, by name, such as V(fedora-43-x86_64), or by a shell pattern over what
        the server offers, such as V(fedora-*-x86_64).
      - Needed to create a project.
      - Releases of distributions end. A chroot that the server no longer offers, but that this
        project had, is left out with a warning, so that a playbook goes on; see O(ended_chroots).
        What was built in it stays for some months.
    type: list
    elements: str
  exclude_chroots:
    description:
      - Chroots to leave out of O(chroots), by name or pattern. They are not disabled, unless you
        set O(purge_chroots=true).
    type: list
    elements: str
  ended_chroots:
    description:
      - What to do about chroots in O(chroots) that the server has ended. V(warn) leaves them out
        with a warning that tells the days until Copr deletes what was built in them. V(fail) fails.
    type: str
    choices: [warn, fail]
    default: warn
  purge_chroots:
    description:
      - Whether to disable the chroots that O(chroots) does not name. Copr deletes the builds of a
        disabled chroot after some days, and disables none in which a build is at work.
    type: bool
    default: false
  description:
    description: Text for the people who look at the project.
    type: str
  instructions:
    description: How to install from the project.
    type: str
  homepage:
    description: Address of a page about the project. Copr can replace it but not clear it.
    type: str
  contact:
    description: E-mail address or URL. Copr can replace it but not clear it.
    type: str
  additional_repos:
    description: Repositories to use while building, as URLs or as V(copr://owner/project).
    type: list
    elements: str
  runtime_dependencies:
    description:
      - Repositories that are needed to install from this one, as URLs or as
        V(copr://owner/project).
    type: list
    elements: str
  packit_forge_projects_allowed:
    description: Forge projects that may build here through Packit, such as V(github.com/org/*).
    type: list
    elements: str
  repo_priority:
    description:
      - Priority of the repository for DNF, 1 or more. Copr can replace it but not clear it.
    type: int
  delete_after_days:
    description:
      - Delete the whole project so many days from now; V(null) or V(-1) keeps it.
      - Copr shows the days that are left. On a later day the task sets the full time again, which
        is a change.
    type: int
  bootstrap:
    description: How Mock sets up its bootstrap chroot.
    type: str
    choices: ["default", "on", "off", "image"]
  isolation:
    description: How Mock isolates a build.
    type: str
    choices: ["default", "nspawn", "simple"]
  enable_net:
    description: Whether builds may use the network.
    type: bool
  devel_mode:
    description: Whether the repository is created only on demand, not after each build.
    type: bool
  unlisted_on_hp:
    description: Whether the project is left out of Copr's home page.
    type: bool
  auto_prune:
    description:
      - Whether Copr removes old builds of a package by itself. Only administrators may switch it
        off, and where one did, Copr refuses every edit by the owner that does not switch it on.
    type: bool
  module_hotfixes:
    description: Whether packages are preferred to those of modules with the same name.
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
      - Copr never shows this. It is applied when the project is created and along with any other
        change, and alone it changes nothing; see RV(unverified).
    type: bool
  fedora_review:
    description:
      - Whether fedora-review runs after each build.
      - Copr never shows this; the same as for O(multilib) holds.
    type: bool
  persistent:
    description:
      - Whether project and builds are protected from deletion. Only administrators may set it, and
        only when the project is created.
    type: bool
  storage:
    description:
      - Where results are stored. Only administrators may choose it, and only when the project is
        created.
    type: str
    choices: [backend, pulp]
  extra_options:
    description:
      - Fields of the API that this module has no option for, by their API names, sent as they are.
      - A field that the server's own description of its API does not list is an error.
    type: dict
  fork_of:
    description:
      - Make the project as a fork of this one, named as in O(project), with its packages and the
        newest successful build of each. The other options then correct the fork.
      - Copr does not tell what a project was forked from. A project that exists is left as it is if
        it has builds that came with a fork, or if there were none to come; any other is refused.
    type: str
  fork_confirm:
    description:
      - Fork into O(project) also if it exists. Its builds are then added again on every run, so
        that each run is a change.
    type: bool
    default: false
  cancel_running:
    description:
      - Whether O(state=absent) first cancels the builds that are not finished. Copr deletes no
        project while something is built in it.
    type: bool
    default: false
seealso:
  - module: fedora.copr.copr_build
  - module: fedora.copr.copr_build_info
"""

EXAMPLES = r"""
- name: A project for two distributions
  fedora.copr.copr_project:
    project: packager/hello
    description: Greetings for everybody
    chroots:
      - fedora-43-x86_64
      - epel-10-x86_64

- name: Whatever Fedora the server offers for x86_64, but not rawhide
  fedora.copr.copr_project:
    project: packager/hello
    chroots: ["fedora-*-x86_64"]
    exclude_chroots: ["fedora-rawhide-*"]

- name: Exactly these chroots, no network while building, and no additional repositories
  fedora.copr.copr_project:
    project: "@packagers/hello"
    chroots:
      - fedora-43-x86_64
    purge_chroots: true
    enable_net: false
    additional_repos: []

- name: A project for a pull request, which goes away by itself
  fedora.copr.copr_project:
    project: hello-pr-17
    chroots: [fedora-rawhide-x86_64]
    delete_after_days: 14
    unlisted_on_hp: true

- name: A fork to try the next release in, with one more chroot
  fedora.copr.copr_project:
    project: packager/hello-next
    fork_of: packager/hello
    chroots: [fedora-rawhide-x86_64]

- name: Remove it now, whatever is being built
  fedora.copr.copr_project:
    project: hello-pr-17
    state: absent
    cancel_running: true
"""

RETURN = r"""
project:
  description: The project as Copr shows it. In check mode, as it would be then.
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
      description: Number of the project; V(null) for one that check mode would create.
      type: int
      returned: always
      sample: 4711
    full_name:
      description: Owner and name.
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
      description: The address of the repository of each enabled chroot.
      type: dict
      returned: always
      sample:
        fedora-43-x86_64: https://download.example.org/results/packager/hello/fedora-43-x86_64/
unmanaged:
  description: What is there and was not named by the task.
  returned: when O(state=present)
  type: dict
  sample:
    chroots: [epel-9-x86_64]
  contains:
    chroots:
      description: Enabled chroots that O(chroots) does not name; empty if O(chroots) is not given.
      type: list
      elements: str
      returned: always
      sample: [epel-9-x86_64]
unverified:
  description:
    - Options that were given but that no answer of Copr ever shows, so that nobody can tell whether
      they are as wanted.
  returned: when O(state=present)
  type: list
  elements: str
  sample: [multilib]
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

from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils.nouns.project import (
    PROJECT,
)
from ansible_collections.fedora.copr.plugins.module_utils.plan import carry_out
from ansible_collections.fedora.copr.plugins.module_utils.state.deletion import (
    plan_project_removal,
)
from ansible_collections.fedora.copr.plugins.module_utils.state.projects import (
    OPTIONS,
    make_project,
    plan_project,
    unmanaged_chroots,
    wish_for,
)
from ansible_collections.fedora.copr.plugins.module_utils.task import Module, Task

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
    """Make the project present or absent."""
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
