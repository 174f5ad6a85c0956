# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from .conftest import InventoryLab

Options = dict[str, Any]


@pytest.fixture
def cached(three: InventoryLab) -> Options:
    """Return options that cache what they find of alice."""
    return {
        "owners": ["alice"],
        "copr_login": "alice-login",
        "copr_token": "alice-token",
        "cache": True,
        "cache_plugin": "ansible.builtin.jsonfile",
        "cache_connection": str(three.lab.tmp_path / "cache"),
    }


def test_nothing_is_asked_twice(three: InventoryLab, cached: Options) -> None:
    first = three.load(**cached)
    assert three.lab.calls == ["GET project/list"]
    second = three.load(**cached)
    assert three.lab.calls == ["GET project/list"]
    assert {name: host.vars for name, host in second.hosts.items()} == {
        name: host.vars for name, host in first.hosts.items()
    }
    assert second.get_groups_dict() == first.get_groups_dict()


def test_without_it_each_load_asks(three: InventoryLab) -> None:
    three.load(owners=["alice"])
    three.load(owners=["alice"])
    assert len(three.lab.calls) == 2


def test_what_is_made_of_the_answers_is_not_cached(three: InventoryLab, cached: Options) -> None:
    three.load(**cached)
    hosts = three.hosts(**cached, filters=["copr_project.enable_net"], hostname="copr_project.name")
    assert hosts == ["hello"]
    assert len(three.lab.calls) == 1


@pytest.mark.parametrize(
    "other", [{"owners": ["@packagers"]}, {"queries": ["/tools"]}, {"limit": 1}]
)
def test_other_questions_are_asked(three: InventoryLab, cached: Options, other: Options) -> None:
    three.load(**cached)
    three.load(**{**cached, **other})
    assert len(three.lab.calls) > 1


def test_another_server_is_asked(three: InventoryLab, cached: Options) -> None:
    three.load(**cached)
    three.load(**cached, copr_url=three.lab.sim.url.replace("127.0.0.1", "localhost"))
    assert len(three.lab.calls) == 2


def test_it_can_be_flushed(three: InventoryLab, cached: Options) -> None:
    three.load(**cached)
    three.project("alice/new")
    assert "alice/new" not in three.hosts(**cached)
    assert "alice/new" in three.load(use_cache=False, **cached).hosts
    assert "alice/new" in three.hosts(**cached)
    assert len(three.lab.calls) == 2


def test_the_login_is_not_in_it(three: InventoryLab, cached: Options) -> None:
    three.load(**cached)
    files = [path for path in (three.lab.tmp_path / "cache").iterdir() if path.is_file()]
    assert len(files) == 1
    assert "alice-" not in files[0].name + files[0].read_text(encoding="utf-8")
