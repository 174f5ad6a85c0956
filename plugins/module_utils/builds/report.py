# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Telling what became of builds: their chroots and packages, and why those that failed did."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Callable

from ..nouns.build import (
    GOOD,
    SOURCE,
    chroots_of,
    fetch_source_chroot,
    is_final,
    label,
    log_url,
    log_urls,
    packages_of,
    show,
)
from ..nouns.selection import matching
from ..wire.answers import plain_text
from ..wire.client import Client
from ..wire.errors import CoprError
from .causes import find_cause
from .logs import read_log
from .waiting import Watched

# Of more failures than these the logs are not read: who has so many looks at the first ones.
MOST_LOGS = 10
LONGEST_LINE = 500


def told(
    client: Client,
    watched: Watched,
    *,
    needed: Mapping[int, Collection[str]] | None = None,
    mine: Container[int] = (),
    may_fail: Sequence[str] = (),
    log_lines: int,
    warn: Callable[[str], None],
) -> dict[str, Any] | None:
    """Return the result of a wait with all details, or raise what became of the builds.

    Args:
        needed: the chroots that matter, by build id; None means all.
        may_fail: names and patterns of chroots whose failure is only warned of.
        mine: the builds without which the task has failed. If another one was deleted, this
            returns None: the task is to go on as if it had never been there.

    Raises CoprError as verdict tells it, with C(builds) and C(failures) in its result.
    """
    last_seen = [show(client, build) for build in watched.builds]
    if watched.outage is not None:
        # The details can't be had either; what was seen last is all there is to tell.
        raise verdict(watched, last_seen, []) or watched.outage
    if watched.unfinished:
        # The time is up. What is still to be read may take as long as one more request.
        client = client.hurried(client.settings.timeout)
    try:
        shown = _in_full(client, watched, mine)
    except CoprError as error:
        if not watched.unfinished:
            raise
        raise (verdict(watched, last_seen, []) or error) from error
    if shown is None:
        return None
    if needed is None:
        needed = {build["id"]: [each["name"] for each in build["build_chroots"]] for build in shown}
    for warning in warnings_of(shown, needed):
        warn(warning)
    failures = failures_of(client, shown, needed, log_lines)
    grave = [
        each
        for each in failures
        if not is_allowed(each["chroot"], needed[each["build_id"]], may_fail)
    ]
    failed = verdict(watched, shown, grave)
    if failed is not None:
        failed.result["failures"] = failures
        raise failed
    if failures:
        warn(f"{failed_sentence(shown, failures)} This may fail.")
    return {
        "builds": shown,
        "failures": failures,
        "skipped_chroots": skipped_chroots(shown, needed),
    }


def is_allowed(chroot: str, needed: Collection[str], may_fail: Sequence[str]) -> bool:
    """Return whether a build may fail where it did; of the source's, whether it may everywhere.

    C(needed) are the chroots of the build that matter.
    """
    where = set(needed if chroot == SOURCE else [chroot])
    return bool(where) and where <= matching(where, may_fail)


def _in_full(client: Client, watched: Watched, mine: Container[int]) -> list[dict[str, Any]] | None:
    """Return the builds of a wait with all details.

    Builds that were deleted meanwhile are noted as gone, or make this return None if the task can
    do without them.
    """

    def read(build: Mapping[str, Any]) -> dict[str, Any] | None:
        return None if build["id"] in watched.gone else show_in_full(client, build)

    shown = []
    read_at_once = client.at_once([partial(read, build) for build in watched.builds])
    for build, full in zip(watched.builds, read_at_once):
        if full is None and build["id"] not in watched.gone:
            if build["id"] not in mine:
                return None
            watched.gone.append(build["id"])
        shown.append(full or show(client, build, []))
    return shown


