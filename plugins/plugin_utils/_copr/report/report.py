# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report on builds: the content of the page, from the results of modules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

from .builds import folder_of, moments_of, page_of_project, project_of
from .failures import Failure, failures_of
from .matrix import Row, chroots_of, rows_of_builds, rows_of_project
from .timeline import Period, Unsubmitted, periods_of, unsubmitted_of


@dataclass(frozen=True)
class Report:
    """The content of the page.

    Attributes:
        projects: the full names of the projects, with the addresses of their pages.
        latest: the latest time known of any build; None without builds.
        chroots: the columns of the matrix.
        rows: its rows.
        states: how many cells of the matrix are in each state.
        periods: the timeline.
        unsubmitted: the builds that a set has not submitted.
    """

    projects: Mapping[str, str]
    latest: int | None
    chroots: Sequence[str]
    rows: Sequence[Row]
    states: Mapping[str, int]
    failures: Sequence[Failure]
    periods: Sequence[Period]
    unsubmitted: Sequence[Unsubmitted]


def report_of(
    builds: Any,
    *,
    project: Any = None,
    packages: Any = None,
    failures: Any = (),
    members: Any = (),
) -> Report:
    """Return the report on builds.

    Args:
        builds: as copr_build_info returns them, with their chroots.
        project: the project they belong to, as copr_project_info returns it.
        packages: its packages, as copr_monitor_info returns them; None takes them from the builds.
        failures: the failures that copr_build_info returns for builds whose logs it has read.
        members: the members of the builds' set, as copr_build_set returns them.

    Raises CoprError (invalid) if the arguments have another form.
    """
    try:
        by_id = {int(build["id"]): build for build in builds}
        names = [project["full_name"]] if project else sorted({project_of(each) for each in builds})
        if packages is None:
            rows = rows_of_builds(builds)
        else:
            rows = rows_of_project(names[0], packages, by_id)
        return Report(
            projects={name: page_of_project(folder_of(builds), name) for name in names},
            latest=max((moment for each in builds for moment in moments_of(each)), default=None),
            chroots=chroots_of(rows, project["chroots"] if project else ()),
            rows=rows,
            states=Counter(cell.state for row in rows for cell in row.cells.values()),
            failures=failures_of(rows, builds, failures),
            periods=periods_of(builds, members),
            unsubmitted=unsubmitted_of(members),
        )
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise CoprError(
            "invalid",
            "report needs builds with chroots as copr_build_info returns them; the option packages "
            "needs packages of copr_monitor_info, with project set, and the option set needs "
            "members of copr_build_set.",
        ) from error
