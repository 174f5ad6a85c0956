# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading the state of the builds of a set, and other new builds of the project."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...nouns.build import fetch_build, is_final, list_builds
from ...sources.match import is_read
from ...wire.client import Client
from ..twins import give_way
from .ending import was_deleted
from .members import Member
from .run import Run

PAGE = 100


def look(run: Run, client: Client) -> None:
    """Read the awaited and the new builds of the project (GET /build/list)."""
    awaited = {number for member in run.in_state("building") for number in member.unfinished}
    missing, fresh = set(awaited), {}
    rows: list[dict[str, Any]] = []
    for row in list_builds(client, run.project, page=PAGE):
        rows.append(row)
        run.known.add(row["id"])
        if row["id"] in missing:
            fresh[row["id"]] = row
            missing.discard(row["id"])
        if row["id"] <= run.history.newest_id and _ask_one_by_one(run, missing, row["id"]):
            break
    for number in missing:
        found = fetch_build(client, number)
        if found is None:
            run.history.forget(number)
        else:
            fresh[number] = found
    run.known |= awaited
    is_news = run.history.refresh(rows, run.mine)
    for member in run.in_state("building"):
        _take_in(run, member, rows, awaited, fresh)
    if is_news:
        # Somebody else may have submitted missing builds.
        for member in run.in_state("waiting"):
            member.look(run.client, run.history, run.say)


def _ask_one_by_one(run: Run, missing: set[int], reached: int) -> bool:
    """Return whether that takes fewer requests than reading the list until it has all."""
    between = sum(1 for number in run.known if missing and min(missing) <= number < reached)
    return len(missing) <= between / PAGE or not missing


def _take_in(
    run: Run,
    member: Member,
    rows: Sequence[dict[str, Any]],
    awaited: set[int],
    fresh: dict[int, dict[str, Any]],
) -> None:
    """Update the builds of a member."""
    builds = member.outcome.builds
    gone = [build["id"] for build in builds if build["id"] in awaited - set(fresh)]
    member.outcome.builds = [fresh.get(build["id"], build) for build in builds]
    if gone:
        was_deleted(run, member, gone[0])
        return
    if member.is_new:
        member.is_new = False
        give_way(run.client, member.order, member.outcome, rows, run.mine, run.record)
    likely = {build["id"] for build in member.outcome.likely}
    seen = [build for build in member.outcome.builds if build["id"] in likely]
    if likely and all(is_read(build) or is_final(build) for build in seen):
        # Now it is known whether they are of its source.
        member.look(run.client, run.history, run.say)
