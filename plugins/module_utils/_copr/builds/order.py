# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finding the existing builds of an order, and submitting the missing ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Callable

from ..lock import one_at_a_time
from ..nouns.build import show
from ..nouns.names import ProjectName
from ..nouns.project import enabled_chroots, read_project
from ..nouns.rights import refuse_unless_buildable
from ..nouns.selection import ChrootNames, planned_to_build, to_build
from ..plan import Difference, Plan, Record, Step, carry_out
from ..sources.source import Source
from ..wire.client import Client
from ..wire.errors import CoprError
from .history import Found, History
from .submission import Submission, submit


@dataclass(frozen=True)
class Order:
    """What a task wants to build, where and how.

    Attributes:
        chroots: where to build.
        dirname: directory of the project, None for its main one.
        options: other fields of build/create, as the API names them.
        force: build again even if builds exist.
        may_fail: names and patterns of chroots in which a build may fail; a failed one counts as
            done.
        missing: errors for what the sources need but does not exist, such as a package.
    """

    project: ProjectName
    sources: Sequence[Source]
    chroots: ChrootNames = field(default_factory=ChrootNames)
    dirname: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    force: bool = False
    may_fail: Sequence[str] = ()
    missing: Sequence[CoprError] = ()

    @property
    def directory(self) -> str:
        """The directory of the project for the builds."""
        return self.dirname or self.project.name


@dataclass(frozen=True)
class Place:
    """Where to build an order.

    Attributes:
        enabled: the chroots that the project has enabled; None if the project does not exist.
        chroots: the selected ones; some may not be enabled, for which C(missing) has errors.
        missing: errors for what does not exist. In check mode it may be planned.
    """

    enabled: Sequence[str] | None
    chroots: Sequence[str]
    missing: Sequence[CoprError]


@dataclass
class Made:
    """A build that the task submits, or would.

    Attributes:
        difference: what it changes.
        build: as the server showed it; None until it is submitted.
        given_up: whether the task has tried to cancel it in favor of a twin.
    """

    submission: Submission
    difference: Difference
    build: dict[str, Any] | None = None
    given_up: bool = False


@dataclass
class Outcome:
    """The builds that a task found, submitted, or would submit.

    Attributes:
        builds: the builds that satisfy the task, oldest first, planned ones last.
        needed: for each build id, the chroots for which the task needs it.
        made: those of them that the task submits.
        likely: builds that may be of a source of the order, which is known once their source is
            imported. If there are any, nothing was submitted.
        newest_id: the newest build of the project before anything was submitted.
        real: whether all of the builds exist; False in check mode.
    """

    builds: list[dict[str, Any]] = field(default_factory=list)
    needed: dict[int, set[str]] = field(default_factory=dict)
    made: list[Made] = field(default_factory=list)
    likely: list[dict[str, Any]] = field(default_factory=list)
    newest_id: int = 0
    real: bool = True

    def use(self, build: dict[str, Any], chroots: Iterable[str]) -> None:
        """Add a build, for the chroots for which it is needed."""
        if build["id"] not in self.needed:
            self.builds.append(build)
        self.needed.setdefault(build["id"], set()).update(chroots)

    def replace(self, made: Made, number: int, build: dict[str, Any]) -> None:
        """Use a build instead of build C(number), which the task submitted and canceled."""
        chroots = self.needed.pop(number)
        self.builds = [each for each in self.builds if each["id"] != number]
        self.made.remove(made)
        self.use(build, chroots)
        self.builds.sort(key=lambda each: int(each["id"]))


