# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Logging in with a session that Kerberos gave, as the official client keeps it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from requests.auth import AuthBase

from unit.lab import Lab
from unit.libraries import replace_library


class Negotiate(AuthBase):
    """What the simulator takes in place of a ticket."""

    def __init__(self, **_options: Any) -> None:
        pass

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = "Negotiate YWxpY2U="  # alice
        return request


@pytest.fixture
def ticket(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have requests-gssapi and a ticket of alice."""
    library = SimpleNamespace(HTTPSPNEGOAuth=Negotiate)
    replace_library(monkeypatch, "requests_gssapi", library)


def kept(lab: Lab) -> Path:
    return Path("~/.cache/copr").expanduser() / f"{lab.sim.url.partition('//')[2]}-session"


def edit(lab: Lab, text: str = "new") -> dict[str, Any]:
    return lab.do("copr_project", by=None, project="alice/demo", description=text, gssapi=True)


def test_a_ticket_logs_in_and_the_session_is_kept_for_the_official_client(
    demo: Lab, ticket: None
) -> None:
    assert edit(demo)["changed"] is True
    session = json.loads(kept(demo).read_text())
    assert session["name"] == "alice"
    assert demo.sim.world.sessions[session["session"]] == "alice"
    assert session["expiration"] > time.time()
    assert kept(demo).stat().st_mode & 0o777 == 0o600


def test_the_session_and_the_ticket_are_secrets(demo: Lab, ticket: None) -> None:
    task = demo.task("copr_auth_info", by=None, gssapi=True)
    assert task.client.secrets == set()
    assert task.client.whoami() == "alice"
    session = json.loads(kept(demo).read_text())["session"]
    assert {session, "YWxpY2U="} <= task.client.secrets
    again = demo.task("copr_auth_info", by=None, gssapi=True)
    again.client.whoami()
    assert session in again.client.secrets


def test_a_kept_session_is_used_again(demo: Lab, ticket: None) -> None:
    edit(demo, "one")
    edit(demo, "two")
    assert demo.calls.count("GET gssapi_login/") == 1


def test_a_session_that_the_server_has_ended_is_renewed(demo: Lab, ticket: None) -> None:
    edit(demo, "one")
    demo.sim.world.sessions.clear()
    assert edit(demo, "two")["changed"] is True
    assert demo.calls.count("GET gssapi_login/") == 2


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"session": "x", "expiration": 1}'])
def test_a_kept_session_that_is_worth_nothing_is_replaced(
    demo: Lab, ticket: None, content: str
) -> None:
    kept(demo).parent.mkdir(parents=True)
    kept(demo).write_text(content)
    assert edit(demo)["changed"] is True


def test_without_a_ticket_the_server_says_no(
    demo: Lab, ticket: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Negotiate, "__call__", lambda self, request: request)
    error = demo.fail("copr_project", by=None, project="alice/demo", description="new", gssapi=True)
    assert error.status == 403
    assert "GSSAPI" in error.message


def test_the_library_that_is_missing_is_named(demo: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_library(monkeypatch, "requests_gssapi")
    error = demo.fail("copr_project", by=None, project="alice/demo", description="new", gssapi=True)
    assert (error.kind, "requests-gssapi" in error.message) == ("configuration", True)


def test_a_home_that_can_not_be_written_is_no_hindrance(demo: Lab, ticket: None) -> None:
    Path("~/.cache").expanduser().write_text("in the way")
    assert edit(demo)["changed"] is True


def test_a_file_is_sent_with_a_fresh_session(demo: Lab, ticket: None) -> None:
    edit(demo, "one")
    demo.sim.world.sessions.clear()
    path = demo.tmp_path / "hello.spec"
    path.write_text("Name: hello\nVersion: 1\nRelease: 1\n")
    result = demo.do(
        "copr_build", by=None, project="alice/demo", srpm=str(path), gssapi=True, wait=False
    )
    assert result["changed"] is True
    assert len(demo.builds()) == 1
