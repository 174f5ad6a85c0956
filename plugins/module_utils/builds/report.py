# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Telling what became of builds: their chroots and packages, and why those that failed did."""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Container, Mapping, Sequence
from typing import Any

from ..nouns.build import (
    GOOD,
    fetch_chroots,
    fetch_packages,
    fetch_source_chroot,
    is_final,
    label,
    log_url,
    show,
)
from ..wire.answers import plain_text
from ..wire.client import Client
from ..wire.errors import CoprError
from .waiting import Watched

LARGEST_LOG = 64 * 1024 * 1024
LONGEST_LINE = 500
# The longest part of a log's end that is kept while it is read.
LONGEST_TAIL = 256 * 1024


def show_in_full(client: Client, build: Mapping[str, Any]) -> dict[str, Any]:
    """Return a build as results show it, with its chroots and, once it has ended, packages.

    The server gives no chroots (any more) for a build that was deleted.
    """
    chroots = fetch_chroots(client, build["id"])
    packages = fetch_packages(client, build["id"]) if chroots and is_final(build) else None
    return show(client, build, chroots, packages)


def failures_of(
    client: Client,
    builds: Sequence[Mapping[str, Any]],
    needed: Mapping[int, Container[str]],
    log_lines: int,
) -> list[dict[str, Any]]:
    """Return the needed chroots that failed, each with its log's address and last lines.

    C(builds) are as C(show_in_full) gives them; C(needed) names the chroots that matter, by
    build id. A failure of the source build, after which no chroot was even begun, is one entry
    with the chroot C(source).
    """
    failures = []
    for build in builds:
        if build["state"] not in ("failed", "canceled"):
            continue
        chroots = build["build_chroots"]
        broken = [chroot for chroot in chroots if chroot["state"] not in GOOD]
        never_begun = not any(chroot["result_url"] for chroot in chroots)
        if never_begun and (build["state"] == "failed" or not chroots):
            source = fetch_source_chroot(client, build["id"])
            unknown = {"state": build["state"], "result_url": None}
            broken = [{"name": "source", **(source or unknown)}]
        failures += [
            _failure(client, build, chroot, log_lines)
            for chroot in broken
            if chroot["name"] in needed[build["id"]] or chroot["name"] == "source"
        ]
    return failures


def _failure(
    client: Client, build: Mapping[str, Any], chroot: Mapping[str, Any], log_lines: int
) -> dict[str, Any]:
    log = log_url(chroot)
    return {
        "build_id": build["id"],
        "package": build["source_package"].get("name"),
        "chroot": chroot["name"],
        # The chroots of a canceled build follow it a moment later.
        "state": chroot["state"] if is_final(chroot) else build["state"],
        "log_url": log,
        "log_tail": log_tail(client, log, log_lines) if log and log_lines else [],
    }


def log_tail(client: Client, url: str, lines: int) -> list[str]:
    """Return the last lines of a log, packed or not, without terminal codes.

    Some hosts unpack logs on the way and some do not, so what arrives tells. A log that can't
    be read gives no lines: it is only here to help.
    """
    # 47 lets zlib find the form by itself; raw text does not begin like either.
    unpacker = zlib.decompressobj(47)
    packed: bool | None = None
    kept, size = b"", 0
    try:
        for piece in client.download(url):
            size += len(piece)
            if packed is None:
                packed = piece[:2] == b"\x1f\x8b"
            kept = (kept + (unpacker.decompress(piece) if packed else piece))[-LONGEST_TAIL:]
            if size > LARGEST_LOG:
                break
    except (CoprError, zlib.error):
        if not kept:
            return []
    text = kept.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    tail = deque((line for line in text if line.strip()), maxlen=max(0, lines))
    return [plain_text(line, LONGEST_LINE) for line in tail]


def verdict(
    watched: Watched, shown: Sequence[dict[str, Any]], failures: list[dict[str, Any]]
) -> CoprError | None:
    """Return the error that a wait ended with, or None if every build is good.

    A build that failed is told apart from one that is still at work when the time is up, and
    that from a server that could not be reached.
    """
    result = {"builds": list(shown), "failures": failures}
    if failures:
        return CoprError("build_failed", _failed_sentence(shown, failures), result=result)
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


def _failed_sentence(builds: Sequence[Mapping[str, Any]], failures: list[dict[str, Any]]) -> str:
    parts = []
    for build in builds:
        own = [failure for failure in failures if failure["build_id"] == build["id"]]
        if own:
            where = ", ".join(failure["chroot"] for failure in own)
            verb = "was canceled" if build["state"] == "canceled" else "failed"
            parts.append(f"build {label(build)} {verb} in {where}")
    text = "; ".join(parts)
    first = failures[0]
    if first["log_tail"]:
        text += f". The log of {first['chroot']} ends with: {first['log_tail'][-1]}"
    if first["log_url"]:
        text += f" ({first['log_url']})"
    return text[0].upper() + text[1:]


def _listed(build_ids: Sequence[int]) -> str:
    numbers = ", ".join(map(str, build_ids))
    return f"build {numbers}" if len(build_ids) == 1 else f"builds {numbers}"
