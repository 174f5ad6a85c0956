#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_webhook
short_description: Generate a new webhook secret for a Copr project
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Generates a new webhook secret for a project, and returns the webhook addresses for forges. The
    old secret is revoked.
  - This is an action, not a state. Every run generates a new secret. The API never returns an
    existing secret.
  - If the response to the request is lost, the task fails, and the request is not repeated. In that
    case, run the task again.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._project
  - fedora.copr._attributes
  - fedora.copr._attributes.changes
attributes:
  diff_mode:
    support: none
    details:
      - The secret is not shown.
  idempotent:
    support: none
options: {}
notes:
  - The result contains the secret. Use C(no_log=true) for this task, and for later tasks that use
    the result.
seealso:
  - module: fedora.copr.copr_package
"""

EXAMPLES = r"""
- name: Generate a new secret
  fedora.copr.copr_webhook:
    project: packager/hello
  register: webhook
  no_log: true

- name: Register the webhook at the forge
  ansible.builtin.uri:
    url: https://git.example.org/api/v1/repos/packager/hello/hooks
    method: POST
    body_format: json
    body:
      type: gitea
      config: {url: "{{ webhook.webhooks.custom }}hello/", content_type: json}
      active: true
    status_code: 201
  no_log: true
"""

RETURN = r"""
webhooks:
  description:
    - The webhook addresses for forges. You can append the name of a package and a slash to each of
      them; C(custom) requires this. V(null) in check mode.
  returned: success
  type: dict
  sample:
    bitbucket: https://copr.example.org/webhooks/bitbucket/4711/SECRET/
    custom: https://copr.example.org/webhooks/custom/4711/SECRET/
    github: https://copr.example.org/webhooks/github/4711/SECRET/
    gitlab: https://copr.example.org/webhooks/gitlab/4711/SECRET/
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

from functools import partial
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.module import run_module
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import require_project
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.rights import (
    refuse_unless_editable,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.webhook import generate
from ansible_collections.fedora.copr.plugins.module_utils._copr.plan import (
    Difference,
    Plan,
    Step,
    carry_out,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {"project": {"type": "str", "required": True}}


def run(task: Task) -> dict[str, Any]:
    """Generate a new secret."""
    project, webhooks = task.project(), {}

    def call() -> None:
        webhooks.update(generate(task.client, project))

    plan = Plan([Step([Difference(f"webhook of {project}", {}, {})], call)])
    plan.allowed = partial(refuse_unless_editable, task.client, project)
    try:
        require_project(task.client, project)
    except CoprError as error:
        if error.kind != "not_found":
            raise
        plan.missing.append(error)
    carry_out(plan, task.record)
    return {"webhooks": webhooks or None}


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
