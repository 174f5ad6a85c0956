# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How users name a project: C(owner/name), C(@group/name), or C(name) for one of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable

from ..wire.errors import CoprError

LONGEST_NAME = 100
# Begins the address of a repository of this server.
REPOSITORY = "copr://"
_NAME = re.compile(r"[\w.-]+\Z")
_DIRECTORY = re.compile(r"([\w.-]+):[\w.:-]+\Z")


@dataclass(frozen=True)
class ProjectName:
    """The identity of a project."""

    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"

    @property
    def query(self) -> dict[str, str]:
        """The arguments that identify the project in the API's queries and bodies."""
        return {"ownername": self.owner, "projectname": self.name}


def parse_project(text: str, own_name: Callable[[], str]) -> ProjectName:
    """Return the project that a user's text names.

    C(own_name) is asked for the logged-in user's name when the text gives no owner.
    Raises CoprError (invalid) for a name that the server would refuse. It answers names that are
    too long with an internal error, so they are not sent.
    """
    owner, slash, name = text.strip().rpartition("/")
    if "/" in owner or (slash and not owner.strip("@")):
        raise _invalid(text, "write it as owner/name, @group/name or name")
    directory = _DIRECTORY.match(name)
    if directory:
        whole = f"{owner}{slash}{directory[1]}"
        raise _invalid(
            text, f"it is a directory; its project is {whole}, and its dirname is {name}"
        )
    if not _NAME.match(name):
        raise _invalid(
            text, "a name can contain only letters, digits, underscores, dashes and dots"
        )
    if set(name) == {"."} or set(owner) == {"."}:
        raise _invalid(text, "a name can't consist of dots only")
    if name.isdigit():
        raise _invalid(text, "a name can't be just a number")
    if len(name) > LONGEST_NAME:
        raise _invalid(text, f"a name can have at most {LONGEST_NAME} characters")
    if owner and not _NAME.match(owner[owner.startswith("@") :]):
        raise _invalid(text, "the owner contains a character that is not allowed there")
    return ProjectName(owner or own_name(), name)


def project_at(address: str) -> ProjectName | None:
    """Return the project that an address C(copr://owner/name) means; None for other addresses."""
    owner, slash, name = address[len(REPOSITORY) :].strip("/").partition("/")
    return ProjectName(owner, name) if slash and address.startswith(REPOSITORY) else None


def _invalid(text: str, why: str) -> CoprError:
    return CoprError("invalid", f"{text!r} is not a valid project name: {why}.")
