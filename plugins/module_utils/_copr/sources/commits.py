# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which commit a branch or tag points to now."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Callable

from ..wire.addresses import without_credentials
from ..wire.errors import CoprError

# Runs a command with additional environment variables, and ends it after a number of seconds.
# Returns its exit code, standard output and standard error; raises FileNotFoundError and
# TimeoutError. Modules use AnsibleModule.run_command, which is not available elsewhere.
RunCommand = Callable[[Sequence[str], Mapping[str, str], float], "tuple[int, bytes, bytes]"]

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")


def commit_of(url: str, committish: str | None, run_command: RunCommand, *, timeout: float) -> str:
    """Return the commit that a branch, a tag or (without one) HEAD of a repository points to.

    A full commit id is returned as it is. Runs C(git ls-remote), which fetches only references;
    C(timeout) is in seconds. Raises CoprError (invalid, configuration, unreachable).
    """
    wanted = committish or "HEAD"
    if _COMMIT.match(wanted):
        return wanted
    references = _remote_references(url, wanted, run_command, timeout)
    # The peeled form of an annotated tag is the commit; the tag itself is an object of its own.
    for name in (
        wanted,
        f"refs/heads/{wanted}",
        f"refs/tags/{wanted}^{{}}",
        f"refs/tags/{wanted}",
        f"refs/{wanted}",
    ):
        if name in references:
            return references[name]
    raise CoprError("invalid", f"{url} has no branch or tag {wanted!r}, so it can't be pinned.")


def _remote_references(
    url: str, wanted: str, run_command: RunCommand, timeout: float
) -> dict[str, str]:
    command = ["git", "ls-remote", "--quiet", "--", url, wanted, f"{wanted}^{{}}"]
    variables = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        code, output, complaint = run_command(command, variables, timeout)
    except FileNotFoundError as error:
        raise CoprError(
            "configuration", "pin needs git on the host that runs the task; install it there."
        ) from error
    except TimeoutError as error:
        raise CoprError(
            "unreachable", f"git received no answer from {url} within {timeout:g} seconds."
        ) from error
    if code != 0:
        # Git's own settings may add credentials to an address without any.
        said = without_credentials(complaint.decode("utf-8", "replace")).strip().splitlines()
        raise CoprError(
            "unreachable", f"git can't read {url}: {said[-1] if said else f'exit code {code}'}"
        )
    lines = output.decode("utf-8", "replace").splitlines()
    pairs = (line.split("\t", 1) for line in lines if "\t" in line)
    return {name: commit for commit, name in pairs}
