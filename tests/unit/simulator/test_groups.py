# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Projects of groups and forks, beyond what the recordings show."""

from __future__ import annotations

from unit.lab import EPEL, F43
from unit.simulator.frontend import Frontend


def found(frontend: Frontend, query: str) -> list[str]:
    """Search for projects."""
    items = frontend.do("GET", "project/search", query=query)["items"]
    return sorted(item["full_name"] for item in items)


def by_root(frontend: Frontend, name: str) -> None:
    """Let the administrator make a project of the group."""
    frontend.do("POST", "project/add/@team", {"name": name, "chroots": [F43]}, user="root")


def test_a_search_by_owner_finds_what_the_user_has_made_for_groups(frontend: Frontend) -> None:
    frontend.project("@team/demo", [F43])
    by_root(frontend, "demo2")
    assert found(frontend, "alice/dem") == ["@team/demo"]
    assert found(frontend, "@team/dem") == ["@team/demo", "@team/demo2"]
    assert found(frontend, "team/dem") == []


def test_the_owner_of_a_project_of_a_group_is_who_made_it(frontend: Frontend) -> None:
    by_root(frontend, "demo")
    path = "project/permissions/set/@team/demo"
    states = {"builder": "approved"}
    assert frontend.ask("PUT", path, {"root": states}).status_code == 400
    assert frontend.do("PUT", path, {"alice": states}) == {"updated": ["alice"]}


def test_a_fork_into_a_project_that_another_made_is_not_guarded(frontend: Frontend) -> None:
    frontend.project("alice/demo", [F43])
    by_root(frontend, "next")
    body = {"ownername": "@team", "name": "next"}
    assert frontend.ask("POST", "project/fork/alice/demo", body).ok
    body = {"ownername": "@team", "name": "demo"}
    assert frontend.ask("POST", "project/fork/alice/demo", body).status_code == 400


def test_a_fork_has_neither_disabled_chroots_nor_rebuilds_by_webhooks(frontend: Frontend) -> None:
    frontend.project("alice/demo", [F43, EPEL])
    frontend.do("PUT", "project/edit/alice/demo", {"chroots": [F43]})
    package = {"package_name": "rake", "gem_name": "rake", "webhook_rebuild": True}
    frontend.do("POST", "package/add/alice/demo/rake/rubygems", package)
    frontend.do("POST", "project/fork/alice/demo", {"ownername": "alice", "name": "next"})
    where = {"ownername": "alice", "projectname": "next"}
    copied = frontend.do("GET", "package", packagename="rake", **where)
    assert copied["auto_rebuild"] is False
    settings = frontend.ask("GET", "project-chroot", chrootname=EPEL, **where)
    assert settings.status_code == 404


def test_a_fork_leaves_packages_of_the_target_alone(frontend: Frontend) -> None:
    for name, gem in (("demo", "rake"), ("next", "rack")):
        frontend.project(f"alice/{name}", [F43])
        package = {"package_name": "gem", "gem_name": gem}
        frontend.do("POST", f"package/add/alice/{name}/gem/rubygems", package)
    body = {"ownername": "alice", "name": "next", "confirm": True}
    frontend.do("POST", "project/fork/alice/demo", body)
    package = frontend.do(
        "GET", "package", ownername="alice", projectname="next", packagename="gem"
    )
    assert package["source_dict"] == {"gem_name": "rack"}
