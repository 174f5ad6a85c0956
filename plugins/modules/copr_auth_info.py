#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_auth_info
short_description: Check a Copr login and when its token expires
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Asks the server which user the token belongs to. This is the only way to verify a token, because
    most read requests need no login.
  - Fails with RV(error.kind=authentication) if the login is rejected.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._attributes
  - fedora.copr._attributes.reads
seealso:
  - module: fedora.copr.copr_token
"""

EXAMPLES = r"""
- name: Fail if the token is about to expire
  fedora.copr.copr_auth_info:
  register: login
  failed_when: login is failed
    or (login.token.days_left is not none and login.token.days_left < 7)
"""

RETURN = r"""
user:
  description: The user to whom the login belongs.
  returned: success
  type: dict
  sample:
    id: 17
    name: packager
token:
  description:
    - What is known about the token. Only the config file that Copr provides contains the expiration
      date. For a token from options or the environment, and with Kerberos, the fields are V(null).
  returned: success
  type: dict
  sample:
    origin: ~/.config/copr
    expires: "2027-01-31"
    days_left: 70
copr_url:
  description: Address of the Copr server.
  returned: success
  type: str
  sample: https://copr.fedorainfracloud.org
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
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.token import shown_token
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {}


def run(task: Task) -> dict[str, Any]:
    """Return the user, and what is known about the token."""
    settings = task.client.settings
    user = task.client.user()
    return {
        "user": user,
        "token": shown_token(None if settings.gssapi else settings.credentials),
        "copr_url": settings.url,
    }


MODULE = Module(ARGUMENT_SPEC, run)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
