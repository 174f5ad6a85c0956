# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Canceling a build if the same one was submitted elsewhere a moment earlier.

The lock of this machine does not affect others. Two tasks on different machines that look for a
build at the same time both submit it; then both see both builds, and the newer one is canceled.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

from ..nouns.build import is_final, label
from ..plan import Record
from ..wire.client import Client
from .history import Reader
from .order import Made, Order, Outcome
from .removal import cancel

# Builds in a batch have their place in an order, so another build can't replace them.
_IN_A_BATCH = frozenset({"after_build_id", "with_build_id"})


def give_way(
    client: Client,
    order: Order,
    outcome: Outcome,
    rows: Iterable[Mapping[str, Any]],
    own: Container[int],
    record: Record,
) -> dict[int, dict[str, Any]]:
    """Cancel each build of the task that has an older twin, and use the twin instead.

    A twin is a build by the same user, of the same source, for all chroots of ours, submitted
    after this task looked for builds. Ours is canceled only while it is pending. C(rows) are the
    project's builds, newest first; C(own) are the ids of all builds that this task has submitted,
    which are of different sources. A canceled build does not count as a change. Returns the twins
    by the ids of the canceled builds.
    """
    if order.force or _IN_A_BATCH & set(order.options):
        return {}
    newer = []
    for row in rows:
        if row["id"] <= outcome.newest_id:
            break
        newer.append(dict(row))
    reader = Reader(client, {})
    by_id = {row["id"]: row for row in newer}
    replaced = {}
    for made in list(outcome.made):
        ours = made.build and by_id.get(made.build["id"])
        if not ours or not (made.given_up or ours["state"] == "pending"):
            continue
        twin = _oldest_twin(reader, made, ours, [row for row in newer if row["id"] not in own])
        if twin is None:
            continue
        made.given_up = True
        if cancel(client, ours["id"]):
            outcome.replace(made, int(ours["id"]), twin)
            record.differences.remove(made.difference)
            replaced[int(ours["id"])] = twin
            record.warn(
                f"Build {label(ours)} was canceled: build {twin['id']} of the same source was "
                "submitted at the same time and is used instead."
            )
    return replaced


def _oldest_twin(
    reader: Reader, made: Made, ours: Mapping[str, Any], newer: list[dict[str, Any]]
) -> dict[str, Any] | None:
    for row in reversed(newer):
        if (
            row["id"] < ours["id"]
            and not is_final(row)
            and row["submitter"] == ours["submitter"]
            and row["project_dirname"] == ours["project_dirname"]
            # Submitted without chroots, it builds in all.
            and set(made.submission.chroots) <= set(row["chroots"] or made.submission.chroots)
            and reader.is_of(made.submission.source.identity, row)
        ):
            return dict(row)
    return None
