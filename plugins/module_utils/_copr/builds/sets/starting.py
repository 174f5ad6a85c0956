# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which builds of a set may start now, and submitting them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ...plan import Difference, Plan, Step, carry_out
from ...wire.errors import CoprError
from ..hosting import Missing, is_hosted, not_hosted
from .ending import fail
from .members import Member
from .run import Run

# Seconds after which packages of a successful build that no repository has count as missing.
LONGEST_UNHOSTED = 900.0
# Errors that concern a single build, so the others can continue.
REFUSALS = frozenset({"invalid", "conflict", "not_found", "local_file"})


def ready_to_start(run: Run) -> list[Member]:
    """Return the builds that may start now."""
    if run.stopped:
        return []
    ended = {"succeeded", "failed"} if run.rules.on_failure == "continue" else {"succeeded"}
    ready = [
        member
        for member in run.in_state("waiting")
        if all(run.members[name].state in ended for name in member.after)
    ]
    if run.rules.needs_repo:
        _host(run, ready)
        ready = [member for member in ready if member.state == "waiting"]
        ready = [member for member in ready if not _unhosted(run, [member])]
    if run.rules.max_in_flight is not None:
        ready = ready[: max(0, run.rules.max_in_flight - len(run.in_state("building")))]
    return ready


def _unhosted(run: Run, ready: Iterable[Member]) -> dict[str, set[str]]:
    """Return which builds must still appear in the repositories, by name, with the chroots."""
    needed: dict[str, set[str]] = {}
    for member in ready:
        for name in member.after:
            other = run.members[name]
            if other.state == "succeeded":
                common = (member.chroots & other.chroots) - other.hosted
                if common:
                    needed.setdefault(name, set()).update(common)
    return needed


def _host(run: Run, ready: Sequence[Member]) -> None:
    """Check whether the repositories have the packages that ready builds need.

    Takes two requests for each chroot, regardless of the number of builds. Packages that do not
    appear for a long time count as failed.
    """
    needed = _unhosted(run, ready)
    if not needed:
        return
    now = run.client.clock.now()
    run.repositories.read(chroot for chroots in needed.values() for chroot in chroots)
    for name, chroots in needed.items():
        member = run.members[name]
        missing = _lacking(run, member, chroots)
        if member.ended is None:
            # It existed when the task began.
            member.ended = now
        if missing is None:
            member.hosted |= chroots
        elif now - member.ended > LONGEST_UNHOSTED:
            fail(run, member, not_hosted([missing], run.repositories.project))


def _lacking(run: Run, member: Member, chroots: set[str]) -> Missing | None:
    for build in member.outcome.builds:
        for chroot in sorted(chroots & set(member.outcome.needed[build["id"]])):
            if not is_hosted(run.repositories, build, [chroot]):
                url = run.repositories.url(chroot) or ""
                return Missing(build, chroot, [member.name], url)
    return None


def start(run: Run, ready: Sequence[Member]) -> None:
    """Submit builds, several at the same time."""
    steps = []
    for member in ready:
        member.outcome.newest_id = run.history.newest_id
        steps += [_step(run, member, step) for step in member.plan.steps]
    try:
        carry_out(Plan(steps, at_once=run.client.at_once), run.record)
    finally:
        for member in ready:
            if member.error is not None:
                fail(run, member, member.error)
            elif member.state == "building":
                run.progress.moved(member)


def _step(run: Run, member: Member, step: Step) -> Step:
    """Return a step that does not raise errors that concern only its own build."""

    def call() -> Sequence[Difference] | None:
        try:
            changed = step.call()
        except CoprError as error:
            if error.kind not in REFUSALS or error.maybe_done:
                raise
            member.error = error
            return []
        member.state, member.is_new = "building", True
        member.began = run.client.clock.now()
        made = [each.build for each in member.outcome.made if each.build]
        member.submitted |= {int(build["id"]) for build in made}
        return changed

    return replace(step, call=call)
