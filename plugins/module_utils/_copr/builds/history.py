# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which existing builds already satisfy a task."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Callable, TypeVar

from ..nouns.build import (
    FINAL,
    GOOD,
    SOURCE,
    SUCCESS,
    fetch_build,
    fetch_chroots,
    fetch_source_chroot,
    fetch_source_config,
    list_builds,
)
from ..nouns.names import ProjectName
from ..nouns.selection import is_allowed, matching
from ..sources.match import ByText, ByVersion, Identity, is_read
from ..sources.source import Source
from ..sources.srpm import nevr_of_pieces
from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.files import open_local

# How many of the newest builds of the project, and of the package, are considered.
LOOK_BACK = 100
# For how many of the newest builds the address of their source is read.
ADDRESS_LOOK_BACK = 25
LARGEST_SPEC = 16 * 1024 * 1024
# States of a build's chroot that satisfy a task: done, or in progress. A skipped chroot would be
# skipped again, because the package excludes it.
SATISFYING = GOOD | {"waiting", "pending", "starting", "importing", "running"}


T = TypeVar("T")


@dataclass(frozen=True)
class Reader:
    """Reads only as much of a build as is needed to identify its source.

    C(configs) caches source configurations, which never change.
    """

    client: Client
    configs: dict[int, dict[str, Any]]

    def is_of(self, identity: Identity, build: Mapping[str, Any]) -> bool | None:
        """Return whether a build was made from a source, None while that is unknown.

        It is unknown for a source RPM that is not imported yet and has the right file name, if its
        header can't be read where it is stored.
        """
        try:
            return self._compare(identity, build)
        except CoprError as error:
            if error.kind == "not_found":
                # Deleted meanwhile, so it does not count.
                return False
            raise

    def _compare(self, identity: Identity, build: Mapping[str, Any]) -> bool | None:
        matches = identity.matches_build(build)
        if matches is None:
            matches = identity.matches_config(self.config(build["id"]))
        if matches is None and isinstance(identity, ByText):
            return self._has_text(identity, build)
        if matches is None and isinstance(identity, ByVersion):
            return self._has_version(identity, build)
        return matches

    def config(self, number: int) -> dict[str, Any]:
        """Return what a build was submitted with."""
        if number not in self.configs:
            self.configs[number] = fetch_source_config(self.client, number)
        return self.configs[number]

    def _has_text(self, identity: ByText, build: Mapping[str, Any]) -> bool:
        """Return whether the spec uploaded for a build has the text of the local one.

        The uploaded file can be fetched until its source is built; from then on the spec is among
        the results of the source build. If neither exists any more, this returns False.
        """
        with open_local(identity.path) as stream:
            wanted = hashlib.sha256(stream.read()).digest()
        places = [self._uploaded_file(build)]
        result = fetch_source_chroot(self.client, build["id"])
        if result and result.get("result_url"):
            places.insert(0, f"{str(result['result_url']).rstrip('/')}/{identity.upload_name}")
        for place in places:
            digest = _read_file(self.client, place, _digest_of)
            if digest is not None:
                return digest == wanted
        return False

    def _has_version(self, identity: ByVersion, build: Mapping[str, Any]) -> bool | None:
        """Return whether the source RPM uploaded for a build has this version.

        The name of an upload lacks the epoch, and some letters of the name and the version; its
        header has them. It can be fetched until the source is imported.
        """
        if self.config(build["id"]).get("source_type") == "upload":
            found = _read_file(self.client, self._uploaded_file(build), nevr_of_pieces)
            if found is not None:
                return identity.nevr.is_same(found)
        # It may have been imported since it was listed.
        later = fetch_build(self.client, build["id"])
        return False if later is None else identity.matches_build(later)

    def _uploaded_file(self, build: Mapping[str, Any]) -> str:
        return str((self.config(build["id"]).get("source_dict") or {}).get("url"))


@dataclass(frozen=True)
class Found:
    """The existing builds of a source.

    Attributes:
        builds: the newest satisfying build by chroot.
        likely: builds for the other chroots that may be of the source, newest first; that is known
            once their source is imported.
    """

    builds: dict[str, dict[str, Any]] = field(default_factory=dict)
    likely: list[dict[str, Any]] = field(default_factory=list)


