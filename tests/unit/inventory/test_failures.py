# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import os
import subprocess

import pytest
from ansible_collections.fedora.copr.plugins.plugin_utils import connection

from .conftest import InventoryLab


def test_nothing_is_chosen(copr: InventoryLab) -> None:
    assert copr.fail() == "Say with owners or queries which projects are meant."


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
