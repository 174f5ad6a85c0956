# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Judging finished builds of a set, and the consequences of a failure."""

from __future__ import annotations

from ...nouns.build import GOOD, fetch_build, is_final
from ...nouns.selection import is_allowed
from ...plan import carry_out
from ...wire.errors import CoprError
from ..removal import plan_cancel
from ..report import broken_chroots, show_in_full
from .members import Member, block_dependents
from .run import Run

# How often a build is looked for again because somebody deletes the one that was found.
ROUNDS = 3


def judge(run: Run, member: Member) -> None:
    """Decide whether a finished build is good in all chroots that matter."""
    needed = member.outcome.needed
    for build in member.outcome.builds:
        if build["state"] in GOOD:
            continue
        full = show_in_full(run.client, build)
        if full is None:
            run.history.forget(build["id"])
            was_deleted(run, member, build["id"])
            return
        member.shown[build["id"]] = full
        broken = broken_chroots(run.client, full, needed[build["id"]])
        may_fail = member.order.may_fail
        if any(not is_allowed(each["name"], needed[build["id"]], may_fail) for each in broken):
            fail(run, member)
            return
    member.state = "succeeded"
    member.ended = run.client.clock.now()
    run.progress.moved(member)


def fail(run: Run, member: Member, error: CoprError | None = None) -> None:
    """Note that a member has failed, and prevent others from starting, as the rules say."""
    member.state = "failed"
    member.error = error
    member.ended = run.client.clock.now()
    run.progress.moved(member)
    if run.rules.on_failure == "continue":
        return
    block_dependents(run.members, [member.name])
    if run.rules.on_failure == "stop_all" and not run.stopped:
        run.stopped = True
        for other in run.in_state("waiting"):
            other.state = "stopped"
        if run.rules.cancel_on_stop:
            _cancel(run)


def _cancel(run: Run) -> None:
    """Cancel the unfinished builds that this task has submitted."""
    for member in run.in_state("building"):
        open_builds = [build for build in member.outcome.builds if not is_final(build)]
        if all(build["id"] in member.submitted for build in open_builds):
            carry_out(plan_cancel(run.client, open_builds), run.record)
            now = {each["id"]: fetch_build(run.client, each["id"]) or each for each in open_builds}
            builds = member.outcome.builds
            member.outcome.builds = [now.get(build["id"], build) for build in builds]
            member.state = "stopped"
            run.progress.moved(member)


def was_deleted(run: Run, member: Member, number: int) -> None:
    """Look again for a build that was deleted; fail instead if this task had submitted it."""
    member.rounds += 1
    if number in member.submitted or member.rounds > ROUNDS:
        text = f"Somebody deleted build {number} of {member.name} while this task was waiting."
        fail(run, member, CoprError("not_found", text))
    else:
        member.look(run.client, run.history, run.say)
