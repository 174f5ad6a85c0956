# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a build was made from a source.

A source has one identity. It is compared first with a build as lists show it (C(matches_build)),
then with what the build was submitted with (C(matches_config), GET
/build/source-build-config). Both return True, False, or None if more must be read: after the
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
    """Return whether the source of a build is imported, so that its name and version are known."""
    return build["source_package"].get("name") is not None


@dataclass(frozen=True)
class ByVersion:
    """A source RPM: it is identified by its name, epoch, version and release.

    C(address) is its address, if it is on the web: builds from the same address match as well.
    """

    nevr: Nevr
    address: Address | None = None

    @property
    def key(self) -> Hashable:
        """What two equal sources of one task have in common."""
        return self.nevr

    def matches_build(self, build: Mapping[str, Any]) -> bool | None:
        """Compare with the imported version, if there is one."""
        if not is_read(build):
            return None
        package = build["source_package"]
        return package["name"] == self.nevr.name and self.nevr.is_version(package.get("version"))

    def matches_config(self, config: Mapping[str, Any]) -> bool | None:
        """Compare file names; if they match, return None, because that does not prove anything."""
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
    """A source that is identified by its address."""

    address: Address

    @property
    def key(self) -> Hashable:
        """What two equal sources of one task have in common."""
        return self.address

    def matches_build(self, _build: Mapping[str, Any]) -> bool | None:
        """Return None: only the configuration of a build shows its address."""
        return None

    def matches_config(self, config: Mapping[str, Any]) -> bool | None:
        """Compare addresses."""
        url = str((config.get("source_dict") or {}).get("url") or "")
        return config.get("source_type") == "link" and is_at(self.address, url)


@dataclass(frozen=True)
class ByText:
    """A spec file of this host: it is identified by its name and its text."""

    path: str
    upload_name: str

    @property
    def key(self) -> Hashable:
        """What two equal sources of one task have in common."""
        return self.path

    def matches_build(self, _build: Mapping[str, Any]) -> bool | None:
        """Return None: the text decides."""
        return None

    def matches_config(self, config: Mapping[str, Any]) -> bool | None:
        """Compare file names; if they match, return None, because the text decides."""
        stored = upload_name(str((config.get("source_dict") or {}).get("pkg") or ""))
        same_name = config.get("source_type") == "upload" and stored == self.upload_name
        return None if same_name else False


@dataclass(frozen=True)
class ByDescription:
    """A source that is identified by its fields, in the form of C(Kind.describe).

    C(could_be_named) returns whether its package can have a given name; C(describe) brings the
    fields of a build's configuration into the same form.
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
        """Rule out builds of packages with names that this source can't have."""
        name = build["source_package"].get("name")
        return None if name is None or self.could_be_named(name) else False

    def matches_config(self, config: Mapping[str, Any]) -> bool | None:
        """Compare all fields; a field that is null here matches any value."""
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