class History:
    """The newest builds of a project, read only once for all sources of a task."""

    def __init__(
        self, client: Client, project: ProjectName, dirname: str, look_back: int = LOOK_BACK
    ) -> None:
        """Read the builds of a directory of a project, among its C(look_back) newest ones.

        C(newest_id) is then the number of the newest one, 0 if the project has none.
        """
        self._client = client
        self._project = project
        self._dirname = dirname
        self._reader = Reader(client, {})
        self._newest = list(islice(list_builds(client, project, page=LOOK_BACK), look_back))
        self._is_cut = len(self._newest) == look_back
        self.newest_id = self._newest[0]["id"] if self._newest else 0

    @property
    def numbers(self) -> set[int]:
        """The numbers of the builds that were read."""
        return {build["id"] for build in self._newest}

    def refresh(self, rows: Sequence[Mapping[str, Any]], own: Container[int]) -> bool:
        """Update the builds with the newest ones as they are now, newest first.

        Returns whether there are new ones, besides those in C(own).
        """
        if not rows:
            return False
        known, oldest = {build["id"] for build in self._newest}, rows[-1]["id"]
        self.newest_id = max(self.newest_id, rows[0]["id"])
        older = [build for build in self._newest if build["id"] < oldest]
        self._newest = [*(dict(row) for row in rows), *older]
        return any(row["id"] not in known and row["id"] not in own for row in rows)

    def forget(self, number: int) -> None:
        """Remove a build that was deleted."""
        self._newest = [build for build in self._newest if build["id"] != number]

    def find(
        self,
        source: Source,
        chroots: Sequence[str],
        enabled: Sequence[str],
        may_fail: Sequence[str] = (),
    ) -> Found:
        """Return the builds of the source that succeeded or are in progress.

        Searches no further than needed to satisfy every chroot. In the chroots C(may_fail), a
        failed build is sufficient.
        """
        found = Found()
        for identity, builds in self._searches(source, may_fail):
            for build in builds:
                still_open = [chroot for chroot in chroots if chroot not in found.builds]
                if not still_open:
                    return Found(found.builds)
                same = self._reader.is_of(identity, build)
                if same is not False:
                    satisfied = self._satisfied(build, enabled, may_fail) & set(still_open)
                    if same:
                        found.builds.update(dict.fromkeys(satisfied, build))
                    elif satisfied and build["state"] not in FINAL:
                        found.likely.append(build)
        return found

    def _searches(
        self, source: Source, may_fail: Sequence[str]
    ) -> Iterator[tuple[Identity, Iterable[dict[str, Any]]]]:
        """Yield the builds to search for the source, each with the identity to compare."""
        candidates = self._candidates(self._newest, may_fail)
        yield source.identity, candidates
        older = self._older_of(source.package, may_fail)
        yield source.identity, older
        if source.by_address is not None:
            everywhere = candidates + older
            yield (
                source.by_address,
                [build for build in everywhere if self._may_be_from(source, build)],
            )

    def _may_be_from(self, source: Source, build: Mapping[str, Any]) -> bool:
        """Return whether it is worth a request to read the address of a build's source.

        If a file was published under another name, usually only the punctuation differs, because
        places such as GitHub change it.
        """
        package = build["source_package"]
        without_epoch = (package.get("version") or "").rpartition(":")[2]
        own_name = f"{package.get('name')}-{without_epoch}"
        return self._is_recent(build) or (
            source.nevr is not None and _letters(own_name) == _letters(str(source.nevr))
        )

    def _is_recent(self, build: Mapping[str, Any]) -> bool:
        recent = self._newest[:ADDRESS_LOOK_BACK]
        return bool(build["id"] >= recent[-1]["id"])

    def _satisfied(
        self, build: Mapping[str, Any], enabled: Sequence[str], may_fail: Sequence[str]
    ) -> set[str]:
        """Return the chroots of a build that need no other build."""
        if build["state"] in SUCCESS:
            return set(build["chroots"])
        if not build["chroots"]:
            # Submitted without chroots: it builds in all, which are known once its source is.
            return set() if build["state"] in FINAL else set(enabled)
        chroots = fetch_chroots(self._client, build["id"])
        failed = [chroot["name"] for chroot in chroots if chroot["state"] == "failed"]
        done = {chroot["name"] for chroot in chroots if chroot["state"] in SATISFYING}
        return done | matching(failed, may_fail)

    def _older_of(self, package: str | None, may_fail: Sequence[str]) -> list[dict[str, Any]]:
        """Return the builds of a package that are older than those that were read.

        In a project with more builds than that, the package's own list goes further back.
        """
        if not package or not self._is_cut:
            return []
        oldest = self._newest[-1]["id"] if self._newest else self.newest_id + 1
        pages = list_builds(self._client, self._project, package=package, page=LOOK_BACK)
        builds = islice(pages, LOOK_BACK)
        return self._candidates((each for each in builds if each["id"] < oldest), may_fail)

    def _candidates(
        self, builds: Iterable[dict[str, Any]], may_fail: Sequence[str]
    ) -> list[dict[str, Any]]:
        """Return the builds that may satisfy, in the same order."""
        return [
            build
            for build in builds
            if build["project_dirname"] == self._dirname and _may_satisfy(build, may_fail)
        ]


def _may_satisfy(build: Mapping[str, Any], may_fail: Sequence[str]) -> bool:
    """Exclude builds that were canceled, or whose source failed although it may not."""
    source_failed = build["state"] == "failed" and not is_read(build)
    if source_failed and not is_allowed(SOURCE, build["chroots"], may_fail):
        return False
    return bool(build["state"] != "canceled")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _read_file(client: Client, url: str, read: Callable[[Iterable[bytes]], T | None]) -> T | None:
    """Return what C(read) makes of a file's pieces, None if the file can't be read."""
    try:
        return client.patiently(lambda: read(client.download(url)))
    except CoprError as error:
        if error.transient:
            raise
        return None


def _digest_of(pieces: Iterable[bytes]) -> bytes | None:
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
        if size > LARGEST_SPEC:
            return None
    return digest.digest()
