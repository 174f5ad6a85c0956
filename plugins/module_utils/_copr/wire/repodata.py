# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The packages of a repository, from the metadata that dnf reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import NoReturn
from urllib.parse import urljoin
from xml.parsers import expat

from .client import Client
from .errors import CoprError
from .packed import unpacked

# Bytes, unpacked. The list of packages of all of Fedora has about 200 MiB.
LARGEST_INDEX = 4 * 2**20
LARGEST_LIST = 2 * 2**30
# How often everything is read again because the repository was regenerated meanwhile.
TRIES = 3
# Between the namespace and the name of an element, as expat puts them together.
_MARK = " "
_REPO = f"http://linux.duke.edu/metadata/repo{_MARK}"
_COMMON = f"http://linux.duke.edu/metadata/common{_MARK}"


@dataclass(frozen=True)
class RepoPackage:
    """A package of a repository: its name, epoch, version, release and architecture, and its file.

    C(nevra) leaves out an epoch of 0. C(href) is relative to the repository.
    """

    nevra: str
    href: str


def read_repository(client: Client, url: str) -> list[RepoPackage] | None:
    """Return the packages of the repository at an address, None if there is none (yet).

    Two requests: C(repodata/repomd.xml), and the list of packages that it names.
    Raises CoprError as Client.download does, and as C(unpacked) does.
    """
    base = f"{url.rstrip('/')}/"
    for attempt in range(TRIES):
        primary = _primary_of(client, base)
        if primary is None:
            return None
        try:
            return client.patiently(partial(_packages, client, primary))
        except CoprError as error:
            # A regenerated repository has new lists, and the old ones are removed after a while.
            if error.kind != "not_found" or attempt + 1 == TRIES:
                raise
    return None


def _primary_of(client: Client, base: str) -> str | None:
    """Return the address of the list of packages, None if there is no repository."""

    def read() -> str:
        url = f"{base}repodata/repomd.xml"
        index = _Index()
        _parse(unpacked(client.download(url), url, LARGEST_INDEX), url, index)
        if not index.primary:
            raise CoprError(
                "server",
                f"{url} does not name a list of packages.",
                method="GET",
                path=url,
                transient=True,
            )
        return urljoin(base, index.primary)

    try:
        return client.patiently(read)
    except CoprError as error:
        if error.kind == "not_found":
            return None
        raise


def _packages(client: Client, url: str) -> list[RepoPackage]:
    packages = _Packages()
    _parse(unpacked(client.download(url), url, LARGEST_LIST), url, packages)
    return packages.found


@dataclass
class _Index:
    """Reads from C(repomd.xml) where the list of packages is."""

    primary: str = ""
    _inside: bool = False

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_REPO}data":
            self._inside = attributes.get("type") == "primary"
        elif name == f"{_REPO}location" and self._inside:
            self.primary = attributes.get("href", "")

    def ends(self, name: str, text: str) -> None:
        pass


@dataclass
class _Packages:
    """Reads the packages from the list of a repository."""

    found: list[RepoPackage] = field(default_factory=list)
    _fields: dict[str, str] = field(default_factory=dict)

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{_COMMON}package":
            self._fields = {}
        elif name == f"{_COMMON}version":
            epoch = attributes.get("epoch") or "0"
            version = f"{attributes.get('ver', '')}-{attributes.get('rel', '')}"
            self._fields["evr"] = version if epoch == "0" else f"{epoch}:{version}"
        elif name == f"{_COMMON}location":
            self._fields["href"] = attributes.get("href", "")

    def ends(self, name: str, text: str) -> None:
        if name in (f"{_COMMON}name", f"{_COMMON}arch"):
            # Only the first ones belong to the package itself.
            self._fields.setdefault(name.rpartition(_MARK)[2], text.strip())
        elif name == f"{_COMMON}package":
            fields = {"name": "", "evr": "", "arch": "", "href": "", **self._fields}
            nevra = f"{fields['name']}-{fields['evr']}.{fields['arch']}"
            self.found.append(RepoPackage(nevra, fields["href"]))


def _parse(pieces: Iterable[bytes], url: str, reader: _Index | _Packages) -> None:
    """Read XML piece by piece. Raises CoprError (server) for anything but repository metadata."""
    text: list[str] = []

    def begins(name: str, attributes: dict[str, str]) -> None:
        text.clear()
        reader.begins(name, attributes)

    def ends(name: str) -> None:
        reader.ends(name, "".join(text))
        text.clear()

    def refuse(*_declaration: object) -> NoReturn:
        # Metadata have none, and entities can expand without limit.
        raise CoprError(
            "server", f"{url} declares XML entities, which repository metadata never do."
        )

    parser = expat.ParserCreate(namespace_separator=_MARK)
    parser.StartElementHandler = begins
    parser.EndElementHandler = ends
    parser.CharacterDataHandler = text.append
    parser.EntityDeclHandler = refuse
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        # It may be the page of a proxy in between.
        raise CoprError(
            "server",
            f"{url} is not repository metadata: {error}.",
            method="GET",
            path=url,
            transient=True,
        ) from error
