# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An event source for ansible-rulebook: the builds of a Copr project or owner."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

DOCUMENTATION = r"""
---
short_description: Receive an event when the state of a Copr build changes.
description:
  - Polls Copr for the builds of a project, or of all projects of an owner, and sends one event for
    each change of a build's state that it sees.
  - Builds that exist when the source starts cause no event until their state changes. With
    O(state_file), the source continues where it ended instead.
  - A poll shows the state at that moment. A state that lasts less than O(interval) may not be seen.
    The final state of a build is always seen, unless the build is deleted before.
  - When Copr can't be reached, the source keeps polling with growing pauses of up to ten minutes.
    It reports the changes afterwards.
  - A poll of a project is one request. A poll of an owner is one request for each project, and one
    for their list. More are needed while builds are unfinished that are older than the 50 newest
    finished ones.
  - Reading builds needs no login. The credentials are used only to find out whose project is meant
    by a O(project) without an owner.
  - Needs the Python library C(requests) beside ansible-rulebook.
options:
  project:
    description:
      - The project, as C(owner/name), C(@group/name), or C(name) for a project of your own.
      - Set either this or O(owner).
    type: str
  owner:
    description:
      - A user, or a group as C(@group), whose projects are all watched, new ones included.
    type: str
  packages:
    description:
      - Names of packages, or shell patterns of names. Other packages cause no events.
      - Copr knows the package of a build only after importing its source. Until then, and for ever
        if that fails, a build matches only the pattern V(*).
    type: list
    elements: str
  states:
    description:
      - The states that cause events. By default all do.
    type: list
    elements: str
    choices:
      - pending
      - starting
      - importing
      - running
      - succeeded
      - failed
      - canceled
      - skipped
      - forked
      - unknown
  final_only:
    description:
      - Whether only final states cause events, that is V(succeeded), V(failed), V(canceled),
        V(skipped), V(forked) and V(unknown). Set either this or O(states).
    type: bool
    default: false
  interval:
    description:
      - Seconds between two polls, from 1 to a day.
    type: float
    default: 30.0
  state_file:
    description:
      - A file in which the source keeps what it has reported. After a restart it reports what has
        changed meanwhile, and repeats nothing.
      - The source creates the file; its directory must exist. Give each source a file of its own.
      - Without it, changes that happen while no rulebook runs are not reported.
    type: str
  copr_url:
    description:
      - Address of the Copr frontend. By default E(COPR_URL), then what the config file says, then
        Fedora's public instance.
    type: str
  copr_login:
    description:
      - The login that belongs to O(copr_token). By default E(COPR_LOGIN).
    type: str
  copr_token:
    description:
      - The API token. By default E(COPR_TOKEN).
    type: str
  copr_username:
    description:
      - Owner of a O(project) that is named without one. By default E(COPR_USERNAME), then what the
        config file says, then the user that the token belongs to.
    type: str
  config_file:
    description:
      - Path of the config file of C(copr-cli). By default E(COPR_CONFIG), then C(~/.config/copr).
    type: path
  config_content:
    description:
      - The text of such a file. By default E(COPR_CONFIG) if it holds a text.
    type: str
  gssapi:
    description:
      - Log in with a Kerberos ticket. By default E(COPR_GSSAPI).
    type: bool
  validate_certs:
    description:
      - Whether the server's certificate is verified. By default E(COPR_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description:
      - Certificates of the authorities to trust. By default E(COPR_CA_PATH).
    type: path
  request_timeout:
    description:
      - Seconds that the server has to begin its answer. By default E(COPR_REQUEST_TIMEOUT).
    type: float
    default: 60.0
  retries:
    description:
      - How often a request is sent again within a poll. By default E(COPR_RETRIES).
    type: int
    default: 4
"""

EXAMPLES = r"""
- fedora.copr.copr_builds:
    project: "@team/hello"
    final_only: true

- fedora.copr.copr_builds:
    owner: alice
    packages: [hello, lib*]
    states: [failed]
    interval: 300
    state_file: /var/lib/eda/alice.json
"""

# Under which name this collection's code is imported here.
PACKAGE = "fedora_copr_module_utils"


def _package() -> str:
    """Make the module_utils of this collection importable, and return the name of their package.

    ansible-rulebook runs this file by its path, without Ansible's importer, so that the package
    ansible_collections does not exist or is another one. The files beside this one are right.
    """
    if PACKAGE not in sys.modules:
        folder = Path(__file__).parents[4] / "plugins" / "module_utils" / "_copr"
        spec = importlib.util.spec_from_file_location(
            PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        if spec is None:
            raise ImportError(f"{folder} has no code to import.")
        sys.modules[PACKAGE] = importlib.util.module_from_spec(spec)
    return PACKAGE


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Put events into the queue until canceled."""
    await importlib.import_module(f"{_package()}.events.watch").watch(queue, args)
