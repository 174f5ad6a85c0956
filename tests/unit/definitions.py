# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Definitions of projects for tests of what is made of them."""

from __future__ import annotations

from typing import Any

from unit.lab import EPEL, F43, Lab

SCM = {"clone_url": "https://git.example.org/hello.git", "committish": "main"}
WHOLE: dict[str, Any] = {
    "project": "alice/hello",
    "description": "Greetings",
    "chroots": ["fedora-43-x86*", EPEL],
    "chroot_settings": [{"chroot": "epel-10-*", "additional_packages": ["epel-rpm-macros"]}],
    "packages": [{"package": "hello", "scm": SCM, "webhook_rebuild": True}],
    "permissions": [{"user": "bob", "builder": "approved"}],
}


def projects(lab: Lab, *definitions: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Run copr_projects, and forget the requests before."""
    lab.forget()
    return lab.do("copr_projects", projects=list(definitions), **options)


def results(result: dict[str, Any]) -> dict[str, str]:
    """Return what came of each project, by name."""
    return {each["name"]: each["result"] for each in result["projects"]}


def numbered(count: int, **more: Any) -> list[dict[str, Any]]:
    """Return definitions of so many projects."""
    return [{"project": f"alice/p{n:03}", "chroots": [F43], **more} for n in range(count)]
