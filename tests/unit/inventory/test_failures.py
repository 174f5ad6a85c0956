# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import subprocess

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.settings import ENVIRONMENT
from ansible_collections.fedora.copr.plugins.plugin_utils._copr import connection

from unit.lab import answering

from .conftest import InventoryLab


def test_nothing_is_chosen(copr: InventoryLab) -> None:
    assert copr.fail() == "Set owners or queries."


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("filter", "filters"), ("owner", "owners"), ("keyed_group", "keyed_groups"), ("url", None)],
)
def test_an_option_that_there_is_not(three: InventoryLab, wrong: str, right: str | None) -> None:
    said = three.fail(owners=["alice"], **{wrong: ["false"]})
    assert f"my.copr.yml has no option {wrong}" in said
    assert right is None or f"did you mean {right}" in said
    assert three.lab.calls == []


def test_options_of_ansibles_own_fragments_are_known(three: InventoryLab) -> None:
    options = {"strict": True, "cache": False, "use_extra_vars": False, "leading_separator": True}
    assert three.hosts(owners=["alice"], **options) == ["alice/hello", "alice/tools"]


@pytest.mark.parametrize("value", ["", " "])
def test_empty_variables_are_as_if_not_set(
    three: InventoryLab, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in set(ENVIRONMENT.values()):
        monkeypatch.setenv(name, value)
    assert three.hosts(owners=["alice"]) == ["alice/hello", "alice/tools"]


def test_variables_are_read_as_for_modules(
    three: InventoryLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = f"[copr-cli]\ncopr_url = {three.lab.sim.url}\nlogin = l\ntoken = secret-token\n"
    monkeypatch.setenv("COPR_CONFIG", content)
    assert three.hosts(owners=["alice"], copr_url=None) == ["alice/hello", "alice/tools"]
    monkeypatch.setenv("COPR_RETRIES", "secret-token")
    assert "retries" in three.fail(owners=["alice"], copr_url=None)
    monkeypatch.setenv("COPR_RETRIES", "0")
    monkeypatch.setenv("COPR_CONFIG", content + "token = secret-token")
    said = three.fail(owners=["alice"], copr_url=None)
    assert "The text in the environment variable COPR_CONFIG can't be used" in said
    assert "secret-token" not in said


def test_a_server_that_repeats_a_secret(
    copr: InventoryLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    copr.project("alice/hello", description="It is secret-token")
    monkeypatch.setenv("COPR_LOGIN", "secret-login")
    monkeypatch.setenv("COPR_TOKEN", "secret-token")
    project = copr.load(owners=["alice"]).hosts["alice/hello"].vars["copr_project"]
    assert project["description"] == "It is ********"
    copr.lab.before("GET", "project/list", answering({"error": "No secret-token"}, "400 BAD"))
    assert "No ********" in copr.fail(owners=["alice"])


def test_half_a_login(copr: InventoryLab) -> None:
    said = copr.fail(owners=["alice"], copr_token="alice-token")
    assert "a login needs both" in said
    assert "alice-token" not in said


def test_the_server_refuses(copr: InventoryLab) -> None:
    assert "3 characters" in copr.fail(queries=["ab"])


def test_the_server_is_not_there(copr: InventoryLab) -> None:
    said = copr.fail(owners=["alice"], copr_url="http://127.0.0.1:9", retries=0)
    assert "127.0.0.1" in said
    assert "Traceback" not in said


def test_a_library_is_missing(copr: InventoryLab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "missing_library", lambda: ("requests", "Traceback ..."))
    with pytest.raises(Exception, match="Python library \\(requests\\)") as caught:
        copr.load(owners=["alice"])
    assert "Traceback" not in str(caught.value)


def run(copr: InventoryLab, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ansible-inventory on the file."""
    return subprocess.run(
        ["ansible-inventory", "-i", str(copr.file), *arguments],
        env={**os.environ, "ANSIBLE_INVENTORY_ENABLED": "auto"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_ansible_inventory(three: InventoryLab) -> None:
    three.write(owners=["alice"])
    done = run(three, "--list")
    assert done.returncode == 0, done.stderr
    listed = json.loads(done.stdout)
    assert list(listed["_meta"]["hostvars"]) == ["alice/hello", "alice/tools"]
    assert listed["_meta"]["hostvars"]["alice/tools"]["copr_project"]["id"] == 2
    assert listed["copr_owner_alice"]["hosts"] == ["alice/hello", "alice/tools"]


def test_ansible_inventory_tells_what_is_wrong(copr: InventoryLab) -> None:
    copr.write(owners=["alice"], copr_token="alice-token")
    done = run(copr, "--list", "-vvvv")
    assert "a login needs both" in done.stderr
    assert "alice-token" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
