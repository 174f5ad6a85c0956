# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the server knows: projects and packages that are as they should be, and running builds."""

from __future__ import annotations

from typing import Any

OWNER = "alice"
PROJECTS = 5000
# The owner of no more projects than a task names.
SMALL_OWNER = "bob"
SMALL_PROJECTS = 100
BUILDS = 200
PACKAGES = 500
CHROOTS = [f"fedora-{release}-{arch}" for release in (43, 44) for arch in ("aarch64", "x86_64")]
RESULTS = "https://download.example.org/results"


def project(number: int, owner: str = OWNER) -> dict[str, Any]:
    """Return a project as GET /project shows it."""
    name = f"project-{number}"
    return {
        "id": number,
        "name": name,
        "ownername": owner,
        "full_name": f"{owner}/{name}",
        "description": "A project that is as it should be.",
        "instructions": "",
        "homepage": f"https://{name}.example.org",
        "contact": None,
        "additional_repos": [],
        "packit_forge_projects_allowed": [],
        "repo_priority": None,
        "bootstrap": "default",
        "isolation": "default",
        "enable_net": False,
        "devel_mode": False,
        "unlisted_on_hp": False,
        "auto_prune": True,
        "module_hotfixes": False,
        "appstream": False,
        "follow_fedora_branching": True,
        "persistent": False,
        "storage": "backend",
        "chroot_repos": {chroot: f"{RESULTS}/{owner}/{name}/{chroot}/" for chroot in CHROOTS},
    }


def build(number: int) -> dict[str, Any]:
    """Return a build that is running, as GET /build shows it."""
    return {
        "id": number,
        "state": "running",
        "ownername": OWNER,
        "projectname": "project-1",
        "project_dirname": "project-1",
        "chroots": CHROOTS,
        "repo_url": f"{RESULTS}/{OWNER}/project-1",
        "source_package": {"name": f"package-{number}", "version": "1.0-1", "url": None},
        "submitted_on": 1795292297,
        "started_on": 1795292310,
        "ended_on": None,
        "submitter": OWNER,
        "is_background": False,
    }


def package(name: str, number: int, projectname: str) -> dict[str, Any]:
    """Return a package made from a gem, as GET /package shows it."""
    return {
        "id": number,
        "name": name,
        "ownername": OWNER,
        "projectname": projectname,
        "source_type": "rubygems",
        "source_dict": {"gem_name": name},
        "auto_rebuild": False,
        "builds": {"latest": None, "latest_succeeded": None},
    }
