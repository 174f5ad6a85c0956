# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import yaml
from ansible_collections.fedora.copr.plugins.doc_fragments.connection import ModuleDocFragment
from ansible_collections.fedora.copr.plugins.module_utils.task import CONNECTION_SPEC


def test_plugins_find_options_where_modules_do() -> None:
    options = yaml.safe_load(ModuleDocFragment.PLUGINS)["options"]
    assert options == {
        name: {
            "env": [{"name": variable} for variable in option["fallback"][1]],
            "vars": [{"name": f"fedora_copr_{name.removeprefix('copr_')}"}],
        }
        for name, option in CONNECTION_SPEC.items()
    }


def test_the_documentation_has_the_defaults_of_modules() -> None:
    options = yaml.safe_load(ModuleDocFragment.DOCUMENTATION)["options"]
    assert {name: (option["type"], option.get("default")) for name, option in options.items()} == {
        name: (option["type"], option.get("default")) for name, option in CONNECTION_SPEC.items()
    }
