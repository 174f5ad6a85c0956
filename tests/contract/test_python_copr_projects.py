# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The official python-copr drives the simulator: logins, projects and what belongs to them."""

from __future__ import annotations

import base64
import datetime
import types
from pathlib import Path
from typing import Any

import copr.v3.auth.gssapi
import pytest
import requests
from copr.v3 import (
    Client,
    CoprAuthException,
    CoprNoResultException,
    CoprRequestException,
)
from copr.v3.pagination import next_page

from contract.conftest import EPEL, F43, F44, end_builds, new_client
from simulator.server import Simulator
from simulator.world import Project

URL = "https://example.com/tool-1.0-1.src.rpm"
leaves_file_open = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
"""python-copr does not close the files it uploads."""


def test_general(client: Client) -> None:
    """The version of the API, the login, the chroots."""
    assert client.base_proxy.home().version == 3
    assert client.base_proxy.auth_check().name == "alice"
    assert client.base_proxy.auth_username() == "alice"
    chroots = client.mock_chroot_proxy.get_list()
    assert {F43, F44, EPEL} <= set(chroots)


def test_wrong_token(simulator: Simulator, tmp_path: Path) -> None:
    """A wrong token is refused where a login is needed, and only there."""
    stranger = new_client(simulator, tmp_path, "stranger")
    with pytest.raises(CoprRequestException) as refused:
        stranger.base_proxy.auth_check()
    assert refused.value.result.__response__.status_code == 401
    assert stranger.project_proxy.get_list("alice") == []


def test_new_token(client: Client, simulator: Simulator, tmp_path: Path) -> None:
    """A new token replaces the old one."""
    token = client.base_proxy.new_api_token()
    account = simulator.world.users["alice"]
    assert (token.api_login, token.api_token) == (account.login, account.token)
    assert datetime.date.fromisoformat(token.expiration) > simulator.world.today()
    with pytest.raises(CoprRequestException):
        client.base_proxy.auth_check()
    assert new_client(simulator, tmp_path).base_proxy.auth_check().name == "alice"


