# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The repositories in the .repo file of a project, with their ids and options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from ..wire.errors import CoprError
from ..wire.settings import PUBLIC_COPR
from .offer import Choice, Offer

# Options of a repository that a task can set, besides those of every repository of the file.
CHOSEN = ("cost", "module_hotfixes", "priority", "includepkgs", "excludepkgs")
# Options of a new repository, which users may change afterwards.
_AT_FIRST = {
    "type": "rpm-md",
    "skip_if_unavailable": "True",
    "repo_gpgcheck": "0",
    "enabled_metadata": "1",
}


@dataclass(frozen=True)
class Names:
    """The names of a project's repository on hosts, the same as those of C(dnf copr enable).

    Attributes:
        host: the public name of the server.
        owner: the owner of the project, C(@) and all.
        dirname: the directory, which has the project's name if it is the main one.
    """

    host: str
    owner: str
    dirname: str

    @property
    def id(self) -> str:
        """The id of the repository."""
        return f"copr:{self.host}:{self._owner}:{self.dirname}"

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"_{self.id}.repo"

    @property
    def former_file(self) -> str | None:
        """The name that the file had in old versions of dnf, which knew only Fedora's Copr."""
        if self.host != urlsplit(PUBLIC_COPR).hostname:
            return None
        return f"_copr_{self.owner}-{self.dirname}.repo"

    def are_ours(self, section: str) -> bool:
        """Return whether a repository of the file comes from Copr, and not from a user."""
        former = f"{self._owner}-{self.dirname}"
        multilib = re.fullmatch(rf"{re.escape(self.id)}:ml\d*", section)
        return section in (self.id, former) or bool(multilib) or section.startswith("coprdep:")

    def is_main(self, section: str) -> bool:
        """Return whether it is a repository of the project itself."""
        return self.are_ours(section) and not section.startswith("coprdep:")

    @property
    def _owner(self) -> str:
        return f"group_{self.owner[1:]}" if self.owner.startswith("@") else self.owner


@dataclass(frozen=True)
class Repository:
    """The wanted state of one repository of the file.

    Attributes:
        id: its id.
        options: values that it must have; None for an option that it must not have.
        at_first: values that it gets only if it has none.
        signed_if_so: an enabled C(gpgcheck) stays enabled.
    """

    id: str
    options: Mapping[str, str | None]
    at_first: Mapping[str, str]
    signed_if_so: bool = False


def repositories_of(
    names: Names,
    offer: Offer,
    choice: Choice,
    params: Mapping[str, Any],
    given: Mapping[str, Any],
) -> list[Repository]:
    """Return the repositories that the file must have.

    C(params) are the options of the task, and C(given) those that it sets (given_options).
    """
    common = {
        "enabled": "1" if params["state"] == "enabled" else "0",
        "gpgcheck": "1" if params["gpgcheck"] else "0",
    }
    data = offer.chroots[choice.chroot]
    base = f"{offer.results_url}/{offer.project.owner}/{offer.dirname}"
    key = params["gpgkey"] or offer.key_url or f"{base}/pubkey.gpg"
    name = f"Copr repo for {offer.dirname} owned by {offer.project.owner}"

    def own(id: str, name: str, address: str, more: Mapping[str, str | None]) -> Repository:
        options = {**common, "baseurl": f"{base}/{address}/", "gpgkey": key, **more}
        return Repository(id, options, {**_AT_FIRST, "name": name})

    found = [own(names.id, name, choice.address, _chosen(_said(data), given))]
    if params["multilib"]:
        # Its cost is higher than that of the project's repository, and stays so.
        rest = {key: value for key, value in given.items() if key != "cost"}
        for number, (arch, other) in enumerate((data.get("multilib") or {}).items()):
            address = f"{choice.address.rpartition('-')[0]}-{arch}"
            more = _chosen(_said(other), rest)
            found.append(own(f"{names.id}:ml{number or ''}", f"{name} ({arch})", address, more))
    if params["runtime_dependencies"]:
        found += [_dependency(each, offer, choice, common) for each in offer.dependencies]
    return found


def switched_off(id: str) -> Repository:
    """Return the wanted state of a disabled repository."""
    return Repository(id, {"enabled": "0"}, {})


def _said(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the options of a repository that Copr sets."""
    said = data.get("opts") or {}
    return {key: str(said[key]) for key in ("cost", "module_hotfixes", "priority") if key in said}


def _chosen(said: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the options of a repository that Copr or the task sets.

    Others are left out. Null in a task means Copr's value.
    """
    chosen: dict[str, str | None] = {**said}
    for option in CHOSEN:
        if option in given:
            value = given[option]
            chosen[option] = said.get(option) if value is None else _as_text(value)
    return chosen


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list):
        return ",".join(value) or None
    return str(value)


def _dependency(
    entry: Mapping[str, Any], offer: Offer, choice: Choice, common: Mapping[str, str]
) -> Repository:
    """Return a repository that the project names as a runtime dependency.

    Raises CoprError (server) for an unknown kind: without the dependency, installing packages would
    fail later, with no explanation.
    """
    said, data = entry["opts"], entry["data"]
    at_first = {**_AT_FIRST, "name": str(said["name"])}
    if entry["type"] == "copr":
        base = f"{offer.results_url}/{data['owner']}/{data['projectname']}"
        options = {
            **common,
            "baseurl": f"{base}/{choice.address}/",
            "gpgkey": f"{base}/pubkey.gpg",
        }
        return Repository(str(said["id"]), options, at_first)
    if entry["type"] != "external_baseurl":
        raise CoprError(
            "server",
            f"{offer.project} has a runtime dependency of a kind that this version of the "
            f"collection does not know, {entry['type']}; set runtime_dependencies to false.",
        )
    address = _external(data["pattern"], choice)
    options = {**common, "baseurl": address, "gpgcheck": "0"}
    return Repository(str(said["id"]), options, at_first, signed_if_so=True)


def _external(pattern: str, choice: Choice) -> str:
    """Return the address of a dependency outside Copr, with Copr's variables put in.

    A priority in its query applies only to builds, so it is removed.
    """
    parts = urlsplit(pattern)
    query = parse_qsl(parts.query)
    if "priority" in dict(query):
        kept = [pair for pair in query if pair[0] != "priority"]
        pattern = parts._replace(query=urlencode(kept, safe="$")).geturl()
    distribution = choice.chroot.rsplit("-", 2)[0]
    return pattern.replace("$chroot", choice.address).replace("$distname", distribution)
