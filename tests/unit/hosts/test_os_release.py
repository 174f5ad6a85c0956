# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which chroots fit a host, by its os-release; the texts have what decides, and some more."""

from __future__ import annotations

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.hosts.os_release import (
    Host,
    host_from,
    parse_os_release,
)

# A distribution: its os-release, and the chroots that fit it, without the architecture.
DISTRIBUTIONS = {
    "Fedora": (
        'NAME="Fedora Linux"\nID=fedora\nVERSION_ID=43\nPLATFORM_ID="platform:f43"\n'
        "REDHAT_SUPPORT_PRODUCT_VERSION=43\nVARIANT_ID=silverblue\n",
        ["fedora-43"],
    ),
    "Fedora rawhide": (
        'NAME="Fedora Linux"\nVERSION="45 (Rawhide Prerelease)"\nID=fedora\nVERSION_ID=45\n'
        'PLATFORM_ID="platform:f45"\nREDHAT_SUPPORT_PRODUCT_VERSION=rawhide\n',
        ["fedora-rawhide"],
    ),
    "Fedora ELN": (
        'NAME="ELN"\nID=eln\nID_LIKE="rhel centos fedora"\nVERSION_ID=11\n'
        'PLATFORM_ID="platform:eln"\nREDHAT_SUPPORT_PRODUCT_VERSION=rawhide\n',
        ["fedora-eln"],
    ),
    "a remix of Fedora": (
        'ID=fedora-asahi-remix\nID_LIKE="fedora"\nVERSION_ID=42\nPLATFORM_ID="platform:f42"\n',
        ["fedora-asahi-remix-42", "fedora-42"],
    ),
    "a remix of Fedora that is like RHEL, too": (
        'ID=nobara\nID_LIKE="rhel centos fedora"\nVERSION_ID=42\nPLATFORM_ID="platform:f42"\n',
        ["nobara-42", "fedora-42"],
    ),
    "RHEL": (
        'NAME="Red Hat Enterprise Linux"\nID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.6"\n'
        'PLATFORM_ID="platform:el9"\n',
        ["rhel-9.6", "rhel-9", "epel-9"],
    ),
    "CentOS Stream": (
        'NAME="CentOS Stream"\nVERSION="10 (Coughlan)"\nID="centos"\nID_LIKE="rhel fedora"\n'
        'VERSION_ID="10"\nPLATFORM_ID="platform:el10"\n',
        ["centos-10", "epel-10", "centos-stream-10"],
    ),
    "CentOS, the old one": (
        'NAME="CentOS Linux"\nID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"\n',
        ["centos-7", "epel-7"],
    ),
    "AlmaLinux": (
        'ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.6"\n'
        'PLATFORM_ID="platform:el9"\n',
        ["almalinux-9.6", "almalinux-9", "epel-9"],
    ),
    "Rocky Linux": (
        'ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="8.10"\nPLATFORM_ID="platform:el8"\n',
        ["rocky-8.10", "rocky-8", "epel-8"],
    ),
    "Oracle Linux": (
        'ID="ol"\nID_LIKE="fedora"\nVERSION_ID="9.5"\nPLATFORM_ID="platform:el9"\n',
        ["oraclelinux-9.5", "oraclelinux-9", "epel-9"],
    ),
    "Amazon Linux": (
        'ID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"\nPLATFORM_ID="platform:al2023"\n',
        ["amazonlinux-2023"],
    ),
    "Amazon Linux 2": (
        'ID="amzn"\nID_LIKE="centos rhel fedora"\nVERSION_ID="2"\n',
        ["amazonlinux-2"],
    ),
    "openEuler": (
        'NAME="openEuler"\nVERSION="24.03 (LTS-SP1)"\nID="openEuler"\nVERSION_ID="24.03"\n',
        ["openeuler-24.03"],
    ),
    "openSUSE Leap": (
        'ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\n',
        ["opensuse-leap-15.6"],
    ),
    "openSUSE Tumbleweed": (
        'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n# VERSION_ID="1"\n'
        'VERSION_ID="20261123"\n',
        ["opensuse-tumbleweed"],
    ),
    "Mageia": ("ID=mageia\nVERSION_ID=9\nID_LIKE='mandriva fedora'\n", ["mageia-9"]),
    "Mageia Cauldron": (
        'PRETTY_NAME="Mageia 10 (Cauldron)"\nID=mageia\nVERSION_ID=10\n',
        ["mageia-cauldron"],
    ),
    "Azure Linux": ('ID="azurelinux"\nVERSION_ID="3.0"\n', ["azure-linux-3", "azurelinux-3.0"]),
    "one that nobody has heard of": ("ID=novel\nVERSION_ID=1.2\n", ["novel-1.2"]),
    "one without a name": ("VERSION_ID=1\nno field\n\n", []),
}
MACHINES = [
    ("Fedora", "aarch64", "aarch64"),
    ("Fedora", "i686", "i386"),
    ("Fedora", "armv7l", "armhfp"),
    ("Mageia", "i686", "i586"),
    ("openSUSE Tumbleweed", "armv7l", "armv7hl"),
    ("RHEL", "ppc64le", "ppc64le"),
]


def host(distribution: str, machine: str) -> Host:
    return host_from(parse_os_release(DISTRIBUTIONS[distribution][0]), machine)


@pytest.mark.parametrize("distribution", DISTRIBUTIONS)
def test_the_distribution_decides(distribution: str) -> None:
    assert host(distribution, "x86_64").releases == DISTRIBUTIONS[distribution][1]


@pytest.mark.parametrize(("distribution", "machine", "arch"), MACHINES)
def test_the_machine_decides(distribution: str, machine: str, arch: str) -> None:
    found = host(distribution, machine)
    assert found.arch == arch
    assert found.chroots[0] == f"{found.releases[0]}-{arch}"


def test_os_release_is_read_as_a_shell_does() -> None:
    text = 'A=plain\r\nB="with \\"quotes\\""\nC=\'single\'\n#D=comment\n E=indented \n\nF=\n'
    assert parse_os_release(text) == {
        "A": "plain",
        "B": 'with "quotes"',
        "C": "single",
        "E": "indented",
        "F": "",
    }
