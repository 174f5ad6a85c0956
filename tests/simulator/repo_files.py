# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The .repo file of a project, as package managers fetch it."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from . import downloads
from .current import results_url
from .downloads import MULTILIB, MULTILIB_COST, dependencies_of
from .world import Project

NUMBERED = ("fedora", "centos-stream", "opensuse-leap", "mageia")
"""Distributions whose release dnf puts in place of a variable; others have it in the address."""

Section = dict[str, str]
"""The lines of a section; its id is under ``id``."""


def chroot_for(project: Project, name_release: str, arch: str | None) -> str | None:
    """Find the chroot that is asked for: the last whose name begins as the request says."""
    beginning = f"{name_release}-{arch}" if arch else name_release
    names = [chroot.name for chroot in downloads.kept_chroots(project)]
    return next((name for name in reversed(names) if name.startswith(beginning)), None)


def repo_file(project: Project, dirname: str, chroot: str, arch: str | None) -> str:
    """Write the file for one chroot; ``arch`` is what the request names, if it does."""
    needed = dependencies_of(project)
    sections = [_own(project, dirname, chroot)]
    if _has_multilib(project, chroot, arch):
        sections.append(_multilib(project, dirname, chroot))
    sections += [_dependency(one, chroot) for one in needed.projects]
    sections += [_external(address, chroot) for address in needed.addresses]
    comments = [f"# The project {name}, which this one needs, does not exist.\n"
                for name in needed.gone]  # fmt: skip
    return "\n".join([*map(_text, sections), *comments])


def _text(section: Section) -> str:
    lines = [f"{key}={value}" for key, value in section.items() if key != "id"]
    return "\n".join([f"[{section['id']}]", *lines, ""])


def _own(project: Project, dirname: str, chroot: str, arch: str = "") -> Section:
    base = f"{results_url()}/{project.owner}/{dirname}/"
    section = {
        "id": downloads.repository_id("copr", project.owner, dirname),
        "name": f"{project.owner}/{dirname} in Copr",
        "baseurl": f"{base}{_variable(chroot, arch)}/",
        "type": "rpm-md",
        "skip_if_unavailable": "True",
        "gpgcheck": "1",
        "gpgkey": f"{base}pubkey.gpg",
        "repo_gpgcheck": "0",
        "enabled": "1",
        "enabled_metadata": "1",
    }
    if project.settings["module_hotfixes"]:
        section["module_hotfixes"] = "1"
    if project.settings["repo_priority"] is not None:
        section["priority"] = str(project.settings["repo_priority"])
    return section


def _variable(chroot: str, arch: str) -> str:
    """Return the last part of an address, with dnf's variables where they fit."""
    distribution, release, _arch = chroot.rsplit("-", 2)
    if distribution in NUMBERED and release != "cauldron":
        release = "$releasever"
    return f"{distribution}-{release}-{arch or '$basearch'}"


def _has_multilib(project: Project, chroot: str, arch: str | None) -> bool:
    release, _dash, own_arch = chroot.rpartition("-")
    other = f"{release}-{MULTILIB.get(own_arch)}"
    enabled = project.enabled_chroots()
    return bool(arch and project.settings["multilib"] and chroot in enabled and other in enabled)


def _multilib(project: Project, dirname: str, chroot: str) -> Section:
    arch = MULTILIB[chroot.rpartition("-")[2]]
    section = _own(project, dirname, chroot, arch)
    more = {"id": f"{section['id']}:ml", "name": f"{section['name']} ({arch})"}
    return {**section, **more, "cost": str(MULTILIB_COST)}


def _dependency(project: Project, chroot: str) -> Section:
    section = _own(project, project.name, chroot)
    identity = downloads.repository_id("coprdep", project.owner, project.name)
    return {**section, "id": identity, "name": f"Needed at run time: {section['name']}"}


def _external(address: str, chroot: str) -> Section:
    return {
        "id": downloads.external_id(address),
        "name": f"Needed at run time: {address}",
        "baseurl": _without_priority(address)
        .replace("$chroot", chroot)
        .replace("$distname", chroot.rsplit("-", 2)[0]),
        "type": "rpm-md",
        "skip_if_unavailable": "True",
        "repo_gpgcheck": "0",
        "gpgcheck": "0",
        "enabled": "1",
        "enabled_metadata": "1",
    }


def _without_priority(address: str) -> str:
    parts = urlsplit(address)
    query = parse_qsl(parts.query)
    if "priority" not in dict(query):
        return address
    rest = [(name, value) for name, value in query if name != "priority"]
    return parts._replace(query=urlencode(rest)).geturl()
