# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Planning a set of builds, and building it in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ...nouns.names import ProjectName
from ...nouns.project import read_project
from ...nouns.rights import refuse_unless_buildable
from ...plan import Plan, Record, carry_out
from ...wire.client import Client
from ...wire.errors import CoprError
from ..history import LOOK_BACK, History
from ..hosting import Repositories
from ..waiting import Patience
from .loop import build_set
from .members import Members, Wish, members_of, missing_of
from .progress import SetProgress, census
from .result import shown, told
from .run import Rules, Run


def make_set(
    client: Client,
    project: ProjectName,
    wishes: Sequence[Wish],
    rules: Rules,
    patience: Patience,
    record: Record,
    *,
    verify_hosted: bool,
    log_lines: int,
    say: Callable[[str], None] | None,
) -> dict[str, Any]:
    """Build a set, and return the result of copr_build_set.

    C(say) shows a line of progress. Raises CoprError; once anything may have been submitted, it has
    the same result.
    """
    row, absent = read_project(client, project)
    members = members_of(client, wishes, row, absent, record.warn)
    real = carry_out(Plan(missing=missing_of(members)), record)
    directory = wishes[0].order.directory
    history = None
    if row is not None:
        history = History(client, project, directory, max(LOOK_BACK, 2 * len(members)))
    for member in members.values():
        member.look(client, history, say)
    if not real or row is None or history is None:
        return _planned(client, project, members, record, exists=row is not None)
    run = Run(
        client=client,
        project=project,
        members=members,
        rules=rules,
        record=record,
        history=history,
        repositories=Repositories(client, row, directory, for_builds=True),
        progress=SetProgress(client, say),
        say=say,
        timeout=patience.timeout,
        known=history.numbers,
    )
    is_done = not run.in_state("waiting", "building")
    run.progress.tell(f"{len(members)} builds: {census(members, rules.max_in_flight)}")
    try:
        build_set(run, patience)
        verify = Repositories(client, row, directory) if verify_hosted else None
        return told(run, log_lines=log_lines, verify=verify, warn=record.warn)
    except CoprError as error:
        error.result = {**shown(client, members), **error.result}
        raise
    finally:
        if not is_done:
            run.progress.tell(f"finished: {census(members, rules.max_in_flight)}")


def _planned(
    client: Client, project: ProjectName, members: Members, record: Record, *, exists: bool
) -> dict[str, Any]:
    """Check the plan of the whole set, and return it as planned."""
    plan = Plan([step for member in members.values() for step in member.plan.steps])
    if exists:
        plan.allowed = partial(refuse_unless_buildable, client, project)
    carry_out(plan, record)
    return shown(client, members, real=False)
