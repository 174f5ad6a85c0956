# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one exception of the collection, and the kinds of failure a playbook can tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

Kind = Literal[
    "configuration",
    "authentication",
    "permission",
    "not_found",
    "conflict",
    "invalid",
    "server",
    "unreachable",
    "bot_wall",
    "timeout",
    "build_failed",
    "local_file",
]


class CoprError(Exception):
    """Something went wrong, said in one sentence, with the details a playbook may test.

    Attributes:
        kind: what sort of failure it is; see O(error.kind) in the modules' return values.
        status: HTTP status of the answer, if there was one.
        method, path: the request that failed, if one did.
        server_message: what the server said, unchanged.
        attempts: how often the request was sent.
        transient: the same request may succeed a moment later.
        maybe_done: the server may have done what was asked although no good answer came.
        done: the server has done what was asked; what failed came after it.
        retry_after: seconds the server asked to wait before another try.
        result: more keys for the task's result, such as the builds made so far.
    """

    def __init__(
        self,
        kind: Kind,
        message: str,
        *,
        status: int | None = None,
        method: str | None = None,
        path: str | None = None,
        server_message: str | None = None,
        attempts: int | None = None,
        transient: bool = False,
        maybe_done: bool = False,
        retry_after: float | None = None,
        result: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.message = message
        self.status = status
        self.method = method
        self.path = path
        self.server_message = server_message
        self.attempts = attempts
        self.transient = transient
        self.maybe_done = maybe_done
        self.done = False
        self.retry_after = retry_after
        self.result = result or {}

    def details(self) -> dict[str, Any]:
        """Return the machine-readable half of the failure, as C(error) of a task's result."""
        return {
            "kind": self.kind,
            "status": self.status,
            "method": self.method,
            "path": self.path,
            "server_message": self.server_message,
            "attempts": self.attempts,
        }


@contextmanager
def error_context(what: str) -> Iterator[None]:
    """Put in front of a failure's message what was being done, and to what."""
    try:
        yield
    except CoprError as error:
        error.message = f"{what}: {error.message}"
        raise
