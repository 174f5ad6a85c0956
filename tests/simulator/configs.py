# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a builder is told: the configuration of a chroot, as project and build give it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

from .current import results_url
from .world import Build, Project, ProjectChroot

MEMORY_LIMIT = 2048
EXPLICIT = ("on", "off", "image", "custom_image")


def chroot_settings(project: Project, chroot: ProjectChroot) -> dict[str, Any]:
    """Return the part that is the same for all builds of a project in a chroot."""
    repos = _repository_names(project, chroot)
    return {
        "additional_repos": repos,
        "additional_packages": chroot.additional_packages.split(),
        "with_opts": chroot.with_opts.split(),
        "without_opts": chroot.without_opts.split(),
        "repos": _repositories(project, chroot.name, repos),
    }


def for_build(build: Build, chroot_name: str) -> dict[str, Any]:
    """build-chroot/build-config; most of it is missing if the chroot was disabled since."""
    project = build.project
    chroot = project.chroots.get(chroot_name)
    config: dict[str, Any] = {
        "enable_net": build.enable_net,
        "is_background": build.is_background,
        "memory_limit": MEMORY_LIMIT,
        "timeout": build.timeout,
    }
    if chroot is None or not (chroot.enabled and chroot.active):
        return {"additional_repos": [f"copr://{project.full_name}"], **config}
    config.update(chroot_settings(project, chroot))
    bootstrap = _bootstrap(build, chroot)
    if bootstrap in EXPLICIT:
        config["bootstrap"] = bootstrap
    if bootstrap == "custom_image":
        config["bootstrap_image"] = chroot.bootstrap_image
    return config


def _bootstrap(build: Build, chroot: ProjectChroot) -> str:
    """Return the first that says anything: the build, the chroot, the project."""
    for said in (build.bootstrap, chroot.bootstrap):
        if said and said != "unchanged":
            return said
    return str(build.project.settings["bootstrap"])


def _repository_names(project: Project, chroot: ProjectChroot) -> list[str]:
    names = [f"copr://{project.full_name}"]
    names += project.settings["additional_repos"].split()
    if project.settings["devel_mode"]:
        names.append(f"copr://{project.full_name}/devel")
    return names + chroot.additional_repos.split()


def _repositories(project: Project, chroot: str, names: list[str]) -> list[dict[str, Any]]:
    """Return the repositories as mock configures them; that of the project comes first."""
    base = f"{results_url()}/{project.full_name}/{chroot}/"
    priority = project.settings["repo_priority"]
    hotfixes = project.settings["module_hotfixes"] or None
    found = [
        _repository(
            "copr_base",
            "Copr repository",
            base,
            priority=priority,
            module_hotfixes=hotfixes,
            repo_gpgcheck=False,
        )
    ]
    if project.settings["devel_mode"]:
        devel = _repository(
            "copr_base_devel",
            "Copr buildroot",
            f"{base}devel/",
            priority=priority,
            repo_gpgcheck=False,
        )
        found.append(devel)
    buildroot = f"copr://{project.full_name}/devel"
    return found + [_additional(name, chroot) for name in names[1:] if name != buildroot]


def _additional(name: str, chroot: str) -> dict[str, Any]:
    identity = repository_id(name)
    title = f"Additional repo {identity}"
    if name.startswith("copr://"):
        base = f"{results_url()}/{name.removeprefix('copr://').strip('/')}/{chroot}/"
        return _repository(identity, title, base, repo_gpgcheck=False)
    parts = urlsplit(name)
    priority = parse_qs(parts.query).get("priority")
    base = name.partition("?")[0] if priority else name
    return _repository(identity, title, base, priority=int(priority[0]) if priority else None)


def owner_id(owner: str) -> str:
    """Return an owner as the identifiers of repositories name it."""
    return f"group_{owner[1:]}" if owner.startswith("@") else owner


def repository_id(name: str) -> str:
    """Return an identifier made of an address."""
    return re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")


def _repository(
    identity: str,
    name: str,
    baseurl: str,
    *,
    priority: int | None = None,
    module_hotfixes: bool | None = None,
    repo_gpgcheck: bool | None = None,
) -> dict[str, Any]:
    return {
        "id": identity,
        "name": name,
        "baseurl": baseurl,
        "priority": priority,
        "module_hotfixes": module_hotfixes,
        "repo_gpgcheck": repo_gpgcheck,
    }