def make_present(
    client: Client,
    order: Order,
    record: Record,
    say: Callable[[str], None] | None = None,
    *,
    patient: bool = False,
) -> Outcome:
    """Submit the missing builds of the order, and return all its builds.

    C(say) shows a line of progress during a long upload. A task that is not C(patient) ignores
    builds whose source is uncertain. For a patient one, nothing is submitted while there are any;
    it should wait until their source is imported, and call this again. Check mode assumes that
    their source matches.

    Raises CoprError; the builds found and submitted before the failure are in its C(result).
    """
    project, absent = read_project(client, order.project)
    place = place_of(client, order, project, absent, record.warn)
    with one_at_a_time(client, order.project, say or record.warn):
        history = None
        if place.enabled is not None:
            history = History(client, order.project, order.directory)
        outcome, plan = look(client, order, place, history, say, patient=patient)
        # An empty plan shows whether this is check mode.
        if outcome.likely and carry_out(Plan(), record):
            return outcome
        try:
            outcome.real = carry_out(plan, record)
        except CoprError as error:
            error.result["builds"] = [show(client, build) for build in outcome.builds]
            raise
    if outcome.real:
        outcome.builds.sort(key=lambda build: int(build["id"]))
    else:
        outcome.builds += [planned(each.submission) for each in outcome.made]
    return outcome


def place_of(
    client: Client,
    order: Order,
    project: Mapping[str, Any] | None,
    absent: CoprError | None,
    warn: Callable[[str], None],
) -> Place:
    """Return where to build; a missing project or chroot does not raise an error yet.

    C(project) and C(absent) are as C(read_project) returns them.
    """
    if project is None:
        chroots = planned_to_build(client, order.project, order.chroots)
        return Place(None, chroots, [*([absent] if absent else []), *order.missing])
    enabled = enabled_chroots(project)
    chroots, missing = to_build(client, order.project, order.chroots, enabled, warn)
    return Place(enabled, chroots, [*missing, *order.missing])


def look(
    client: Client,
    order: Order,
    place: Place,
    history: History | None,
    say: Callable[[str], None] | None,
    *,
    patient: bool,
) -> tuple[Outcome, Plan]:
    """Return the existing builds of the order, and the plan for the missing ones.

    C(history) is None for a project that does not exist. The rest is as for C(make_present).
    """
    outcome = Outcome(newest_id=history.newest_id if history else 0)
    plan = Plan(missing=list(place.missing))
    if place.enabled is not None:
        plan.allowed = partial(refuse_unless_buildable, client, order.project)
    # Two addresses of the same version are one source.
    unique = {each.identity.key: each for each in order.sources}
    for source in order.sources if order.force else unique.values():
        found = Found()
        if history is not None and not order.force:
            # Builds from before a chroot was disabled do not count.
            looked = [chroot for chroot in place.chroots if chroot in (place.enabled or ())]
            found = history.find(source, looked, place.enabled or (), order.may_fail)
        for chroot, build in found.builds.items():
            outcome.use(build, [chroot])
        missing = tuple(chroot for chroot in place.chroots if chroot not in found.builds)
        if missing and found.likely and patient:
            outcome.likely += found.likely
            for build in found.likely:
                outcome.use(build, missing)
        elif missing or place.enabled is None:
            submission = Submission(order.project, order.directory, source, missing, order.options)
            plan.steps.append(_step(client, submission, outcome, say))
    return outcome, plan


def _step(
    client: Client,
    submission: Submission,
    outcome: Outcome,
    say: Callable[[str], None] | None,
) -> Step:
    """Return the step that submits a build, and add the build to the outcome."""
    chroots = list(submission.chroots)
    # Those of a project that does not exist yet may be unknown.
    where = {"chroots": chroots} if chroots else {}
    difference = Difference(
        f"{submission.project}: {submission.source.label}",
        None,
        {"source": submission.source.label, **where, **submission.options},
    )
    made = Made(submission, difference)
    outcome.made.append(made)

    def call() -> None:
        made.build = submit(client, submission, outcome.newest_id, say)
        outcome.use(made.build, chroots)

    return Step([difference], call)


def planned(submission: Submission) -> dict[str, Any]:
    """Return a build that is not submitted yet, in the form in which the server returns builds."""
    source = submission.source
    known = source.nevr is not None or source.package_is_certain
    return {
        "id": None,
        "state": "pending",
        **submission.project.query,
        "project_dirname": submission.dirname,
        "chroots": list(submission.chroots),
        "source_package": {
            "name": source.package if known else None,
            "version": source.nevr.evr if source.nevr else None,
            "url": None,
        },
        "repo_url": None,
        "submitter": None,
        "submitted_on": None,
        "started_on": None,
        "ended_on": None,
        "is_background": bool(submission.options.get("background")),
    }
