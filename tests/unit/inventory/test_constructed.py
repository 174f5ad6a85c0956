# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from simulator.project_form import DEFAULTS

from .conftest import InventoryLab


def test_filters_must_all_be_true(three: InventoryLab) -> None:
    listed = "not copr_project.unlisted_on_hp"
    fedora = "'fedora-43-x86_64' in copr_project.chroots"
    owners = ["alice", "@packagers"]
    assert three.hosts(owners=owners, filters=[listed]) == ["alice/hello", "@packagers/tools"]
    assert three.hosts(owners=owners, filters=[listed, fedora]) == ["alice/hello"]
    assert three.hosts(owners=owners, filters=["copr_project.name == 'tools'", listed]) == [
        "@packagers/tools"
    ]


def test_texts_and_lists_as_filters(copr: InventoryLab) -> None:
    copr.project("alice/bare", chroots=())
    copr.project("alice/described", homepage="https://example.org/")
    for expression in ("copr_project.homepage", "copr_project.chroots"):
        assert copr.hosts(owners=["alice"], filters=[expression]) == ["alice/described"]


def test_filters_that_cannot_be_evaluated(three: InventoryLab) -> None:
    wrong = ["copr_project.no_such_field == 1"]
    assert three.hosts(owners=["alice"], filters=wrong) == []
    said = three.fail(owners=["alice"], filters=wrong, strict=True)
    assert "filters can't use 'copr_project.no_such_field == 1' for alice/hello: " in said


def test_names_of_hosts(three: InventoryLab) -> None:
    assert three.hosts(owners=["alice"], hostname="copr_project.name") == ["hello", "tools"]
    dashed = "copr_project.full_name | replace('/', '-')"
    assert three.hosts(owners=["alice"], hostname=dashed) == ["alice-hello", "alice-tools"]
    assert three.hosts(owners=["@packagers"], hostname="copr_project.id") == ["3"]


def test_names_that_are_none(three: InventoryLab) -> None:
    for expression in ("copr_project.no_such_field", "copr_project.homepage", "''"):
        said = three.fail(owners=["alice"], hostname=expression)
        assert f"hostname can't use {expression!r} for alice/hello: " in said


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "a/../b",
        "a//b",
        "a/",
        "\x1b[31mred",
        "two\nlines",
        "{{ 1 }}",
    ],
)
def test_names_that_do_harm(copr: InventoryLab, name: str) -> None:
    copr.project("alice/hello", contact=name)
    said = copr.fail(owners=["alice"], hostname="copr_project.contact")
    assert "is not a valid host name" in said
    assert said.isprintable()


@pytest.mark.parametrize("name", ["..", "x\n", "\x1b[2J", "{{ 1 }}", ""])
def test_a_server_cannot_name_hosts_as_it_likes(copr: InventoryLab, name: str) -> None:
    copr.lab.sim.world.add_project("alice", name, DEFAULTS)
    assert "is not a valid host name" in copr.fail(owners=["alice"])


def test_two_projects_of_one_name(three: InventoryLab) -> None:
    said = three.fail(owners=["alice", "@packagers"], hostname="copr_project.name")
    assert "Both alice/tools and @packagers/tools would be the host tools" in said


def test_constructed_groups_and_variables(three: InventoryLab) -> None:
    inventory = three.load(
        owners=["alice"],
        strict=True,
        compose={"shout": "copr_project.name | upper"},
        groups={"networked": "copr_project.enable_net", "loud": "shout == 'TOOLS'"},
        keyed_groups=[{"key": "copr_project.chroots", "prefix": "on"}],
    )
    groups = inventory.get_groups_dict()
    assert inventory.hosts["alice/hello"].vars["shout"] == "HELLO"
    assert groups["networked"] == ["alice/hello"]
    assert groups["loud"] == ["alice/tools"]
    assert groups["on_fedora_43_x86_64"] == ["alice/hello", "alice/tools"]
    assert groups["on_epel_10_x86_64"] == ["alice/hello"]
