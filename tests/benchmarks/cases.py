# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The commands that are measured, by name."""

from __future__ import annotations

import sys

from benchmarks.measure import Case
from benchmarks.stage import HERE


def play(name: str, **variables: str) -> Case:
    """Return a case that plays one of plays/."""
    return Case(["ansible-playbook", str(HERE / "plays" / f"{name}.yml")], variables)


def program(name: str) -> Case:
    """Return a case that runs one of programs/."""
    return Case([sys.executable, str(HERE / "programs" / f"{name}.py")])


def upload(size: str) -> Case:
    """Return a case in which the collection uploads a file."""
    return play("upload", SRPM=f"{{home}}/{size}.src.rpm")


def curl(size: str) -> Case:
    """Return a case in which curl uploads a file in the same form."""
    form = ["json={{}};filename=json;type=application/json", f"pkgs=@{{home}}/{size}.src.rpm"]
    command = ["curl", "--silent", "--fail", "--form", form[0], "--form", form[1]]
    return Case(["sh", "-c", '"$@" "$COPR_URL/api_3/build/create/upload"', "sh", *command])


def inventory(name: str) -> Case:
    """Return a case that reads a whole inventory and shows one host, not to measure the showing."""
    command = ["ansible-inventory", "--inventory", f"{{home}}/{name}"]
    unparsed = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
    return Case([*command, "--host", "alice/project-1"], unparsed)


CASES = {
    "idle": play("idle"),
    "debug": play("debug"),
    "projects": play("projects"),
    "raw projects": program("raw_projects"),
    "definitions": play("definitions"),
    "packages": play("packages"),
    "raw packages": program("raw_packages"),
    "new packages": play("new_packages"),
    "raw new packages": program("raw_new_packages"),
    "uri": play("uri"),
    "copr-cli": program("copr_cli_projects"),
    "python-copr": program("python_copr_projects"),
    "our wait": program("our_wait"),
    "python-copr's wait": program("python_copr_wait"),
    "inventory": inventory("copr.yml"),
    "cached inventory": inventory("cached.copr.yml"),
    "scripted inventory": inventory("script"),
    "raw inventory": program("raw_inventory"),
}
# With a server far away these would tell no more than the distance.
NEAR_CASES = {
    "small upload": upload("small"),
    "large upload": upload("large"),
    "small curl": curl("small"),
    "large curl": curl("large"),
    "ping": play("ping"),
    "module": play("module"),
    "bare": play("bare"),
}
