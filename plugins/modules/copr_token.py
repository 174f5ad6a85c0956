#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_token
short_description: Renew the API token of a config file before it expires
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Has Copr make a new login and token if the token of the config file has fewer than O(days) days
    left, and writes them and the new date of expiry into the file. Neither is ever shown.
  - The config file is that of O(config_file), E(COPR_CONFIG), or V(~/.config/copr). It is replaced
    in one go. Its mode and its owner, its other sections, keys and comments stay as they are. A
    symbolic link stays one, and the file that it leads to is replaced. Another hard link to the
    file keeps the old token.
  - When a token expires, only a comment of the file tells, C(# expiration date), as the page
    C(/api/) of a Copr server writes it. It is looked for in the section C([copr-cli]), and before
    all sections if there is none. Without it the task fails, and the message says what to do.
  - Copr voids the old login and token as it makes the new ones. Whatever else uses the old ones,
    such as a copy of the file on another machine, or a secret of CI, has to be given the new ones.
  - A token that has expired can't be renewed. Get a new one from the page C(/api/) then.
  - A login from O(copr_login) and O(copr_token), O(config_content) or the environment can't be
    renewed, as there is no file to write to. Nor can a Kerberos ticket.
extends_documentation_fragment:
  - fedora.copr.connection
  - fedora.copr.attributes
  - fedora.copr.attributes.changes
attributes:
  diff_mode:
    details:
      - It shows the date of expiry, and no login or token.
options:
  days:
    description:
      - A token with fewer days left than that is renewed. It is good on its last day, with V(0)
        days left.
      - A new token lasts as long as the server is set to, by default V(180) days. If that is fewer
        than this, each run makes another token, and warns of it.
    type: int
    default: 30
notes:
  - All that can be tried is tried before the request is sent. The file that will replace the config
    file lies beside it by then, so that a folder that can't be written, or a full disk, fails the
    task while the old token is still good.
  - If the answer to the request is lost, the task fails, and the request is not sent again. The old
    token may be void then, and the new one is not known here. Run the task again. If the token is
    refused, the page C(/api/) shows the new one, after a login with a browser. The same is so if
    the task is killed at that moment.
  - If the config file can't be replaced in the end, the new text stays in a file beside it, and the
    message names that file.
  - Tasks of one user on one machine that renew the same file wait for each other, and the token is
    renewed once. C(copr-cli new-api-token) does not wait for them.
seealso:
  - module: fedora.copr.copr_auth_info
"""

EXAMPLES = r"""
- name: Keep the token of ~/.config/copr fresh, from a job that runs every week
  fedora.copr.copr_token:

- name: Renew the token of the release machine
  fedora.copr.copr_token:
    config_file: /etc/copr/release.conf
    days: 60
  delegate_to: release.example.org
  become: true
  register: renewal

- name: Tell how long it lasts
  ansible.builtin.debug:
    msg: The token is good until {{ renewal.token.expires }}.
"""

RETURN = r"""
token:
  description:
    - What is known of the token after the task. If check mode predicts a renewal, RV(token.expires)
      and RV(token.days_left) are V(null), since only the server knows them.
  returned: success
  type: dict
  sample:
    origin: ~/.config/copr
    expires: "2027-05-24"
    days_left: 180
  contains:
    origin:
      description: The config file.
      type: str
      returned: always
      sample: ~/.config/copr
    expires:
      description: The last day of the token.
      type: str
      returned: always
      sample: "2027-05-24"
    days_left:
      description: The days until then.
      type: int
      returned: always
      sample: 180
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
from ansible_collections.fedora.copr.plugins.module_utils.nouns.token import shown_token
from ansible_collections.fedora.copr.plugins.module_utils.state.token import ensure_token
from ansible_collections.fedora.copr.plugins.module_utils.task import Module, Task
from ansible_collections.fedora.copr.plugins.module_utils.wire.errors import CoprError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {"days": {"type": "int", "default": 30}}


def run(task: Task) -> dict[str, Any]:
    """Renew the token if it has too few days left."""
    days = task.params["days"]
    if days < 1:
        raise CoprError("invalid", f"days must be 1 or more, not {days}.")
    return {"token": shown_token(ensure_token(task.client, days, task.record, task.warn))}


# Of a token that is about to be renewed nobody needs to be warned.
MODULE = Module(ARGUMENT_SPEC, run, warns_of_expiry=False)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
