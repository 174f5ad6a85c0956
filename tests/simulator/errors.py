# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways in which the server refuses a request.

The texts are this simulator's own; statuses and shapes are the server's.
"""

from __future__ import annotations


class ApiError(Exception):
    """A refusal answered as ``{"error": message}`` with a status."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadRequest(ApiError):
    """400: a value that cannot be taken, or things that are still running."""

    status = 400


class Forbidden(ApiError):
    """403: a known user without the right."""

    status = 403


class NotFound(ApiError):
    """404: an unknown project, owner, build, package, chroot or endpoint."""

    status = 404


class Conflict(ApiError):
    """409: a package that is there already, a build that has ended, a chroot that is building."""

    status = 409


class ServerError(ApiError):
    """500 with a message, as the server gives it for many plain mistakes of clients."""

    status = 500


class Crash(ServerError):
    """500 as the server gives it where its own code fails."""

    def __init__(self) -> None:
        super().__init__("The request could not be served; this is probably a bug of the server.")


class RefusedWrite(Exception):
    """A write that the database refuses: the server answers 500 with an HTML page."""


class LoginNeeded(Exception):
    """401: no login, or one that is unknown or wrong."""


class BadMask(Exception):
    """400 with the key ``message``, not ``error``: an X-Fields mask that cannot be parsed."""
