# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulator offers beside Copr: faults on request, the list of requests, chroots."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast, get_args

import flask

from .. import lifecycle
from ..current import world
from ..doorkeeper import Doorkeeper
from ..faults import Fault
from ..world import ChrootState

pages = flask.Blueprint("control", __name__, url_prefix="/simulator")


def _doorkeeper() -> Doorkeeper:
    return cast("Doorkeeper", flask.current_app.extensions["doorkeeper"])


@pages.post("/faults")
def add_fault() -> tuple[dict[str, Any], int]:
    """Let a fault strike coming requests; the fields are those of the class Fault."""
    try:
        fault = Fault(**flask.request.get_json())
    except (TypeError, ValueError) as error:
        return {"error": str(error)}, 400
    _doorkeeper().faults.add(fault)
    return asdict(fault), 200


@pages.get("/faults")
def list_faults() -> list[dict[str, Any]]:
    """Answer the faults that still wait."""
    return [asdict(fault) for fault in _doorkeeper().faults.waiting]


@pages.delete("/faults")
def clear_faults() -> dict[str, Any]:
    """Forget all faults."""
    _doorkeeper().faults.clear()
    return {}


@pages.get("/chroots")
def list_chroots() -> dict[str, str]:
    """Answer all chroots, also those that have ended or are switched off, with their states."""
    return dict(world().chroots)


@pages.put("/chroots/<name>")
def set_chroot(name: str) -> tuple[dict[str, Any], int]:
    """Do what an administrator does to a chroot: ``{"state": "active" | "off" | "ended"}``."""
    state = flask.request.get_json().get("state")
    if state not in get_args(ChrootState):
        return {"error": f"state is one of {', '.join(get_args(ChrootState))}"}, 400
    lifecycle.set_chroot(world(), name, state)
    return {name: state}, 200


@pages.get("/requests")
def list_requests() -> list[dict[str, Any]]:
    """Answer the requests the API has received, oldest first."""
    return [asdict(received) for received in _doorkeeper().requests]


@pages.delete("/requests")
def clear_requests() -> dict[str, Any]:
    """Begin the list of requests anew."""
    _doorkeeper().requests.clear()
    return {}
