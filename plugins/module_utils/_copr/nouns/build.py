# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A build: its states, how it is read, and how a result shows one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypedDict

from ..wire.answers import plain_text
from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.pages import list_of, rows_of
from ..wire.retry import delay_before
from ..wire.shapes import ObjectOrNull, TextOrNull, TimeOrNull, shape_of
from .names import ProjectName

# All states of a build; its chroots can also wait for the source.
STATES = [
    "pending",
    "starting",
    "importing",
    "running",
    "succeeded",
    "failed",
    "canceled",
    "skipped",
    "forked",
]
CHROOT_STATES = [*STATES, "waiting"]
# States that do not change any more. Builds copied with a fork are C(forked); a build is C(unknown)
# if all its chroots were canceled because they ended.
FINAL = frozenset({"succeeded", "failed", "canceled", "skipped", "forked", "unknown"})
# Builds with results; C(GOOD) also includes chroots in which nothing was to be built.
SUCCESS = frozenset({"succeeded", "forked"})
GOOD = SUCCESS | {"skipped"}
# The name of the source RPM's build, where other entries have the name of a chroot.
SOURCE = "source"


class SourcePackage(TypedDict):
    """The source of a build; null until the source is imported."""

    name: TextOrNull
    version: TextOrNull


class Build(TypedDict):
    """The fields that are read of a build."""

    id: int
    state: str
    ownername: str
    projectname: str
    project_dirname: str
    chroots: list[str]
    source_package: SourcePackage
    submitter: TextOrNull
    submitted_on: TimeOrNull


class BuildChroot(TypedDict):
    """The fields that are read of a chroot of a build."""

    name: str
    state: str
    started_on: TimeOrNull
    ended_on: TimeOrNull
    result_url: TextOrNull


class SourceChroot(TypedDict):
    """The fields that are read of the source build."""

    state: str
    result_url: TextOrNull


class SourceConfig(TypedDict):
    """What a build was submitted with."""

    source_type: TextOrNull
    source_dict: ObjectOrNull


class BuiltPackage(TypedDict):
    """A package that was built."""

    name: str
    version: str
    release: str
    arch: str


class BuiltPackages(TypedDict):
    """The packages that were built in a chroot."""

    packages: list[BuiltPackage]


BUILD = shape_of(Build)
_CHROOT = shape_of(BuildChroot)
_SOURCE_CHROOT = shape_of(SourceChroot)
_SOURCE_CONFIG = shape_of(SourceConfig)
_PACKAGES = shape_of(BuiltPackages)


def numbers_of(given: Iterable[Any]) -> list[int]:
    """Return the numbers of builds in their order, without the nulls of planned builds.

    Raises CoprError (invalid) for anything that is not a number.
    """
    numbers = []
    for each in given:
        if each is None or str(each) in ("", "None"):
            continue
        if isinstance(each, bool) or not str(each).isdecimal():
            raise CoprError("invalid", f"build_ids contains {each!r}, which is not a build number.")
        numbers.append(int(each))
    return numbers


def no_numbers(to: str) -> CoprError:
    """Return the error for a list without any number, when a task is C(to) do something."""
    return CoprError("invalid", f"build_ids contains no id. There is nothing to {to}.")


def is_final(build: Mapping[str, Any]) -> bool:
    """Return whether a build or one of its chroots is finished."""
    return build["state"] in FINAL


def fetch_build(client: Client, build_id: int) -> dict[str, Any] | None:
    """Return a build as GET /build/{id} shows it, or None if it does not exist (any more)."""
    try:
        return dict(client.get(f"build/{build_id}", shape=BUILD))
    except CoprError as error:
        if error.kind == "not_found":
            return None
        raise


def list_builds(
    client: Client,
    project: ProjectName,
    *,
    package: str | None = None,
    page: int = 100,
) -> Iterator[dict[str, Any]]:
    """Return the builds of a project, newest first, read in pages as they are needed.

    With C(package), only builds of that package; the server leaves out those whose package is
    not known yet (GET /build/list). Its own filter for states is not used: it is applied after
    the offset, so that its pages overlap. For a single row it is right; see C(newest_build).
    """
    query = {**project.query, "packagename": package}
    return rows_of(client, "build/list", query, row=BUILD, page=page)


def unfinished_builds(client: Client, project: ProjectName) -> list[dict[str, Any]]:
    """Return the unfinished builds of a project; reads all its builds."""
    return [build for build in list_builds(client, project) if not is_final(build)]


def newest_build(
    client: Client, project: ProjectName, *, state: str | None = None
) -> dict[str, Any] | None:
    """Return the newest build of a project, or the newest in one state, with one request."""
    query = {**project.query, "status": state, "limit": 1}
    rows = client.get("build/list", query, shape=list_of(BUILD))["items"]
    return dict(rows[0]) if rows else None


def fetch_chroots(client: Client, build_id: int) -> list[dict[str, Any]]:
    """Return the chroots of a build with state and result address (GET /build-chroot/list)."""
    query = {"build_id": build_id}
    rows = client.get("build-chroot/list", query, shape=list_of(_CHROOT))["items"]
    return sorted(rows, key=lambda row: str(row["name"]))


