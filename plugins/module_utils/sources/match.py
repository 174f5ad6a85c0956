# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a build is of a source.

A source has one identity. It is compared first with a build as lists show it (C(matches_build)),
then with what the build was submitted with (C(matches_config), GET
/build/source-build-config). Both answer True, False, or None where more must be read: after the
build its configuration, after that the text or the header of the uploaded file.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Callable, Union

from ..nouns.normal import Address, address, file_name, upload_name
from .srpm import Nevr, nevr_of_file_name

_SOURCE_RPM = re.compile(r"\.(?:no)?src\.rpm\Z", re.IGNORECASE)


def is_read(build: Mapping[str, Any]) -> bool:
    """Return whether the source of a build was read, so that its name and version are known."""
    return build["source_package"].get("name") is not None


@dataclass(frozen=True)
class ByVersion:
    """A source RPM: it is known by its name, epoch, version and release.

    C(address) is where it lies, if that is on the web: what was built from the same address is the
    same, too.
    """

    nevr: Nevr
    address: Address | None = None

    @property
    def key(self) -> Hashable:
        """What two equal sources of one task have in common."""
        return self.nevr

    def matches_build(self, build: Mapping[str, Any]) -> bool | None:
        """Compare with the version that was read, if it was."""
        if not is_read(build):
            return None
        package = build["source_package"]
        return package["name"] == self.nevr.name and self.nevr.is_version(package.get("version"))

    def matches_config(self, config: Mapping[str, Any]) -> bool | None:
        """Compare file names; they are a guess, which None leaves open."""
        fields = config.get("source_dict") or {}
        if config.get("source_type") == "upload":
            stored = upload_name(str(fields.get("pkg") or ""))
            named = upload_name(f"{self.nevr.name}-{self.nevr.vr}")
            same_name = stored != _SOURCE_RPM.sub("", stored) == named
            return None if same_name else False
        if config.get("source_type") != "link":
            return False
        url = str(fields.get("url") or "")
        if self.address is not None and is_at(self.address, url):
            return True
        found = nevr_of_file_name(file_name(url))
        return None if found is not None and found == self.nevr.without_epoch else False


@dataclass(frozen=True)
class ByAddress:
    """What lies at an address, whatever it is."""

    address: Address

    @property
    def key(self) -> Hashable:
        """What two equal sources of one task have in common."""
        return self.address

    def matches_build(self, _build: Mapping[str, Any]) -> bool | None:
        """Leave it to the configuration: a build does not show its address."""
        return None

    def matches_config(self, config: Mapping[str, Any]) -> bool | None:
        """Compare addresses."""
        url = str((config.get("source_dict") or {}).get("url") or "")
        return config.get("source_type") == "link" and is_at(self.address, url)


@dataclass(frozen=True)
class ByText:
    """A spec file of this host: it is known by its name and its text."""

    path: str
    upload_name: str

    @property
    def key(self) -> Hashable:
        """What two equal sources of one task have in common."""
        return self.path

    def matches_build(self, _build: Mapping[str, Any]) -> bool | None:
        """Leave it to the text."""
        return None

    def matches_config(self, config: Mapping[str, Any]) -> bool | None:
        """Compare file names; where they are the same, None leaves it to the text."""
        stored = upload_name(str((config.get("source_dict") or {}).get("pkg") or ""))
        same_name = config.get("source_type") == "upload" and stored == self.upload_name
        return None if same_name else False


@dataclass(frozen=True)
class ByDescription:
    """A source known by the fields that describe it, in the form of C(Kind.describe).

    C(could_be_named) tells whether its package can have a name; C(describe) brings what a
    build's configuration shows into the same form.
    """

    source_type: str
    fields: Mapping[str, Any]
    could_be_named: Callable[[str], bool]
    describe: Callable[[Mapping[str, Any]], Mapping[str, Any]]

    @property
    def key(self) -> Hashable:
        """What two equal sources of one task have in common."""
        return self.source_type, repr(sorted(self.fields.items()))

    def matches_build(self, build: Mapping[str, Any]) -> bool | None:
        """Rule out builds whose package has a name that this source can't give."""
        name = build["source_package"].get("name")
        return None if name is None or self.could_be_named(name) else False

    def matches_config(self, config: Mapping[str, Any]) -> bool | None:
        """Compare all fields; one that is null here may have any value there."""
        if config.get("source_type") != self.source_type:
            return False
        found = self.describe(config.get("source_dict") or {})
        return all(value is None or found[key] == value for key, value in self.fields.items())


Identity = Union[ByVersion, ByAddress, ByText, ByDescription]


def is_at(wanted: Address, url: str) -> bool:
    """Return whether an address, as the server shows it, is the wanted one."""
    try:
        return address(url) == wanted
    except ValueError:
        return False
