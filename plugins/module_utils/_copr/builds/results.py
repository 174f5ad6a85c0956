# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result files of builds: packages, logs, specs.

Each chroot of a build, and the build of its source RPM, has a folder on Copr's backend, and a page
that lists it. Projects with the storage Pulp have their packages there, at addresses that no page
lists; their names follow from the list of built packages.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from ..nouns import build as build_noun
from ..nouns.build import SOURCE, SUCCESS, label
from ..nouns.project import require_project
from ..nouns.selection import matching, unknown_names
from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.listing import list_folder

# The order matters: the name of a source RPM also ends like that of any RPM.
_ENDS = {
    "srpm": (".src.rpm", ".nosrc.rpm"),
    "rpms": (".rpm",),
    "logs": (".log", ".log.gz"),
    "spec": (".spec",),
}
KINDS = ["rpms", "srpm", "logs", "spec"]
_WORDS = {"rpms": "packages", "srpm": "source RPM", "logs": "logs", "spec": "spec file"}


@dataclass(frozen=True)
class ResultFile:
    """A result file of a build.

    C(chroot) is SOURCE for files of the source RPM's build.
    """

    build_id: int
    chroot: str
    name: str
    url: str

    @property
    def is_rpm(self) -> bool:
        """Whether it has digests of its own."""
        return self.name.endswith(".rpm")


