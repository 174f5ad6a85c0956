#!/usr/bin/python

# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: copr_token
short_description: Renew the Copr API token in a config file before it expires
version_added: 1.0.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - If the token in the config file has fewer than O(days) days left, requests a new login and token
    from Copr, and writes them and the new expiration date to the file. Login and token are never
    shown.
  - The config file is O(config_file), E(COPR_CONFIG) or V(~/.config/copr). It is replaced
    atomically. Its mode and owner, and other sections, keys and comments are preserved. If it is a
    symbolic link, the file to which it points is replaced. Other hard links to the file keep the
    old token.
  - The expiration date is known only from the comment C(# expiration date) in the file, as the page
    C(/api/) of a Copr server generates it. The module looks for the comment in the section
    C([copr-cli]), and above the first section if that section does not contain it. Without the
    comment, the task fails, and the message explains what to do.
  - Copr revokes the old login and token when it creates the new ones. Everything else that uses the
    old ones, such as a copy of the file on another machine or a CI secret, needs the new ones.
  - An expired token can't be renewed. Get a new one from the page C(/api/).
  - A login from O(copr_login) and O(copr_token), O(config_content) or the environment can't be
    renewed, because there is no file to update. A Kerberos ticket can't be renewed either.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._attributes
  - fedora.copr._attributes.changes
attributes:
  diff_mode:
    details:
      - Shows the expiration date, but never the login or the token.
options:
  days:
    description:
      - Renew the token if it has fewer than this many days left. A token is still valid on its last
        day, with V(0) days left.
      - The server's configuration determines the lifetime of a new token, by default V(180) days.
        If the lifetime is shorter than O(days), every run renews the token and triggers a warning.
    type: int
    default: 30
notes:
  - Everything that can be checked is checked before the request is sent. The file that will replace
    the config file already exists in the same directory by then. If the directory is not writable
    or the disk is full, the task fails while the old token is still valid.
  - If the response to the request is lost, the task fails, and the request is not repeated. The old
    token may then be revoked, and the new one is unknown. Run the task again. If the token is
    rejected, log in with a browser and get the new one from the page C(/api/). The same applies if
    the task is killed at that moment.
  - If the config file can't be replaced in the end, the new content stays in a file in the same
    directory, and the message names that file.
  - Tasks of the same user on the same machine that renew the same file wait for each other, and the
    token is renewed once. C(copr-cli new-api-token) does not wait for them.
seealso:
  - module: fedora.copr.copr_auth_info
"""

EXAMPLES = r"""
- name: Keep the token in ~/.config/copr valid, in a weekly job
  fedora.copr.copr_token:

- name: Renew the token of the release machine
  fedora.copr.copr_token:
    config_file: /etc/copr/release.conf
    days: 60
  delegate_to: release.example.org
  become: true
  register: renewal

- name: Show when the token expires
  ansible.builtin.debug:
    msg: The token is valid until {{ renewal.token.expires }}.
"""

RETURN = r"""
token:
  description:
    - What is known about the token after the task. If check mode predicts a renewal,
      RV(token.expires) and RV(token.days_left) are V(null), because only the server knows them.
  returned: success
  type: dict
  sample:
    origin: ~/.config/copr
    expires: "2027-05-24"
    days_left: 180
  contains:
    origin:
      description: Path of the config file.
      type: str
      returned: always
      sample: ~/.config/copr
    expires:
      description: Last day on which the token is valid.
      type: str
      returned: always
      sample: "2027-05-24"
    days_left:
      description: Number of days until then.
      type: int
      returned: always
      sample: 180
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
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.token import ensure_token
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import Module, Task
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

ARGUMENT_SPEC: dict[str, dict[str, Any]] = {"days": {"type": "int", "default": 30}}


def run(task: Task) -> dict[str, Any]:
    """Renew the token if it has too few days left."""
    days = task.params["days"]
    if days < 1:
        raise CoprError("invalid", f"days must be 1 or more, not {days}.")
    return {"token": shown_token(ensure_token(task.client, days, task.record, task.warn))}


# The token is about to be renewed, so no warning about its expiry is needed.
MODULE = Module(ARGUMENT_SPEC, run, warns_of_expiry=False)


def main() -> None:
    """Run as an Ansible module."""
    run_module(MODULE)


if __name__ == "__main__":
    main()
