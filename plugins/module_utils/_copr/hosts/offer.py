# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The repositories that a project offers to hosts, and which of its chroots fits a host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..nouns.names import ProjectName
from ..wire.errors import CoprError
from ..wire.near import nearest
from .os_release import Host

AUTO = "auto"
# Their version is a variable in addresses; see address_of.
_BY_RELEASEVER = {"fedora", "centos-stream", "opensuse-leap", "mageia"}
_NEVER_BY_RELEASEVER = {"fedora-eln", "mageia-cauldron"}


@dataclass(frozen=True)
class Offer:
    """The response of GET /rpmrepo for a project, for one of its directories.

    Attributes:
        project: the project.
        dirname: the directory, which has the project's name if it is the main one.
        results_url: where the results of all projects are.
        chroots: the chroots that have repositories, with their data.
        dependencies: repositories that are needed to install from the project.
        key_url: the address of the project's key, if the server reports it.
        notices: warnings about the project and the directory.
    """

    project: ProjectName
    dirname: str
    results_url: str
    chroots: dict[str, Mapping[str, Any]]
    dependencies: list[Mapping[str, Any]]
    key_url: str | None
    notices: list[str]


@dataclass(frozen=True)
class Choice:
    """The chroot that a host uses.

    Attributes:
        chroot: its name.
        address: its part of addresses, with dnf's variables where possible.
    """

    chroot: str
    address: str


def offer_of(project: ProjectName, dirname: str, answer: Mapping[str, Any]) -> Offer:
    """Return what a project offers, from the response of GET /rpmrepo.

    The server also responds for directories that do not exist, so this checks them and raises
    CoprError (not_found).
    """
    directories = answer["directories"]
    if dirname not in directories:
        others = sorted(set(directories) - {project.name})
        has = f"it has {', '.join(others)}" if others else "it has no directories"
        raise CoprError("not_found", f"{project} has no directory {dirname}; {has}.")
    notices = []
    for what, data in ((f"project {project}", answer), (f"directory {dirname}", directories)):
        days = (data if data is answer else data[dirname]).get("delete_after_days")
        if days is not None:
            notices.append(f"Copr will delete the {what} in {days} days.")
    chroots = {
        f"{release}-{arch}": data
        for release, repository in answer["repos"].items()
        for arch, data in repository["arch"].items()
    }
    return Offer(
        project=project,
        dirname=dirname,
        results_url=answer["results_url"].rstrip("/"),
        chroots=chroots,
        dependencies=answer["dependencies"],
        key_url=answer.get("pubkey_url"),
        notices=notices,
    )


def named_choice(offer: Offer, name: str) -> Choice:
    """Return the chroot of this name, which is used unchanged in addresses.

    Raises CoprError (not_found) if the project does not have it.
    """
    if name not in offer.chroots:
        near = nearest(name, offer.chroots)
        question = f" Did you mean {' or '.join(near)}?" if near else ""
        raise _not_offered(offer, name, question)
    return Choice(name, name)


def choice_for(offer: Offer, host: Host) -> Choice:
    """Return the first chroot that fits a host.

    Raises CoprError (not_found) if the project has none of them.
    """
    for release, chroot in zip(host.releases, host.chroots):
        if chroot in offer.chroots:
            return Choice(chroot, address_of(release))
    raise _not_offered(
        offer,
        f"this host ({' or '.join(host.chroots)})",
        " Set chroot to one of them if its packages work here." if offer.chroots else "",
    )


def address_of(release: str) -> str:
    """Return the part of addresses for a release, with the variables of dnf.

    They are used where Copr's .repo files have them (GET /coprs/OWNER/DIRNAME/repo), except for
    the name of Fedora ELN, which dnf 5 keeps, because no $releasever matches it.
    """
    distribution = release.rpartition("-")[0]
    if distribution in _BY_RELEASEVER and release not in _NEVER_BY_RELEASEVER:
        return f"{distribution}-$releasever-$basearch"
    return f"{release}-$basearch"


def notices_of(offer: Offer, choice: Choice) -> list[str]:
    """Return warnings about a project's repository for a chroot."""
    days = offer.chroots[choice.chroot].get("delete_after_days")
    if days is None:
        return offer.notices
    ended = (
        f"Nothing is built in {choice.chroot} for {offer.project} any more, and Copr will delete "
        f"the repository in {days} days."
    )
    return [*offer.notices, ended]


def _not_offered(offer: Offer, what: str, then: str) -> CoprError:
    has = f"it has {', '.join(sorted(offer.chroots))}" if offer.chroots else "it has none at all"
    return CoprError("not_found", f"{offer.project} has no repository for {what}; {has}.{then}")
