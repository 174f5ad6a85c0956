# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Regenerating the repositories of a project, and waiting until that is done."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Callable

from ..builds.waiting import SHORTEST_LIMIT, Patience
from ..nouns.names import ProjectName
from ..nouns.project import SHAPE
from ..nouns.rights import refuse_unless_editable
from ..plan import Difference, Plan, Record, Step, carry_out
from ..progress import Progress
from ..wire.client import Client
from ..wire.errors import CoprError, error_context


def regenerate(
    client: Client,
    name: ProjectName,
    repos: Mapping[str, str],
    patience: Patience | None,
    record: Record,
    say: Callable[[str], None] | None,
    absent: CoprError | None = None,
) -> None:
    """Regenerate the repositories (PUT /project/regenerate-repos), and wait if C(patience).

    The API does not report when they are done, but the metadata change: they contain the time at
    which they were created. C(say) shows a line of progress. C(absent) is the error if the project
    does not exist; check mode plans nevertheless. Raises CoprError (timeout) if some are not
    regenerated in time.
    """
    before = {chroot: _mark(client, url) for chroot, url in repos.items()} if patience else {}
    difference = Difference(f"repositories of {name}", {}, {})
    plan = Plan([Step([difference], lambda: _send(client, name))])
    if absent is None:
        plan.allowed = partial(refuse_unless_editable, client, name)
    else:
        plan.missing = [absent]
    if carry_out(plan, record) and patience:
        _wait(client, name, repos, before, patience, say)


def _send(client: Client, name: ProjectName) -> None:
    with error_context(f"regenerate the repositories of {name}"):
        path = f"project/regenerate-repos/{name.owner}/{name.name}"
        client.change("PUT", path, {}, shape=SHAPE)


def _wait(
    client: Client,
    name: ProjectName,
    repos: Mapping[str, str],
    before: Mapping[str, bytes | None],
    patience: Patience,
    say: Callable[[str], None] | None,
) -> None:
    states = dict.fromkeys(sorted(before), "old")
    progress = Progress(client, say)
    started = client.clock.now()
    while "old" in states.values():
        elapsed = client.clock.now() - started
        if elapsed >= patience.timeout:
            waiting = [chroot for chroot, state in states.items() if state == "old"]
            raise CoprError(
                "timeout",
                f"Timed out after {patience.timeout:g} s (wait_timeout): Copr accepted the request "
                f"to regenerate the repositories of {name}, but these are still the old ones: "
                f"{', '.join(waiting)}.",
            )
        client.clock.sleep(min(patience.pause(elapsed), patience.timeout - elapsed))
        left = patience.timeout - (client.clock.now() - started)
        hurried = client.hurried(left, at_least=SHORTEST_LIMIT)
        for chroot, state in states.items():
            if state == "old" and _is_new(hurried, repos[chroot], before[chroot]):
                states[chroot] = "new"
                progress.tell(f"{chroot}: repository regenerated")
        progress.still_waiting(states.values())
    progress.finish(states.values())


def _mark(client: Client, url: str) -> bytes | None:
    """Return a digest of a repository's index, or None if there is none (yet).

    A page that a proxy in between sends instead does not count.
    """
    address = f"{url.rstrip('/')}/repodata/repomd.xml"
    try:
        pieces = client.patiently(lambda: list(client.download(address)))
    except CoprError as error:
        if error.kind == "not_found":
            return None
        raise
    index = b"".join(pieces)
    return hashlib.sha256(index).digest() if b"<repomd" in index else None


def _is_new(client: Client, url: str, old: bytes | None) -> bool:
    """Return whether there is an index other than the old one; what can't be read is not new."""
    try:
        return _mark(client, url) not in (None, old)
    except CoprError:
        return False
