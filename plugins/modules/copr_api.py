#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_api
short_description: Send any request to the Copr API
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Use it for API calls that no other module covers. It sends one request and returns the response.
  - V(GET) requests never change anything, and are also sent in check mode. Requests with any other
    method count as a change, unless O(changes=false). They are not sent in check mode.
  - The response is returned unchanged. If it contains a new secret, as for V(webhook/generate/...)
    and V(api-token), use C(no_log=true). Later tasks that use the registered result also need
    C(no_log=true).
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._attributes
attributes:
  check_mode:
    description: Predicts a change for every method except V(GET), without sending the request.
    support: full
  diff_mode:
    description: The module does not know what a request changes.
    support: none
  idempotent:
    description: Depends on the API method.
    support: N/A
options:
  path:
    description: The part of the URL after C(/api_3/), such as V(build/4711).
    type: str
    required: true
  method:
    description: The HTTP method.
    type: str
    choices: [GET, POST, PUT, DELETE]
    default: GET
  query:
    description: Parameters of the query string.
    type: dict
  body:
    description: The JSON object to send. Not allowed with O(method=GET).
    type: dict
  login:
    description:
      - Whether to send a V(GET) request with the login. Only V(auth-check) and
        V(project/permissions/get/...) need it. Requests with other methods are always sent with the
        login.
    type: bool
    default: false
  repeatable:
    description:
      - Whether the request can safely be repeated if its response is lost. This does not hold for
        requests that create builds, forks or secrets.
    type: bool
    default: false
  changes:
    description: Whether a request with a method other than V(GET) counts as a change.
    type: bool
    default: true
seealso:
  - name: Copr API
    description: The server's own documentation of its API.
    link: https://copr.fedorainfracloud.org/api_3/docs
"""

EXAMPLES = r"""
- name: Get the state of each package in each chroot
  fedora.copr.copr_api:
    path: monitor
    query:
      ownername: packager
      projectname: hello
  register: monitor

- name: Get the permissions and permission requests of a project
  fedora.copr.copr_api:
    path: project/permissions/get/packager/hello
    login: true

- name: Generate a new webhook secret without logging it
  fedora.copr.copr_api:
    path: webhook/generate/packager/hello
    method: POST
  register: webhook
  no_log: true

- name: Check whether Copr would accept a build
  fedora.copr.copr_api:
    path: build/check-before-build
    method: POST
    body:
      ownername: packager
      projectname: hello
    repeatable: true
    changes: false
"""

RETURN = r"""
json:
  description: The response. V(null) if no request was sent.
  returned: success
  type: dict
  sample:
    message: It should be safe to submit a build like this
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
from ansible_collections.fedora.copr.plugins.module_utils._copr.plan import (
    Difference,
    Plan,
    Step,
    carry_out,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {
    "path": {"type": "str", "required": True},
    "method": {"type": "str", "choices": ["GET", "POST", "PUT", "DELETE"], "default": "GET"},
    "query": {"type": "dict"},
    "body": {"type": "dict"},
    "login": {"type": "bool", "default": False},
    "repeatable": {"type": "bool", "default": False},
    "changes": {"type": "bool", "default": True},
}


def run(task: Task) -> dict[str, Any]:
    """Send the request and return the response."""
    params, client = task.params, task.client
    path, query = checked_path(params["path"]), params["query"] or {}
    if params["method"] == "GET":
        if params["body"] is not None:
            raise CoprError("invalid", "A GET request has no body. Use query, or another method.")
        return {"json": client.get(path, query, login=params["login"])}
    answers: list[Any] = []

    def send() -> None:
        answer = client.change(
            params["method"],
            path,
            params["body"] or {},
            query=query,
            repeatable=params["repeatable"],
        )
        answers.append(answer)

    differences = [Difference(f"{params['method']} {path}", {}, {})] if params["changes"] else []
    carry_out(Plan([Step(differences, send)]), task.record)
    return {"json": answers[0] if answers else None}


def checked_path(path: str) -> str:
    """Return the path below /api_3/, or raise CoprError (invalid) if it leads out of that."""
    parts = path.strip("/").removeprefix("api_3/").split("/")
    if not all(parts) or any(set(part) <= {"."} for part in parts) or set(path) & set("?#\\%"):
        raise CoprError(
            "invalid",
            f"{path!r} can't be a path of the API. Set path to the part of the URL after /api_3/, "
            "and use query for parameters.",
        )
    return "/".join(parts)


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