@dataclass
class Found:
    """The requested files that exist, and what is missing.

    Attributes:
        missing: errors for requested files that do not exist.
        notes: warnings for the user.
    """

    files: list[ResultFile] = field(default_factory=list)
    missing: list[CoprError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Place:
    """A folder of results, and the requested kinds of files in it."""

    name: str
    state: str
    url: str | None
    kinds: frozenset[str]


def find_files(
    client: Client,
    builds: Sequence[Mapping[str, Any]],
    kinds: Collection[str],
    patterns: Sequence[str] | None,
) -> Found:
    """Return the result files of some kinds, from chroots that match any of C(patterns).

    Without patterns, all chroots are searched. Source RPM and spec are taken from the build of the
    source; a forked build has none, so they are taken from its chroots.

    Raises CoprError (invalid) for chroots that none of the builds has, and (server) for a file
    with an unsafe name.
    """
    chroots = client.at_once([partial(_chroots_of, client, build) for build in builds])
    names = {str(chroot["name"]) for each in chroots for chroot in each}
    unknown = [each for each in patterns or () if not matching(names, [each])]
    if unknown and all(chroots):
        raise unknown_names(unknown, names, "in these builds")
    meant = [_meant(each, patterns) for each in chroots]
    parts = client.at_once(
        [
            partial(_files_of, client, build, rows, frozenset(kinds))
            for build, rows in zip(builds, meant)
        ]
    )
    found = Found()
    for part in parts:
        found.files += part.files
        found.missing += part.missing
        found.notes += part.notes
    return found


def _chroots_of(client: Client, build: Mapping[str, Any]) -> list[dict[str, Any]]:
    chroots = build_noun.chroots_of(client, build)
    if chroots is None:
        raise CoprError("not_found", f"Build {label(build)} was deleted.")
    return chroots


def _meant(chroots: list[dict[str, Any]], patterns: Sequence[str] | None) -> list[dict[str, Any]]:
    if patterns is None:
        return chroots
    names = matching([str(chroot["name"]) for chroot in chroots], patterns)
    return [chroot for chroot in chroots if chroot["name"] in names]


def _files_of(
    client: Client,
    build: Mapping[str, Any],
    chroots: list[dict[str, Any]],
    kinds: frozenset[str],
) -> Found:
    """Return the files of one build; none if it is unfinished, because more may follow."""
    places = _places(client, build, chroots, kinds)
    working = [place for place in places if place.state not in build_noun.FINAL]
    if working or (not places and not build_noun.is_final(build)):
        where = ", ".join(f"{place.name} is {place.state}" for place in working)
        return Found(missing=[_not_ended(build, where or f"it is {build['state']}")])
    found = Found()
    for place in places:
        names = list_folder(client, place.url) if place.url else []
        files = [_file(build, place, name) for name in names if kind_of(name) in place.kinds]
        found.files += files
    _add_packages(client, build, places, found)
    for kind in KINDS:
        if kind in kinds and not any(kind_of(file.name) == kind for file in found.files):
            found.missing.append(_nothing_of(build, kind, places))
    without = [f"{place.name} ({place.state})" for place in places if _lacks_packages(place, kinds)]
    if without and not found.missing:
        found.notes.append(f"Build {label(build)} has no packages for {', '.join(without)}.")
    return found


def _places(
    client: Client,
    build: Mapping[str, Any],
    chroots: list[dict[str, Any]],
    kinds: frozenset[str],
) -> list[_Place]:
    """Return the folders that contain files of these kinds."""
    of_source = kinds & {"srpm", "spec", "logs"}
    of_chroots = kinds & {"rpms", "logs"}
    places = []
    source = build_noun.fetch_source_chroot(client, build["id"]) if of_source else None
    if source is not None:
        places.append(_place(SOURCE, source, of_source))
    else:
        of_chroots = kinds
    if of_chroots:
        places += [_place(str(chroot["name"]), chroot, of_chroots) for chroot in chroots]
    return places


def _place(name: str, chroot: Mapping[str, Any], kinds: frozenset[str]) -> _Place:
    if name != SOURCE and chroot["state"] not in SUCCESS:
        # The packages of a failed chroot are not complete.
        kinds -= {"rpms", "srpm"}
    url = chroot["result_url"]
    return _Place(name, str(chroot["state"]), url and url.rstrip("/") + "/", kinds)


def _lacks_packages(place: _Place, kinds: frozenset[str]) -> bool:
    return "rpms" in kinds and place.name != SOURCE and "rpms" not in place.kinds


def _file(build: Mapping[str, Any], place: _Place, name: str, folder: str = "") -> ResultFile:
    """Return a file of a place; refuse names that could lead out of the folder."""
    for each in (place.name, name):
        if each in ("", ".", "..") or "/" in each or not each.isprintable():
            raise CoprError(
                "server",
                f"{place.url} has a file or chroot with the unsafe name {each!r}; not fetched.",
            )
    return ResultFile(build["id"], place.name, name, (folder or str(place.url)) + quote(name))


def kind_of(name: str) -> str | None:
    """Return the kind of a file by its name, or None if it is none of KINDS."""
    return next((kind for kind, ends in _ENDS.items() if name.endswith(ends)), None)


def _add_packages(
    client: Client, build: Mapping[str, Any], places: list[_Place], found: Found
) -> None:
    """Add the built packages that are stored in Pulp, which no page lists."""
    full = [place for place in places if place.kinds & {"rpms", "srpm"} and place.name != SOURCE]
    if not full:
        return
    rows = [{"name": place.name, "state": place.state} for place in full]
    packages = build_noun.packages_of(client, build, rows) or {}
    listed = {(file.chroot, file.name) for file in found.files}
    lacking = [
        (place, name)
        for place in full
        for name in map(_file_name, packages.get(place.name, []))
        if kind_of(name) in place.kinds and (place.name, name) not in listed
    ]
    if not lacking:
        return
    project = require_project(client, build_noun.project_of(build))
    if project.get("storage") != "pulp":
        names = ", ".join(sorted({name for _place, name in lacking}))
        found.missing.append(
            CoprError(
                "not_found",
                f"Build {label(build)} produced {names}, but Copr no longer has these files.",
            )
        )
        return
    found.files += [
        _file(build, place, name, _in_pulp(str(place.url), bool(project.get("devel_mode"))))
        for place, name in lacking
    ]


def _file_name(package: Mapping[str, Any]) -> str:
    return "{name}-{version}-{release}.{arch}.rpm".format_map(package)


def _in_pulp(folder: str, devel: bool) -> str:
    """Return the address of a folder whose packages are in Pulp.

    In a project with devel_mode, packages that are not published yet are in a separate repository
    beside that of the chroot.
    """
    if not devel:
        return folder
    parts = urlsplit(folder)
    above, chroot, build, _end = parts.path.rsplit("/", 3)
    return urlunsplit(parts._replace(path=f"{above}/{chroot}-devel/{build}/"))


def _not_ended(build: Mapping[str, Any], state: str) -> CoprError:
    return CoprError(
        "conflict",
        f"Build {label(build)} has not finished: {state}. Wait for it with copr_build_wait.",
    )


def _nothing_of(build: Mapping[str, Any], kind: str, places: list[_Place]) -> CoprError:
    states = ", ".join(f"{place.name} {place.state}" for place in places)
    return CoprError(
        "not_found",
        f"Build {label(build)} has no {_WORDS[kind]} to fetch ({states or build['state']}).",
    )
