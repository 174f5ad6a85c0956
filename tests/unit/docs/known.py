# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the collection has, for checking examples: names, options, variables."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible_collections.fedora.copr.plugins.module_utils._copr.state.definitions import DEFINITIONS

from tools.checkout import CHECKOUT
from unit.docs.values import Spec
from unit.lab import declared

ANSIBLE_DOC = Path(sys.executable).with_name("ansible-doc")
DECLARED = ("type", "elements", "choices", "default", "required")
SOURCES = CHECKOUT / "extensions/eda/plugins/event_source"


def names(pattern: str) -> frozenset[str]:
    """Return the names of the files that a pattern finds in the checkout."""
    return frozenset(path.stem for path in CHECKOUT.glob(pattern) if path.stem != "__init__")


MODULES = names("plugins/modules/*.py")
ROLES = names("roles/*")
LOOKUPS = names("plugins/lookup/*.py")
FILTERS = names("plugins/filter/*.py")
EVENT_SOURCES = names("extensions/eda/plugins/event_source/*.py")
PLAYBOOKS = names("playbooks/*.yml")
INVENTORIES = names("plugins/inventory/*.py")
EVERYTHING = (
    MODULES | ROLES | LOOKUPS | FILTERS | EVENT_SOURCES | PLAYBOOKS | INVENTORIES
) | names("plugins/doc_fragments/*.py")


@functools.cache
def plugin_options(kind: str, name: str) -> Spec:
    """Return the options that the documentation of a plugin declares, with its fragments."""
    return _plain(_documentation(kind)[f"fedora.copr.{name}"]["doc"]["options"])


@functools.cache
def _documentation(kind: str) -> dict[str, Any]:
    """Return what ansible-doc shows of all plugins of a kind."""
    every = (f"fedora.copr.{name}" for name in names(f"plugins/{kind}/*.py"))
    run = subprocess.run(
        [ANSIBLE_DOC, "--json", "--type", kind, *every], capture_output=True, text=True, check=True
    )
    documentation: dict[str, Any] = json.loads(run.stdout)
    return documentation


@functools.cache
def event_source_options(name: str) -> Spec:
    """Return the options of an event source, which ansible-doc does not know."""
    text = (SOURCES / f"{name}.py").read_text(encoding="utf-8")
    (documentation,) = re.findall(r'^DOCUMENTATION = r"""\n(.*?)^"""', text, re.M | re.S)
    return _plain(yaml.safe_load(documentation)["options"])


@functools.cache
def role_options(role: str) -> Spec:
    """Return the options of a role, down to those of the modules to which it hands them."""
    path = CHECKOUT / "roles" / role / "meta/argument_specs.yml"
    spec = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    options = _plain(spec)
    definition = DEFINITIONS["options"]
    if "copr_projects_definitions" in options:
        options["copr_projects_definitions"] = DEFINITIONS
    if "copr_build_project_definition" in options:
        rest = {name: option for name, option in definition.items() if name != "project"}
        options["copr_build_project_definition"] = {"type": "dict", "options": rest}
        sources = options["copr_build_source"]["options"]
        build = declared("copr_build").argument_spec
        options["copr_build_source"]["options"] = {name: build[name] for name in sources}
    return options


@functools.cache
def variables() -> frozenset[str]:
    """Return the names of all variables of the roles and playbooks."""
    files = [*CHECKOUT.glob("playbooks/**/*"), *CHECKOUT.glob("roles/*/*/*")]
    texts = (file.read_text(encoding="utf-8") for file in files if file.is_file())
    return frozenset(word for text in texts for word in re.findall(r"\bcopr_\w+", text))


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return documented options as an argument spec."""
    plain: dict[str, Any] = {}
    for name, option in options.items():
        plain[name] = {key: option[key] for key in DECLARED if option.get(key) is not None}
        # Ansible's own plugins have types that only plugins know.
        if plain[name].get("type") in ("pathspec", "pathlist", "tmp", "string", "boolean"):
            plain[name]["type"] = "raw"
        if isinstance(plain[name].get("choices"), Mapping):
            plain[name]["choices"] = list(plain[name]["choices"])
        if "options" in option:
            plain[name]["options"] = _plain(option["options"])
        if plain[name].get("required"):
            plain[name].pop("default", None)
    return plain
