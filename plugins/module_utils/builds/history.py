# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which builds already are what a task asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from ..nouns.build import (
    FINAL,
    fetch_chroots,
    fetch_source_chroot,
    fetch_source_config,
    list_builds,
)
from ..nouns.names import ProjectName
from ..sources.kinds import Source, told_by_build, told_by_config
from ..sources.srpm import open_local
from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.retry import with_retries

# How many of the newest builds of the project, and of the package, are looked at.
LOOK_BACK = 100
LARGEST_SPEC = 16 * 1024 * 1024
# States of a build's chroot that satisfy a task: done, or still on the way. What is skipped is not
# meant to be built there, and would be skipped again.
SATISFYING = frozenset(
    {"succeeded", "forked", "skipped", "waiting", "pending", "starting", "importing", "running"}
)


class History:
    """The newest builds of a project, read once for all sources of a task."""

    def __init__(self, client: Client, project: ProjectName, dirname: str) -> None:
        self._client = client
        self._project = project
        self._dirname = dirname
        self._configs: dict[int, dict[str, Any]] = {}
        self._newest = list(islice(list_builds(client, project, page=LOOK_BACK), LOOK_BACK))

    @property
    def newest_id(self) -> int:
        """The id of the project's newest build, 0 if it has none."""
        return self._newest[0]["id"] if self._newest else 0

    def satisfying(
        self, source: Source, chroots: Sequence[str], enabled: Sequence[str]
    ) -> dict[str, dict[str, Any]]:
        """Return, by chroot, the newest build of the source that succeeded or is on the way.

        Looks no further than needed to satisfy every chroot.
        """
        found: dict[str, dict[str, Any]] = {}
        for build in self._candidates(source):
            still_open = [chroot for chroot in chroots if chroot not in found]
            if not still_open:
                break
            if is_same_source(self._client, source, build, self._configs):
                satisfied = _satisfied_chroots(self._client, build, enabled)
                found.update((chroot, build) for chroot in still_open if chroot in satisfied)
        return found

    def _candidates(self, source: Source) -> Iterable[dict[str, Any]]:
        """Return the builds worth a look, newest first.

        In a project with more builds than were read, the package's own list reaches further
        back; builds whose package is not known yet are only in the list of all.
        """
        builds = {build["id"]: build for build in self._newest}
        if source.package and len(self._newest) == LOOK_BACK:
            pages = list_builds(self._client, self._project, package=source.package, page=LOOK_BACK)
            builds.update((build["id"], build) for build in islice(pages, LOOK_BACK))
        for number in sorted(builds, reverse=True):
            build = builds[number]
            if build["project_dirname"] == self._dirname and _may_satisfy(build):
                yield build


def _may_satisfy(build: Mapping[str, Any]) -> bool:
    """Leave out what was canceled, and what failed before its source was even read."""
    source_failed = build["state"] == "failed" and build["source_package"].get("name") is None
    return build["state"] != "canceled" and not source_failed


def is_same_source(
    client: Client,
    source: Source,
    build: Mapping[str, Any],
    configs: dict[int, dict[str, Any]],
) -> bool:
    """Return whether a build was made from this source, asking for no more than is needed.

    C(configs) keeps the source configurations that were read; they never change. A build that is
    deleted meanwhile is the same as none.
    """
    told = told_by_build(source, build)
    if told is not None:
        return told
    number = build["id"]
    try:
        if number not in configs:
            configs[number] = fetch_source_config(client, number)
        told = told_by_config(source, configs[number])
        return _same_text(client, source, number, configs[number]) if told is None else told
    except CoprError as error:
        if error.kind == "not_found":
            return False
        raise


def _satisfied_chroots(
    client: Client, build: Mapping[str, Any], enabled: Sequence[str]
) -> set[str]:
    """Return the chroots of a build that need no other build."""
    if build["state"] in ("succeeded", "forked"):
        return set(build["chroots"])
    if not build["chroots"]:
        # Submitted without naming any: it will build all, which are known once its source is.
        return set() if build["state"] in FINAL else set(enabled)
    chroots = fetch_chroots(client, build["id"])
    return {chroot["name"] for chroot in chroots if chroot["state"] in SATISFYING}


def _same_text(client: Client, source: Source, build_id: int, config: Mapping[str, Any]) -> bool:
    """Return whether the spec uploaded for a build has the text of the local one.

    The uploaded file can be fetched until its source is built; from then on the spec lies with
    the results of the source build. Where neither is there any more, the answer is no.
    """
    with open_local(str(source.path)) as stream:
        wanted = hashlib.sha256(stream.read()).digest()
    places = [str((config.get("source_dict") or {}).get("url"))]
    result = fetch_source_chroot(client, build_id)
    if result and result.get("result_url"):
        places.insert(0, f"{str(result['result_url']).rstrip('/')}/{source.upload_name}")
    for place in places:
        digest = _digest_of(client, place)
        if digest is not None:
            return digest == wanted
    return False


def _digest_of(client: Client, url: str) -> bytes | None:
    def read() -> bytes | None:
        digest, size = hashlib.sha256(), 0
        for piece in client.download(url):
            digest.update(piece)
            size += len(piece)
            if size > LARGEST_SPEC:
                return None
        return digest.digest()

    try:
        retries = client.settings.retries
        return with_retries(read, repeatable=True, retries=retries, sleep=client.clock.sleep)
    except CoprError as error:
        if error.kind == "not_found":
            return None
        raise