def show_in_full(client: Client, build: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a build as results show it, with its chroots and, once it has ended, packages.

    Returns None if the build was deleted.
    """
    chroots = chroots_of(client, build)
    if chroots is None:
        return None
    packages = None
    if chroots and is_final(build):
        packages = packages_of(client, build, chroots)
        if packages is None:
            return None
    return show(client, build, chroots, packages)


def skipped_chroots(
    builds: Sequence[Mapping[str, Any]], needed: Mapping[int, Container[str]]
) -> list[dict[str, Any]]:
    """Return the needed chroots in which Copr built nothing because the package excludes them.

    C(builds) are as C(show_in_full) gives them.
    """
    return [
        {
            "build_id": build["id"],
            "package": build["source_package"].get("name"),
            "chroot": chroot["name"],
        }
        for build in builds
        for chroot in build["build_chroots"]
        if chroot["state"] == "skipped" and chroot["name"] in needed[build["id"]]
    ]


def warnings_of(
    builds: Sequence[Mapping[str, Any]], needed: Mapping[int, Iterable[str]]
) -> list[str]:
    """Return what the user should know of builds that did not fail: those that gave nothing.

    C(builds) are as C(show_in_full) gives them.
    """
    warnings = []
    for build in builds:
        chroots = [each for each in build["build_chroots"] if each["name"] in needed[build["id"]]]
        names = ", ".join(each["name"] for each in chroots)
        if chroots and all(each["state"] == "skipped" for each in chroots):
            warnings.append(
                f"Nothing was built: build {label(build)} was skipped in {names}, because of "
                "ExclusiveArch or ExcludeArch of the package."
            )
        empty = [
            each["name"]
            for each in chroots
            if each["state"] == "succeeded" and not each["packages"]
        ]
        if empty and is_final(build):
            warnings.append(
                f"Build {label(build)} succeeded in {', '.join(empty)}, but Copr shows no "
                "packages of it."
            )
    return warnings


def failures_of(
    client: Client,
    builds: Sequence[Mapping[str, Any]],
    needed: Mapping[int, Container[str]],
    log_lines: int,
) -> list[dict[str, Any]]:
    """Return the needed chroots that failed, each with its log's address and what the log says.

    C(builds) are as C(show_in_full) gives them; C(needed) names the chroots that matter, by
    build id. A failure of the source build, after which no chroot was even begun, is one entry
    with the chroot C(source). C(log_lines) bounds what is returned of each log; only the logs of
    the first failures are read.
    """
    broken: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
    for build in builds:
        # A chroot that ended while it was being built in is canceled; the build may succeed.
        if is_final(build):
            broken += [
                (build, chroot) for chroot in broken_chroots(client, build, needed[build["id"]])
            ]
    return client.at_once(
        [
            partial(_failure, client, *each, log_lines if number < MOST_LOGS else 0)
            for number, each in enumerate(broken)
        ]
    )


def broken_chroots(
    client: Client, build: Mapping[str, Any], needed: Container[str]
) -> list[Mapping[str, Any]]:
    """Return the needed chroots of a build that failed; or its source, if that did."""
    chroots: list[Mapping[str, Any]] = list(build["build_chroots"])
    never_begun = not any(chroot["result_url"] for chroot in chroots)
    bad = build["state"] not in GOOD
    if bad and never_begun and (build["state"] == "failed" or not chroots):
        unknown = {"state": build["state"], "result_url": None}
        return [{"name": SOURCE, **(_source_of(client, build) or unknown)}]
    return [
        chroot for chroot in chroots if chroot["state"] not in GOOD and chroot["name"] in needed
    ]


def _source_of(client: Client, build: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        return fetch_source_chroot(client, build["id"])
    except CoprError as error:
        if error.kind == "not_found":
            return None
        raise


def _failure(
    client: Client, build: Mapping[str, Any], chroot: Mapping[str, Any], log_lines: int
) -> dict[str, Any]:
    addresses = log_urls(chroot) if log_lines else []
    log, lines = read_log(client, addresses)
    cause = find_cause(lines, log_lines)
    return {
        "build_id": build["id"],
        "package": build["source_package"].get("name"),
        "chroot": chroot["name"],
        # The chroots of a canceled build follow it a moment later.
        "state": chroot["state"] if is_final(chroot) else build["state"],
        "log_url": log or log_url(chroot),
        "cause": cause and plain_text(cause.line, LONGEST_LINE),
        "log_excerpt": _shown(cause.excerpt if cause else []),
        "log_tail": _shown(lines[-log_lines:] if log_lines > 0 else []),
    }


def _shown(lines: Iterable[str]) -> list[str]:
    return [plain_text(line, LONGEST_LINE) for line in lines]


def verdict(
    watched: Watched, shown: Sequence[dict[str, Any]], failures: list[dict[str, Any]]
) -> CoprError | None:
    """Return the error that a wait ended with, or None if every build is good.

    A build that failed is told apart from one that is still at work when the time is up, and
    that from a server that could not be reached.
    """
    result = {"builds": list(shown), "failures": failures}
    if failures:
        return CoprError("build_failed", failed_sentence(shown, failures), result=result)
    if watched.unfinished and watched.outage:
        return CoprError(
            "unreachable",
            f"Copr could not be reached when the time to wait was up: {watched.outage.message} "
            f"What became of {_listed(watched.unfinished)} is not known; they are not canceled.",
            result=result,
        )
    if watched.unfinished:
        return CoprError(
            "timeout",
            f"The time to wait was up before the end of {_listed(watched.unfinished)}. Nothing "
            "was canceled; run the task again to go on waiting.",
            result=result,
        )
    if watched.gone:
        return CoprError(
            "not_found",
            f"While they were waited for, somebody deleted {_listed(watched.gone)}.",
            result=result,
        )
    return None


def failed_sentence(builds: Sequence[Mapping[str, Any]], failures: list[dict[str, Any]]) -> str:
    parts = []
    for build in builds:
        own = [failure for failure in failures if failure["build_id"] == build["id"]]
        if own:
            where = ", ".join(failure["chroot"] for failure in own)
            canceled = all(failure["state"] == "canceled" for failure in own)
            verb = "was canceled" if canceled else "failed"
            parts.append(f"build {label(build)} {verb} in {where}")
    text = "; ".join(parts)
    first = failures[0]
    if first["cause"]:
        text += f". The log of {first['chroot']} says: {first['cause']}"
    if first["log_url"]:
        text += f" ({first['log_url']})"
    return text[0].upper() + text[1:]


def _listed(build_ids: Sequence[int]) -> str:
    numbers = ", ".join(map(str, build_ids))
    return f"build {numbers}" if len(build_ids) == 1 else f"builds {numbers}"
