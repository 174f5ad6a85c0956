# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of builds: their chroots and packages, and the causes of failures."""

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
from ..nouns.selection import is_allowed
from ..wire.answers import plain_text
from ..wire.client import Client
from ..wire.errors import CoprError
from .causes import find_cause
from .logs import read_log
from .waiting import Watched

# How many failures have their logs read; with more, the first ones are enough.
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
    """Return the result of a wait with all details, or raise the error it ended with.

    Args:
        needed: the chroots that matter, by build id; None means all.
        may_fail: names and patterns of chroots whose failure only triggers a warning.
        mine: the builds that the task can't do without. If any other one was deleted, this
            returns None: the task should continue as if it had never existed.

    Raises the CoprError that C(verdict) returns, with C(builds) and C(failures) in its result.
    """
    last_seen = [show(client, build) for build in watched.builds]
    if watched.outage is not None:
        # The details can't be read either, so the result is what was seen last.
        raise verdict(watched, last_seen, []) or watched.outage
    if watched.unfinished:
        # The time is up. Reading the details may take as long as one more request.
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
        warn(f"{failed_sentence(shown, failures)}. The option may_fail allows this.")
    return {
        "builds": shown,
        "failures": failures,
        "skipped_chroots": skipped_chroots(shown, needed),
    }


def _in_full(client: Client, watched: Watched, mine: Container[int]) -> list[dict[str, Any]] | None:
    """Return the builds of a wait with all details.

    Builds that were deleted meanwhile are recorded as gone; if the task can do without them, this
    returns None.
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
    """Return a build as results show it, with its chroots and, once it is finished, its packages.

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

    C(builds) are as C(show_in_full) returns them.
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
    """Return warnings about builds that did not fail but produced no packages.

    C(builds) are as C(show_in_full) returns them.
    """
    warnings = []
    for build in builds:
        chroots = [each for each in build["build_chroots"] if each["name"] in needed[build["id"]]]
        names = ", ".join(each["name"] for each in chroots)
        if chroots and all(each["state"] == "skipped" for each in chroots):
            warnings.append(
                f"Nothing was built: build {label(build)} was skipped in {names}, because of "
                "the package's ExclusiveArch or ExcludeArch."
            )
        empty = [
            each["name"]
            for each in chroots
            if each["state"] == "succeeded" and not each["packages"]
        ]
        if empty and is_final(build):
            warnings.append(
                f"Build {label(build)} succeeded in {', '.join(empty)}, but Copr lists no "
                "packages for it."
            )
    return warnings


def failures_of(
    client: Client,
    builds: Sequence[Mapping[str, Any]],
    needed: Mapping[int, Container[str]],
    log_lines: int,
) -> list[dict[str, Any]]:
    """Return the needed chroots that failed, each with the address and the lines of its log.

    C(builds) are as C(show_in_full) returns them; C(needed) has the chroots that matter, by build
    id. A failed source build, after which no chroot was started, is one entry with the chroot
    C(source). C(log_lines) limits the lines of each log; only the logs of the first failures are
    read.
    """
    broken: list[tuple[Mapping[str, Any], Mapping[str, Any]]] = []
    for build in builds:
        # A build in a chroot that ends meanwhile is canceled there, but may succeed otherwise.
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
    """Return the needed chroots of a build that failed, or its source, if that failed."""
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
        # The chroots of a canceled build change their state a moment later.
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

    It distinguishes failed builds, builds that were not finished in time, and a server that could
    not be reached.
    """
    result = {"builds": list(shown), "failures": failures}
    if failures:
        return CoprError("build_failed", failed_sentence(shown, failures), result=result)
    if watched.unfinished and watched.outage:
        return CoprError(
            "unreachable",
            f"{_timed_out(watched)}, and the last request failed: {watched.outage.message} The "
            f"state of {_listed(watched.unfinished)} is not known; nothing was canceled.",
            result=result,
        )
    if watched.unfinished:
        return CoprError(
            "timeout",
            f"{_timed_out(watched)}: {_listed(watched.unfinished)} "
            + ("has" if len(watched.unfinished) == 1 else "have")
            + " not finished. Nothing was canceled; run the task again to keep waiting.",
            result=result,
        )
    if watched.gone:
        return CoprError(
            "not_found",
            f"Somebody deleted {_listed(watched.gone)} while this task was waiting.",
            result=result,
        )
    return None


def _timed_out(watched: Watched) -> str:
    return f"Timed out after {watched.timeout:g} s (wait_timeout)"


def failed_sentence(builds: Sequence[Mapping[str, Any]], failures: list[dict[str, Any]]) -> str:
    """Return a sentence with the builds that failed, and the cause of the first failure."""
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