def chroots_of(client: Client, build: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Return the chroots of a build, or None if it was deleted.

    The server returns an empty list for a deleted build, as for one whose chroots are not known
    yet. If a response lacks chroots of the build, the request is retried.
    """

    def read() -> list[dict[str, Any]] | None:
        chroots = fetch_chroots(client, build["id"])
        if {chroot["name"] for chroot in chroots} >= set(build["chroots"]):
            return chroots
        if fetch_build(client, build["id"]) is None:
            return None
        raise CoprError(
            "server",
            f"The server's answer is missing chroots of build {label(build)}.",
            method="GET",
            path="/api_3/build-chroot/list",
            transient=True,
        )

    return client.patiently(read)


def packages_of(
    client: Client, build: Mapping[str, Any], chroots: Sequence[Mapping[str, Any]]
) -> dict[str, list[dict[str, Any]]] | None:
    """Return the built packages by chroot (GET /build/built-packages); None if it was deleted.

    A response without packages for a successful chroot is outdated, or belongs to a build from
    before the server recorded packages; the request is retried, and the last response is used.
    """
    names = [str(chroot["name"]) for chroot in chroots]
    full = {str(chroot["name"]) for chroot in chroots if chroot["state"] == "succeeded"}
    attempt = 0
    while True:
        attempt += 1
        try:
            shape = dict.fromkeys(names, _PACKAGES)
            answer = client.get(f"build/built-packages/{build['id']}", shape=shape)
        except CoprError as error:
            if error.kind == "not_found":
                return None
            raise
        packages = {chroot: entry["packages"] for chroot, entry in answer.items()}
        if all(packages[name] for name in full) or attempt > client.settings.retries:
            return packages
        client.clock.sleep(delay_before(attempt))


def fetch_source_config(client: Client, build_id: int) -> dict[str, Any]:
    """Return C(source_type) and C(source_dict) of a build (GET /build/source-build-config)."""
    return dict(client.get(f"build/source-build-config/{build_id}", shape=_SOURCE_CONFIG))


def fetch_source_chroot(client: Client, build_id: int) -> dict[str, Any] | None:
    """Return state and result address of the source build, or None while there is no result.

    GET /build/source-chroot answers 500 for builds without a result directory: fresh ones,
    those canceled early, and forked ones.
    """
    try:
        return dict(client.get(f"build/source-chroot/{build_id}", shape=_SOURCE_CHROOT))
    except CoprError as error:
        if error.status == 500:
            return None
        raise


def project_of(build: Mapping[str, Any]) -> ProjectName:
    """Return the project that a build belongs to."""
    return ProjectName(build["ownername"], build["projectname"])


def label(build: Mapping[str, Any]) -> str:
    """Return a short name for messages: the id, and package and version if known."""
    package = build["source_package"]
    words = [plain_text(word) for word in (package.get("name"), package.get("version")) if word]
    return f"{build['id']} ({' '.join(words)})" if words else str(build["id"])


def show(
    client: Client,
    build: Mapping[str, Any],
    chroots: Iterable[Mapping[str, Any]] | None = None,
    packages: Mapping[str, list[dict[str, Any]]] | None = None,
) -> dict[str, Any]:
    """Return a build as results show it.

    These are the API's own fields, the address of the build's page, and C(build_chroots): the
    state, addresses and built packages of each chroot. Parts that were not read are null.
    """
    shown = {**build, "chroots": sorted(build["chroots"]), "web_url": web_url(client, build["id"])}
    shown["build_chroots"] = None
    if chroots is not None:
        shown["build_chroots"] = [
            {
                "name": chroot["name"],
                "state": chroot["state"],
                "started_on": chroot["started_on"],
                "ended_on": chroot["ended_on"],
                "result_url": chroot["result_url"],
                "log_url": log_url(chroot),
                "packages": None
                if packages is None
                else [
                    {**each, "nevra": nevra_of(each)} for each in packages.get(chroot["name"], [])
                ],
            }
            for chroot in chroots
        ]
    return shown


def web_url(client: Client, build_id: int | None) -> str | None:
    """Return the address of a build's page for people."""
    return None if build_id is None else f"{client.settings.url}/coprs/build/{build_id}"


def log_url(chroot: Mapping[str, Any]) -> str | None:
    """Return the address of a chroot's or source build's log; it is packed once the build ends."""
    if not chroot["result_url"]:
        return None
    name = "builder-live.log" if chroot["state"] == "running" else "builder-live.log.gz"
    return f"{chroot['result_url'].rstrip('/')}/{name}"


def log_urls(chroot: Mapping[str, Any]) -> list[str]:
    """Return the logs that may show why a chroot or source build failed, best first.

    C(builder-live) contains all output of the builder. It is missing if the builder never started
    or was lost; then mock's own logs or that of the backend may help.
    """
    first = log_url(chroot)
    if first is None:
        return []
    folder, _slash, name = first.rpartition("/")
    others = ("builder-live.log", "build.log.gz", "root.log.gz", "backend.log.gz")
    return [first, *(f"{folder}/{other}" for other in others if other != name)]


def nevra_of(package: Mapping[str, Any]) -> str:
    """Return name, epoch, version, release and architecture of a built package, without epoch 0."""
    epoch = f"{package['epoch']}:" if package.get("epoch") else ""
    release = f"{package['version']}-{package['release']}"
    return f"{package['name']}-{epoch}{release}.{package['arch']}"
