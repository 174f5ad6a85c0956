# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import sys

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader
from ansible.template import Templar

from unit.lab import EPEL, F43

from .conftest import InventoryLab


def test_projects_of_owners_are_hosts(three: InventoryLab) -> None:
    inventory = three.load(owners=["alice", "@packagers"])
    assert list(inventory.hosts) == ["alice/hello", "alice/tools", "@packagers/tools"]
    assert three.lab.calls == ["GET project/list", "GET project/list"]
    variables = inventory.hosts["alice/hello"].vars
    project = variables["copr_project"]
    assert project == three.lab.do("copr_project_info", project="alice/hello")["projects"][0]
    assert project["chroot_repos"][F43] == f"{three.lab.sim.url}/results/alice/hello/{F43}/"
    assert variables["copr_project_url"] == f"{three.lab.sim.url}/coprs/alice/hello/"


def test_the_page_of_a_groups_project(three: InventoryLab) -> None:
    variables = three.load(owners=["@packagers"]).hosts["@packagers/tools"].vars
    assert variables["copr_project_url"].endswith("/coprs/g/packagers/tools/")


def test_a_chroot_that_has_ended_has_no_group(three: InventoryLab) -> None:
    three.lab.sim.set_chroot(F43, "ended")
    inventory = three.load(owners=["alice"])
    assert list(inventory.hosts) == ["alice/hello", "alice/tools"]
    chroots = {name for name in inventory.groups if name.startswith("copr_chroot_")}
    assert chroots == {"copr_chroot_epel_10_x86_64"}


def test_search(three: InventoryLab) -> None:
    assert sorted(three.hosts(queries=["/tools"])) == ["@packagers/tools", "alice/tools"]
    assert len(three.hosts(queries=["/"])) == 3


def test_what_is_found_twice_is_one_host(three: InventoryLab) -> None:
    hosts = three.hosts(owners=["alice", "alice"], queries=["/tools"])
    assert hosts == ["alice/hello", "alice/tools", "@packagers/tools"]


def test_tasks_run_on_the_controller(three: InventoryLab) -> None:
    group = three.load(owners=["alice"]).groups["copr_projects"]
    assert [host.name for host in group.get_hosts()] == ["alice/hello", "alice/tools"]
    assert group.vars["ansible_connection"] == "local"
    assert group.vars["ansible_python_interpreter"] == sys.executable


def test_limit(three: InventoryLab) -> None:
    assert three.hosts(owners=["alice", "@packagers"], limit=1) == ["alice/hello"]
    assert three.lab.calls == ["GET project/list"]
    assert "limit must be 1 or more" in three.fail(owners=["alice"], limit=0)


def test_a_thousand_projects(copr: InventoryLab) -> None:
    for number in range(1000):
        copr.project(f"alice/p{number}")
    assert len(copr.hosts(owners=["alice"])) == 1000
    assert len(copr.lab.calls) == 3


def test_an_owner_without_projects(three: InventoryLab, warnings: list[str]) -> None:
    assert three.hosts(owners=["alice", "packagers"]) == ["alice/hello", "alice/tools"]
    assert warnings == [f"packagers has no projects on {three.lab.sim.url}."]


def test_no_login_is_sent(three: InventoryLab) -> None:
    three.hosts(owners=["alice"], copr_login="alice-login", copr_token="alice-token")
    assert [request.user for request in three.lab.sim.requests] == [None]


def test_options_may_be_templates(three: InventoryLab) -> None:
    assert three.hosts(owners=["{{ 'ali' ~ 'ce' }}"], copr_url=f"{{{{ '{three.lab.sim.url}' }}}}")


def test_the_server_may_come_from_the_environment(
    three: InventoryLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPR_URL", three.lab.sim.url)
    assert three.hosts(owners=["alice"], copr_url=None)


def test_texts_are_no_templates(copr: InventoryLab) -> None:
    copr.project("alice/hello", description="{{ 6 * 7 }}")
    inventory = copr.load(owners=["alice"], compose={"copied": "copr_project.description"})
    variables = inventory.hosts["alice/hello"].vars
    templar = Templar(loader=DataLoader(), variables=variables)
    assert templar.template(variables["copr_project"]["description"]) == "{{ 6 * 7 }}"
    assert templar.template(variables["copied"]) == "{{ 6 * 7 }}"


@pytest.mark.parametrize(
    ("name", "fits"),
    [
        ("copr.yml", True),
        ("nightly.copr.yaml", True),
        ("copr.yml.old", False),
        ("hosts.yml", False),
    ],
)
def test_names_of_files(copr: InventoryLab, name: str, fits: bool) -> None:
    path = copr.lab.tmp_path / name
    path.touch()
    assert inventory_loader.get("fedora.copr.copr").verify_file(str(path)) is fits


def test_groups(three: InventoryLab) -> None:
    groups = three.load(owners=["alice", "@packagers"]).get_groups_dict()
    assert {name: groups[name] for name in groups if name.startswith("copr_")} == {
        "copr_projects": ["alice/hello", "alice/tools", "@packagers/tools"],
        "copr_owner_alice": ["alice/hello", "alice/tools"],
        "copr_owner__packagers": ["@packagers/tools"],
        "copr_chroot_fedora_43_x86_64": ["alice/hello", "alice/tools"],
        "copr_chroot_epel_10_x86_64": ["alice/hello", "@packagers/tools"],
    }


def test_a_project_without_chroots(copr: InventoryLab) -> None:
    copr.project("alice/empty", chroots=())
    groups = copr.load(owners=["alice"]).get_groups_dict()
    assert groups["copr_owner_alice"] == ["alice/empty"]
    assert not any(EPEL in name or name.startswith("copr_chroot") for name in groups)


def test_a_config_file_is_beside_the_inventory_file(
    three: InventoryLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    (three.file.parent / "copr.conf").write_text(f"[copr-cli]\ncopr_url={three.lab.sim.url}\n")
    monkeypatch.chdir("/")
    hosts = three.hosts(owners=["alice"], copr_url=None, config_file="copr.conf")
    assert hosts == ["alice/hello", "alice/tools"]
