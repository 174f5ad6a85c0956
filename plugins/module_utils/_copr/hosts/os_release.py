# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which chroots fit a host: from its os-release and its architecture.

The names are those of mock, which Copr's chroots have. For distributions that C(dnf copr enable) of
dnf 4 or dnf 5 recognizes, the result is the same chroot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# The IDs of os-release whose chroots have another name.
_CHROOT_NAMES = {"amzn": "amazonlinux", "ol": "oraclelinux"}
_AZURE = {"azurelinux", "mariner"}
_ENTERPRISE = {"rhel", "centos"}
_LINE = re.compile(r"(\w+)=(.*)")


@dataclass(frozen=True)
class Host:
    """The properties that decide which repository fits a host.

    Attributes:
        releases: chroots without their architecture, such as C(epel-9), the best first.
        arch: the architecture, as chroots have it.
    """

    releases: list[str]
    arch: str

    @property
    def chroots(self) -> list[str]:
        """The chroots that fit, the best first."""
        return [f"{release}-{self.arch}" for release in self.releases]


def parse_os_release(text: str) -> dict[str, str]:
    """Return the fields of an os-release; other lines are ignored."""
    fields = {}
    for line in text.splitlines():
        found = _LINE.fullmatch(line.strip())
        if found:
            fields[found[1]] = _unquoted(found[2].strip())
    return fields


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return re.sub(r"\\(.)", r"\1", value)


def host_from(fields: Mapping[str, str], machine: str) -> Host:
    """Return the host's properties, from the fields of os-release and the machine's type.

    There are no releases if os-release does not name the distribution.
    """
    releases = list(dict.fromkeys(_releases(fields)))
    return Host(releases, _arch(machine, releases))


def _releases(fields: Mapping[str, str]) -> Iterable[str]:
    identity = fields.get("ID", "").lower()
    version = fields.get("VERSION_ID", "").lower()
    major = version.partition(".")[0]
    if not identity:
        return []
    own = f"{_CHROOT_NAMES.get(identity, identity)}-{version}"
    if identity == "opensuse-tumbleweed":
        return [identity]
    if identity == "mageia" and any("cauldron" in each.lower() for each in fields.values()):
        return ["mageia-cauldron"]
    if identity in _AZURE:
        return [f"azure-linux-{major}", own]
    if identity in {"amzn", "opensuse-leap", "mageia"}:
        return [own]
    if "eln" in (identity, fields.get("VARIANT_ID")):
        return ["fedora-eln"]
    enterprise = _enterprise(identity, fields)
    if enterprise:
        stream = [f"centos-stream-{enterprise}"] if "Stream" in fields.get("NAME", "") else []
        return [own, own.partition(".")[0], f"epel-{enterprise}", *stream]
    fedora = _fedora(identity, fields)
    if fedora is None:
        return [own]
    return [fedora] if identity == "fedora" else [own, fedora]


def _enterprise(identity: str, fields: Mapping[str, str]) -> str | None:
    """Return the version of RHEL that a distribution is, or is derived from; None otherwise."""
    platform = fields.get("PLATFORM_ID", "").lower()
    like = fields.get("ID_LIKE", "").lower().split()
    found = re.fullmatch(r"platform:el(\d+)", platform)
    if found:
        return found[1]
    if platform.startswith("platform:f") or not ({identity, *like} & _ENTERPRISE):
        return None
    return fields.get("VERSION_ID", "").partition(".")[0] or None


def _fedora(identity: str, fields: Mapping[str, str]) -> str | None:
    """Return the release of Fedora that a distribution is, or is derived from; None otherwise."""
    platform = re.fullmatch(r"platform:f(\d+)", fields.get("PLATFORM_ID", ""))
    like = fields.get("ID_LIKE", "").lower().split()
    if identity != "fedora" and not platform and "fedora" not in like:
        return None
    if fields.get("REDHAT_SUPPORT_PRODUCT_VERSION", "").lower() == "rawhide":
        return "fedora-rawhide"
    return f"fedora-{platform[1] if platform else fields.get('VERSION_ID', '')}"


def _arch(machine: str, releases: list[str]) -> str:
    """Return the architecture of chroots, which is that of packages, for a type of machine."""
    suse_or_mageia = any(each.startswith(("mageia", "opensuse")) for each in releases)
    if re.fullmatch(r"i[3-6]86", machine):
        return "i586" if suse_or_mageia else "i386"
    if machine.startswith("armv7"):
        return "armv7hl" if suse_or_mageia else "armhfp"
    return machine
