# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleLookupError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import lookup_loader

from unit.lab import Lab


class LookupLab:
    """Runs lookups against a simulator."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab

    def look(self, name: str, *terms: Any, **options: Any) -> list[Any]:
        """Return what a lookup gives, and forget the requests before it."""
        self.lab.forget()
        variables = options.pop("variables", {})
        connection = {} if variables else {"copr_url": self.lab.sim.url}
        plugin = lookup_loader.get(f"fedora.copr.{name}", loader=DataLoader())
        result: list[Any] = plugin.run(list(terms), variables, **{**connection, **options})
        return result

    def fail(self, name: str, *terms: Any, **options: Any) -> str:
        """Run a lookup that must fail, and return what the error says."""
        with pytest.raises(AnsibleLookupError) as caught:
            self.look(name, *terms, **options)
        assert caught.value.__cause__ is None
        return str(caught.value)


@pytest.fixture
def lookups(demo: Lab) -> LookupLab:
    """Return what runs lookups, in a world with the project alice/demo."""
    return LookupLab(demo)
