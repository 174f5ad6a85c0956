# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulator offers beside Copr: faults on request and the list of requests."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

import flask

from ..current import world
from ..faults import Fault
from ..journal import Doorkeeper
from ..world import MOCK_CHROOTS

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


@pages.put("/chroots/<name>")
def change_chroot(name: str) -> tuple[dict[str, Any], int]:
    """End a chroot, or offer it again: ``{"offered": false}`` or true."""
    if name not in MOCK_CHROOTS:
        return {"error": f"There is no chroot {name}."}, 404
    if flask.request.get_json()["offered"]:
        world().revive_chroot(name)
    else:
        world().end_chroot(name)
    return {}, 200


@pages.get("/requests")
def list_requests() -> list[dict[str, Any]]:
    """Answer the requests the API has received, oldest first."""
    return [asdict(received) for received in _doorkeeper().requests]


@pages.delete("/requests")
def clear_requests() -> dict[str, Any]:
    """Begin the list of requests anew."""
    _doorkeeper().requests.clear()
    return {}
