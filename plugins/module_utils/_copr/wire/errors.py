# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's only exception, and the kinds of failure a playbook can distinguish."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

# How a message begins when the server gave a reason; the reason follows after a colon.
REFUSED = "Copr refused the request"
FAILED = "Copr failed"


class CoprError(Exception):
    """A failure: one sentence for people, and details that a playbook can test.

    Attributes:
        kind: what sort of failure it is; see O(error.kind) in the modules' return values.
        status: HTTP status of the response, if there was one.
        method, path: the request that failed, if one did.
        server_message: the server's own message, unchanged.
        attempts: how often the request was sent.
        transient: the same request may succeed a moment later.
        maybe_done: the server may have carried out the request although no valid response arrived.
        done: the server has carried out the request; a later step failed.
        partly: what else was changed before the failure, as C(plan.Difference).
        retry_after: seconds the server asked to wait before another try.
        result: more keys for the task's result, such as the builds submitted so far.
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
        self.partly: Sequence[Any] = ()
        self.retry_after = retry_after
        self.result = result or {}

    def details(self) -> dict[str, Any]:
        """Return the machine-readable part of the failure, which results show as C(error)."""
        return {
            "kind": self.kind,
            "status": self.status,
            "method": self.method,
            "path": self.path,
            "server_message": self.server_message,
            "attempts": self.attempts,
        }


class MissingLibrary(CoprError):
    """A library that only some tasks need is not installed where the task runs.

    It is raised before anything is changed.

    Attributes:
        library: the package to install.
        reason: what it is needed for, such as C(to upload files).
        trouble: the traceback of importing it.
    """

    def __init__(self, library: str, reason: str, trouble: str) -> None:
        super().__init__(
            "configuration",
            f"The Python library {library} is required {reason}; install it on the host that runs "
            "the task.",
        )
        self.library = library
        self.reason = reason
        self.trouble = trouble


@contextmanager
def error_context(action: str) -> Iterator[None]:
    """Say in the message of a failure what was attempted, such as C(create alice/demo)."""
    try:
        yield
    except CoprError as error:
        opening, _colon, reason = error.message.partition(": ")
        if opening in (REFUSED, FAILED):
            verb = "refused" if opening == REFUSED else "failed"
            error.message = f"Copr {verb} to {action}: {reason}"
        else:
            error.message = f"Could not {action}: {error.message}"
        raise
