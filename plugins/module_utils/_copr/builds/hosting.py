# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether built packages are in the metadata of the project's repositories.

A build succeeds once its packages are stored and Copr has updated the repository. They can still be
missing: Pulp updates the repository a moment later, packages beyond the project's limits are not
added, and with C(devel_mode) it is updated only on request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from ..clock import poll
from ..nouns.build import chroots_of, nevra_of, packages_of, project_of
from ..nouns.names import ProjectName
from ..nouns.project import require_project
from ..wire.client import Client
from ..wire.errors import CoprError
from ..wire.repodata import read_repository

# Seconds before each look at repositories that lack packages. Together they take a minute, because
# Pulp updates repositories in the background.
LOOKS = (0.0, 2.0, 4.0, 8.0, 16.0, 30.0)


@dataclass(frozen=True)
class Missing:
    """Packages of a build that a repository does not have.

    Attributes:
        packages: their names, epochs, versions, releases and architectures.
        url: the address of the repository.
    """

    build: Mapping[str, Any]
    chroot: str
    packages: Sequence[str]
    url: str


@dataclass
class Repositories:
    """The repositories of a directory of a project, as last read.

    Attributes:
        project: as GET /project shows it.
        for_builds: those that builds use, instead of those that users install from. They differ in
            a project with C(devel_mode).
    """

    client: Client
    project: Mapping[str, Any]
    dirname: str
    for_builds: bool = False
    _nevras: dict[str, set[str]] = field(default_factory=dict)
    _folders: dict[str, set[str]] = field(default_factory=dict)

    def url(self, chroot: str) -> str | None:
        """Return the address of the repository of a chroot, None if the project has none.

        Raises CoprError (server) for an address that is none of a repository.
        """
        main = self.project["chroot_repos"].get(chroot)
        if main is None:
            return None
        parts = str(main).rstrip("/").split("/")
        # Scheme, nothing, host, and at least the directory and the chroot.
        if len(parts) < 5:
            raise CoprError(
                "server", f"The server returned {main!r} as the repository of {chroot}."
            )
        parts[-2] = quote(self.dirname, safe=":")
        url = "/".join(parts)
        if self.for_builds and self.project.get("devel_mode"):
            return f"{url}-devel/" if self.project.get("storage") == "pulp" else f"{url}/devel/"
        return f"{url}/"

    def read(self, chroots: Iterable[str]) -> None:
        """Read the repositories of chroots as they are now, with two requests each."""
        urls = {chroot: self.url(chroot) for chroot in sorted(set(chroots))}
        known = {chroot: url for chroot, url in urls.items() if url is not None}
        found = self.client.at_once(
            [partial(read_repository, self.client, url) for url in known.values()]
        )
        for chroot, packages in zip(known, found):
            self._nevras[chroot] = {each.nevra for each in packages or ()}
            self._folders[chroot] = {each.href.partition("/")[0] for each in packages or ()}

    def has_folder(self, build: Mapping[str, Any], chroot: str) -> bool:
        """Return whether a repository has packages of a build, judging by its folders.

        On Copr's own storage, the name of a build's folder begins with its number.
        """
        start = f"{build['id']:08d}-"
        return any(folder.startswith(start) for folder in self._folders.get(chroot, ()))

    def lacks(self, chroot: str, packages: Iterable[Mapping[str, Any]]) -> list[str]:
        """Return the packages of a build that a repository lacks; source RPMs do not count."""
        has = self._nevras.get(chroot, set())
        nevras = [nevra_of(each) for each in packages if each["arch"] != "src"]
        return [nevra for nevra in nevras if nevra not in has]


def require_hosted(
    client: Client, builds: Sequence[Mapping[str, Any]], needed: Mapping[int, Iterable[str]]
) -> None:
    """Raise CoprError (build_failed) if repositories lack built packages (C(verify_hosted))."""
    by_place: dict[tuple[ProjectName, str], list[Mapping[str, Any]]] = {}
    for build in builds:
        by_place.setdefault((project_of(build), build["project_dirname"]), []).append(build)
    for (name, dirname), group in by_place.items():
        project = require_project(client, name)
        missing = verify_hosted(Repositories(client, project, dirname), group, needed)
        if missing:
            raise not_hosted(missing, project)


def verify_hosted(
    repositories: Repositories,
    builds: Sequence[Mapping[str, Any]],
    needed: Mapping[int, Iterable[str]],
) -> list[Missing]:
    """Return the built packages that the repositories still lack after a minute.

    C(builds) are as C(show_in_full) returns them; C(needed) has the chroots that matter, by build
    id. Packages that were not built, because a chroot was skipped or failed, do not count.
    """
    wanted = [
        (build, chroot)
        for build in builds
        for chroot in build["build_chroots"]
        if chroot["name"] in needed[build["id"]] and chroot["packages"]
    ]
    missing: list[Missing] = []

    def look() -> bool | None:
        lacking = {each.chroot for each in missing} or {chroot["name"] for _build, chroot in wanted}
        repositories.read(lacking)
        missing.clear()
        for build, chroot in wanted:
            name = chroot["name"]
            packages = repositories.lacks(name, chroot["packages"])
            if packages:
                url = repositories.url(name) or ""
                missing.append(Missing(build, name, packages, url))
        return None if missing else True

    if wanted:
        poll(repositories.client.clock, LOOKS, look)
    return missing


def is_hosted(repositories: Repositories, build: Mapping[str, Any], chroots: Iterable[str]) -> bool:
    """Return whether the repositories, as last read, have a build's packages of some chroots.

    Takes no request for a build whose folder they have; otherwise, its chroots and packages are
    read. Returns False for a build that was deleted meanwhile.
    """
    open_chroots = [each for each in chroots if not repositories.has_folder(build, each)]
    if not open_chroots:
        return True
    found = chroots_of(repositories.client, build)
    packages = None if found is None else packages_of(repositories.client, build, found)
    if packages is None:
        return False
    return not any(repositories.lacks(chroot, packages.get(chroot, ())) for chroot in open_chroots)


def not_hosted(missing: Sequence[Missing], project: Mapping[str, Any]) -> CoprError:
    """Return the error for packages that repositories lack."""
    first = missing[0]
    text = (
        f"Build {first.build['id']} succeeded, but {first.url} does not have "
        f"{', '.join(first.packages)}"
    )
    others = len(missing) - 1
    if others:
        says = "result is" if others == 1 else "results are"
        text += f", and {others} other {says} missing as well"
    if project.get("devel_mode"):
        advice = "In a project with devel_mode, run copr_regenerate to update the repositories."
    else:
        advice = "Copr may have removed them because of a limit of the project or of the package."
    return CoprError("build_failed", f"{text}. {advice}")