def test_gssapi(simulator: Simulator, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client logs in by GSSAPI once, and then by the cookie it has got.

    There is no Kerberos here; in its place the simulator takes the bare name of a user.
    """

    def negotiate(opportunistic_auth: bool) -> Any:
        assert opportunistic_auth

        def add_header(request: requests.PreparedRequest) -> requests.PreparedRequest:
            ticket = base64.b64encode(b"bob").decode()
            request.headers["Authorization"] = f"Negotiate {ticket}"
            return request

        return add_header

    class SPNEGOExchangeError(Exception):
        """What the real module raises."""

    stand_in = types.SimpleNamespace(
        HTTPSPNEGOAuth=negotiate,
        exceptions=types.SimpleNamespace(SPNEGOExchangeError=SPNEGOExchangeError),
    )
    monkeypatch.setattr(copr.v3.auth.gssapi, "requests_gssapi", stand_in)
    config = {"copr_url": simulator.url, "gssapi": True}
    assert Client(config).base_proxy.auth_check().name == "bob"
    paths = [request.path.strip("/") for request in simulator.requests]
    assert paths == ["api_3/gssapi_login", "api_3/auth-check"]
    assert len(list((home / ".cache" / "copr").glob("*-session"))) == 1

    simulator.requests.clear()
    project = Client(config).project_proxy.add("bob", "demo", [F43])
    assert project.full_name == "bob/demo"
    assert [request.user for request in simulator.requests] == ["bob"], "the cookie is enough"


def test_project_fields(client: Client, simulator: Simulator) -> None:
    """What is written is read back."""
    fields: dict[str, Any] = {
        "description": "What it is",
        "instructions": "How to use it",
        "homepage": "https://example.com/",
        "contact": "alice@example.com",
        "additional_repos": ["https://example.com/repo", "https://example.com/other"],
        "unlisted_on_hp": True,
        "enable_net": True,
        "devel_mode": True,
        "module_hotfixes": True,
        "appstream": True,
        "bootstrap": "image",
        "isolation": "nspawn",
        "repo_priority": 9,
        "follow_fedora_branching": False,
        "packit_forge_projects_allowed": ["github.com/example/tool"],
    }
    added = client.project_proxy.add("alice", "demo", [F43, EPEL], delete_after_days=5, **fields)
    read = client.project_proxy.get("alice", "demo")
    assert {name: read[name] for name in fields} == fields
    assert set(read.chroot_repos) == {F43, EPEL}
    assert added.id == read.id
    assert simulator.world.projects["alice/demo"].settings["delete_after_days"] == 5


@pytest.mark.usefixtures("project")
def test_project_exists(client: Client) -> None:
    """Adding a project again is an error, unless exist_ok is given: then nothing changes."""
    with pytest.raises(CoprRequestException):
        client.project_proxy.add("alice", "demo", [F44])
    again = client.project_proxy.add("alice", "demo", [F44], description="New", exist_ok=True)
    assert set(again.chroot_repos) == {F43, EPEL}
    assert again.description == ""


@pytest.mark.usefixtures("project")
def test_project_edit(client: Client, bob: Client) -> None:
    """Chroots are replaced, an empty list is ignored, strangers are refused."""
    edited = client.project_proxy.edit("alice", "demo", chroots=[F44], description="New")
    assert (set(edited.chroot_repos), edited.description) == ({F44}, "New")
    edited = client.project_proxy.edit("alice", "demo", chroots=[], instructions="Read")
    assert (set(edited.chroot_repos), edited.description) == ({F44}, "New")
    with pytest.raises(CoprAuthException):
        bob.project_proxy.edit("alice", "demo", description="Not mine")
    assert client.project_proxy.get("alice", "demo").description == "New"


def test_project_lists(client: Client) -> None:
    """Lists are paged; a name can be searched for."""
    names = [f"demo{number}" for number in range(5)]
    for name in names:
        client.project_proxy.add("alice", name, [F43])
    page = client.project_proxy.get_list("alice", {"limit": 2, "order": "id"})
    found = []
    while page:
        assert len(page) <= 2
        found += [project.name for project in page]
        page = next_page(page)
    assert found == names
    assert [one.name for one in client.project_proxy.search("alice/demo3")] == ["demo3"]


@pytest.mark.usefixtures("project")
def test_project_fork_and_delete(client: Client, bob: Client, simulator: Simulator) -> None:
    """A fork gets the builds; deleting takes everything away, and nobody else may do it."""
    client.build_proxy.create_from_url("alice", "demo", URL)
    with pytest.raises(CoprRequestException):
        client.project_proxy.delete("alice", "demo")
    end_builds(simulator)
    fork = bob.project_proxy.fork("alice", "demo", "bob", "copy")
    assert fork.full_name == "bob/copy"
    assert [build.state for build in bob.build_proxy.get_list("bob", "copy")] == ["forked"]
    with pytest.raises(CoprRequestException):
        bob.project_proxy.delete("alice", "demo")
    assert client.project_proxy.regenerate_repos("alice", "demo").name == "demo"
    assert client.project_proxy.delete("alice", "demo").name == "demo"
    with pytest.raises(CoprNoResultException):
        client.project_proxy.get("alice", "demo")
    assert list(simulator.world.projects) == ["bob/copy"]


@pytest.mark.usefixtures("project")
def test_permissions(client: Client, bob: Client) -> None:
    """Roles are asked for and granted."""
    project = ("alice", "demo")
    with pytest.raises(CoprNoResultException):
        client.project_proxy.get_permissions(*project)
    bob.project_proxy.request_permissions(*project, {"builder": True})
    shown = client.project_proxy.get_permissions(*project)
    assert shown["permissions"] == {"bob": {"admin": "nothing", "builder": "request"}}
    assert not bob.project_proxy.can_build_in("bob", *project)
    client.project_proxy.set_permissions(*project, {"bob": {"builder": "approved"}})
    assert bob.project_proxy.can_build_in("bob", *project)
    assert bob.build_proxy.create_from_rubygems(*project, "rake").submitter == "bob"
    with pytest.raises(CoprAuthException):
        bob.project_proxy.get_permissions(*project)


@leaves_file_open
@pytest.mark.usefixtures("project")
def test_chroot_settings(client: Client, simulator: Simulator, tmp_path: Path) -> None:
    """Settings of a chroot, with a comps file, and what a builder sees of them."""
    comps = tmp_path / "comps.xml"
    comps.write_text("<comps></comps>\n", encoding="utf-8")
    proxy, where = client.project_chroot_proxy, ("alice", "demo", F43)
    edited = proxy.edit(
        *where,
        additional_packages=["git", "make"],
        additional_repos=["https://example.com/repo"],
        additional_modules=["nodejs:18"],
        with_opts=["docs"],
        without_opts=["tests"],
        isolation="simple",
        comps=str(comps),
    )
    assert edited.comps_name == "comps.xml"
    read = proxy.get(*where)
    assert read.additional_packages == ["git", "make"]
    assert (read.with_opts, read.without_opts, read.isolation) == (["docs"], ["tests"], "simple")
    config = proxy.get_build_config(*where)
    assert config.additional_packages == ["git", "make"]
    assert proxy.edit(*where, delete_comps=True, reset_fields=["with_opts"]).comps_name is None
    assert simulator.world.projects["alice/demo"].chroots[F43].with_opts == ""
    with pytest.raises(CoprNoResultException):
        proxy.get("alice", "demo", F44)


def test_webhook(client: Client, project: Project) -> None:
    """A new secret replaces the one before."""
    old = project.webhook_secret
    told = client.webhook_proxy.generate("alice", "demo")
    assert told.webhook_secret == project.webhook_secret != old


def test_groups(client: Client, bob: Client, simulator: Simulator) -> None:
    """Projects of groups are named with an at sign, but for one answer."""
    project = client.project_proxy.add("@team", "demo", [F43])
    assert project.full_name == "@team/demo"
    assert project.chroot_repos[F43] == f"{simulator.url}/results/@team/demo/{F43}/"
    assert [one.name for one in client.project_proxy.search("@team/dem")] == ["demo"]
    asked = {"builder": True}
    bob.project_proxy.request_permissions("@team", "demo", asked)
    assert not client.project_proxy.can_build_in("bob", "@team", "demo")
    client.project_proxy.set_permissions("@team", "demo", {"bob": {"builder": "approved"}})
    assert client.project_proxy.can_build_in("bob", "@team", "demo")
    with pytest.raises(CoprRequestException, match="owner"):
        client.project_proxy.set_permissions("@team", "demo", {"alice": {"admin": "approved"}})
    with pytest.raises(CoprAuthException):
        bob.project_proxy.add("@team", "demo2", [F43])


def test_ended_chroots(client: Client, simulator: Simulator) -> None:
    """A chroot that has ended is neither offered nor enabled, and comes back as it was."""
    client.project_proxy.add("alice", "demo", [F43, EPEL])
    client.project_chroot_proxy.edit("alice", "demo", F43, additional_packages=["vim"])
    simulator.set_chroot(F43, "ended")
    assert F43 not in client.mock_chroot_proxy.get_list()
    assert list(client.project_proxy.get("alice", "demo").chroot_repos) == [EPEL]
    with pytest.raises(CoprNoResultException):
        client.project_chroot_proxy.get("alice", "demo", F43)
    with pytest.raises(CoprRequestException):
        client.project_proxy.edit("alice", "demo", chroots=[F43, EPEL])
    simulator.set_chroot(F43, "active")
    chroot = client.project_chroot_proxy.get("alice", "demo", F43)
    assert chroot.additional_packages == ["vim"]
