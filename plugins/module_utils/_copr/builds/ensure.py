# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Building what a task asks for: submitting, waiting, and returning the result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from ..nouns.build import is_final, list_builds, show
from ..sources.match import is_read
from ..task import Task
from ..wire.errors import CoprError
from . import report
from .hosting import require_hosted
from .order import Order, Outcome, make_present
from .twins import give_way
from .waiting import FirstLook, Patience, wait

# How often a task starts again because somebody deletes the builds that it has found.
ROUNDS = 3


def ensure(task: Task, order: Order, patience: Patience) -> dict[str, Any]:
    """Submit the missing builds of an order, wait if asked to, and return the result.

    Raises CoprError, whose result contains the builds, too.
    """
    for _round in range(ROUNDS):
        outcome, patience = _made_present(task, order, patience)
        try:
            result = _finished(task, order, outcome, patience)
        except CoprError as error:
            error.result = {**_without_details(task, outcome), **error.result}
            raise
        if result is not None:
            return result
    raise CoprError(
        "conflict",
        f"Somebody deleted builds of {order.project} that this task had found, {ROUNDS} times in a "
        "row. Run the task again when nobody deletes them any more.",
        result=_without_details(task, outcome),
    )


def _made_present(task: Task, order: Order, patience: Patience) -> tuple[Outcome, Patience]:
    """Submit the missing builds; return the outcome and the patience that is left.

    If the source of existing builds is uncertain, wait until it is imported.
    """
    client = task.client
    while True:
        started = client.clock.now()
        outcome = make_present(client, order, task.record, task.say, patient=task.params["wait"])
        if not (outcome.real and outcome.likely):
            return outcome, patience
        watched = wait(
            client,
            outcome.likely,
            patience,
            task.say,
            until=lambda build: is_read(build) or is_final(build),
        )
        seen = [show(client, build) for build in watched.builds]
        too_late = report.verdict(watched, seen, [])
        if watched.unfinished and too_late is not None:
            raise too_late
        spent = client.clock.now() - started
        patience = replace(patience, spent=patience.spent + spent)


def _without_details(task: Task, outcome: Outcome) -> dict[str, Any]:
    """Return the result of a task that does not wait for its builds."""
    builds = [show(task.client, build) for build in outcome.builds]
    return {"builds": builds, "failures": [], "skipped_chroots": []}


def _finished(
    task: Task, order: Order, outcome: Outcome, patience: Patience
) -> dict[str, Any] | None:
    """Wait if asked to and return the result with all details, or raise CoprError.

    Returns None if somebody has deleted a build that the task had found, but not submitted: the
    task then starts again without it.
    """
    client = task.client

    def act(rows: Iterable[dict[str, Any]]) -> dict[int, dict[str, Any]]:
        own = {each.build["id"] for each in outcome.made if each.build}
        return give_way(client, order, outcome, rows, own, task.record)

    if not outcome.real or not task.params["wait"]:
        if outcome.real and outcome.made:
            act(list_builds(client, order.project))
        return _without_details(task, outcome)
    first_look = FirstLook(outcome.newest_id, act) if outcome.made else None
    watched = wait(client, outcome.builds, patience, task.say, first_look=first_look)
    result = report.told(
        client,
        watched,
        needed=outcome.needed,
        may_fail=order.may_fail,
        mine={each.build["id"] for each in outcome.made if each.build},
        log_lines=task.params["log_lines"],
        warn=task.warn,
    )
    if result is not None and task.params["verify_hosted"]:
        try:
            require_hosted(client, result["builds"], outcome.needed)
        except CoprError as error:
            error.result = result
            raise
    return result
