# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of a set."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import partial
from typing import Any

from ...nouns.build import GOOD, show
from ...wire.client import Client
from ...wire.errors import CoprError
from ..hosting import Repositories, not_hosted, verify_hosted
from ..order import planned
from ..report import failed_sentence, failures_of, show_in_full, warnings_of
from .members import STATES, Member, Members
from .run import Run

# For how many builds the message of a failure has the cause.
MOST_TOLD = 3
# How many names of each kind it has.
MOST_NAMES = 10


def shown(client: Client, members: Members, *, real: bool = True) -> dict[str, Any]:
    """Return the result of a set in its current state; with C(real=False), as it is planned."""
    states = [member.state for member in members.values()]
    levels: dict[int, list[str]] = {}
    for member in members.values():
        levels.setdefault(member.level, []).append(member.name)
    builds: dict[int, dict[str, Any]] = {}
    not_made: list[dict[str, Any]] = []
    for member in members.values():
        for build in member.outcome.builds:
            builds[build["id"]] = member.shown.get(build["id"]) or show(client, build)
        if not real:
            made = [planned(each.submission) for each in member.outcome.made]
            not_made += [show(client, build) for build in made]
    return {
        "builds": [builds[number] for number in sorted(builds)] + not_made,
        "members": [_show_member(member, real=real) for member in members.values()],
        "levels": [levels[number] for number in sorted(levels)],
        "summary": {state: states.count(state) for state in STATES},
        "failures": [],
    }


def _show_member(member: Member, *, real: bool) -> dict[str, Any]:
    numbers = sorted(build["id"] for build in member.outcome.builds)
    will_be = [] if real else [None for _made in member.outcome.made]
    return {
        "name": member.name,
        "after": list(member.after),
        "level": member.level,
        "state": member.state,
        "chroots": sorted(member.chroots),
        "build_ids": [*numbers, *will_be],
        "blocked_by": list(member.blocked_by),
        "msg": member.error.message if member.error else None,
    }


def told(
    run: Run,
    *,
    log_lines: int,
    verify: Repositories | None,
    warn: Callable[[str], None],
) -> dict[str, Any]:
    """Return the result of a finished set, or raise the error it ended with.

    Warns about builds without packages, and about failures that are allowed. If C(verify), the
    repositories that users install from, is given, they must have all built packages.

    Raises CoprError with the same result.
    """
    client, members = run.client, run.members
    if run.outage is not None:
        # The details can't be read either.
        raise _failure(run, [], shown(client, members))
    if run.timed_out:
        # Reading the details may take as long as one more request.
        client = client.hurried(client.settings.timeout)
    needed = _needed(members)
    _read(client, members, {"failed", "skipped"} if verify is None else {"failed", *GOOD})
    missing = verify_hosted(verify, _all_read(members), needed) if verify else []
    for warning in warnings_of(_all_read(members), needed):
        warn(warning)
    judged = [member for member in members.values() if member.state != "stopped"]
    read = [build for member in judged for build in member.shown.values()]
    failures = failures_of(client, read, needed, log_lines)
    result = {**shown(client, members), "failures": failures}
    if run.in_state("failed") or run.timed_out:
        raise _failure(run, failures, result)
    if failures:
        warn(f"{failed_sentence(read, failures)}. The option may_fail allows this.")
    if verify and missing:
        error = not_hosted(missing, verify.project)
        error.result = result
        raise error
    return result


def _needed(members: Members) -> dict[int, set[str]]:
    return {
        number: chroots
        for member in members.values()
        for number, chroots in member.outcome.needed.items()
    }


def _read(client: Client, members: Members, states: Container[str]) -> None:
    """Read the builds in some states in full; those that failed in this run were read already."""
    pairs = [
        (member, build)
        for member in members.values()
        for build in member.outcome.builds
        if build["state"] in states and build["id"] not in member.shown
    ]
    read = client.at_once([partial(show_in_full, client, build) for _member, build in pairs])
    for (member, build), full in zip(pairs, read):
        # A build that was deleted meanwhile is shown as last seen.
        if full is not None:
            member.shown[build["id"]] = full


def _all_read(members: Members) -> list[dict[str, Any]]:
    return [build for member in members.values() for build in member.shown.values()]


def _failure(run: Run, failures: list[dict[str, Any]], result: dict[str, Any]) -> CoprError:
    """Return the error of a set that failed or timed out."""
    failed = run.in_state("failed")
    errors = [member.error for member in failed if member.error is not None]
    parts = [_counts(run)] if failed else []
    builds = [build for member in failed for build in member.shown.values()][:MOST_TOLD]
    told_of = {build["id"] for build in builds}
    first = [each for each in failures if each["build_id"] in told_of]
    if first:
        parts.append(f"{failed_sentence(builds, first)}.")
    parts += [error.message for error in errors[:MOST_TOLD]]
    if run.timed_out:
        parts.append(_time_is_up(run))
    if failed and len(errors) == len(failed):
        error = errors[0]
    elif failed:
        error = CoprError("build_failed", "")
    else:
        error = CoprError("unreachable" if run.outage else "timeout", "")
    error.message, error.result = " ".join(parts), result
    return error


def _counts(run: Run) -> str:
    failed, blocked, stopped = map(run.in_state, ("failed", "blocked", "stopped"))
    text = f"{len(failed)} of {len(run.members)} builds failed ({_names(failed)})"
    if blocked:
        comes = "comes" if len(blocked) == 1 else "come"
        text += f", and {len(blocked)} that {comes} after {'it' if len(failed) == 1 else 'them'} "
        text += f"{_were(len(blocked))} not submitted ({_names(blocked)})"
    if stopped:
        text += f"; {len(stopped)} {_were(len(stopped))} stopped ({_names(stopped)})"
    return f"{text}."


def _names(members: Sequence[Member]) -> str:
    names = [member.name for member in members[:MOST_NAMES]]
    return ", ".join([*names, "..."] if len(members) > MOST_NAMES else names)


def _time_is_up(run: Run) -> str:
    building, waiting = len(run.in_state("building")), len(run.in_state("waiting"))
    text = (
        f"Timed out after {run.timeout:g} s (wait_timeout): {building} {_were(building)} still "
        f"building and {waiting} {_were(waiting)} not submitted yet. Nothing was canceled; run the "
        "task again to continue."
    )
    if run.outage is not None:
        text = f"The last request failed: {run.outage.message} {text}"
    return text


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
