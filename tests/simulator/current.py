# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What belongs to the request being served: the world, the user, the address of the server."""

from __future__ import annotations

from typing import cast

import flask

from .world import User, World


def world() -> World:
    """Return the state of the server."""
    return cast("World", flask.current_app.extensions["simulator"])


def user() -> User:
    """Who is logged in; only endpoints that need a login may ask."""
    return cast("User", flask.g.user)


def server_url() -> str:
    """Return the address at which the client reaches this server, without a slash at the end."""
    return flask.request.host_url.rstrip("/")


def results_url() -> str:
    """Where the results of all builds are found."""
    return f"{server_url()}/results"
