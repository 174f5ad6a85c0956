# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader

from simulator.project_form import DEFAULTS
from simulator.world import ProjectChroot
from unit.lab import EPEL, F43, Lab


class InventoryLab:
    """Makes projects in a simulator, and inventories of them."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.file = lab.tmp_path / "my.copr.yml"

    def project(self, full_name: str, chroots: tuple[str, ...] = (F43, EPEL), **more: Any) -> None:
        """Make a project, with values for some of its attributes."""
        owner, name = full_name.split("/")
        project = self.lab.sim.world.add_project(owner, name, {**DEFAULTS, **more})
        project.chroots.update({chroot: ProjectChroot(chroot) for chroot in chroots})

    def write(self, **options: Any) -> Path:
        """Write the inventory's file and return its path."""
        content = {"plugin": "fedora.copr.copr", "copr_url": self.lab.sim.url, **options}
        self.file.write_text(json.dumps(content), encoding="utf-8")
        return self.file

    def load(self, *, use_cache: bool = True, **options: Any) -> InventoryData:
        """Return the inventory of a file with these options."""
        plugin = inventory_loader.get("fedora.copr.copr")
        inventory = InventoryData()
        plugin.parse(inventory, DataLoader(), str(self.write(**options)), cache=use_cache)
        if options.get("cache"):
            plugin.update_cache_if_changed()
        inventory.reconcile_inventory()
        return inventory

    def hosts(self, **options: Any) -> list[str]:
        """Return the names of the hosts in the inventory of a file with these options."""
        return list(self.load(**options).hosts)

    def fail(self, **options: Any) -> str:
        """Load an inventory that can't be, and return what the error says."""
        with pytest.raises(AnsibleParserError) as caught:
            self.load(**options)
        return str(caught.value)


@pytest.fixture
def copr(lab: Lab) -> InventoryLab:
    """Return what makes projects and inventories, in a world without projects."""
    return InventoryLab(lab)


@pytest.fixture
def three(copr: InventoryLab) -> InventoryLab:
    """Return the same with two projects of alice's and one of a group's."""
    copr.project("alice/hello", description="Greetings", enable_net=True)
    copr.project("alice/tools", chroots=(F43,), unlisted_on_hp=True)
    copr.project("@packagers/tools", chroots=(EPEL,))
    return copr


@pytest.fixture
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets the warnings that Ansible would show."""
    shown: list[str] = []
    monkeypatch.setattr(
        "ansible.utils.display.Display.warning", lambda _display, text: shown.append(text)
    )
    return shown
