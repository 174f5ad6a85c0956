# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of Sphinx for the site that `make docs` builds."""

from __future__ import annotations

from typing import Any

from docutils import nodes

project = "fedora.copr"
author = copyright = "Contributors to the fedora.copr collection"
extensions = ["sphinx_antsibull_ext"]
# Makes an error of text in single backticks, which is code in Markdown.
default_role = "any"
nitpicky = True

html_theme = "sphinx_ansible_theme"
html_title = html_short_title = "fedora.copr"
html_show_sphinx = False
html_copy_source = False
html_use_index = False

# Where references of the generated pages lead to in Ansible's own documentation. The usual way, an
# inventory that Sphinx downloads from there, would need a network.
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/"
MODULES = ("copy", "dnf")
SETTINGS = ("PLUGIN", "PLUGIN_CONNECTION", "PLUGIN_PREFIX", "PLUGIN_TIMEOUT")
# These are settings in ansible-core 2.17. Newer ones have them with the inventory plugins.
FORMER_SETTINGS = ("", "_CONNECTION", "_PLUGIN", "_PLUGIN_PREFIX", "_TIMEOUT")
PLACES = {
    "action_plugins": "plugins/action.html#action-plugins",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}
for name in MODULES:
    label = f"ansible_collections.ansible.builtin.{name}_module"
    PLACES[label] = f"collections/ansible/builtin/{name}_module.html"
for name in SETTINGS:
    variable = f"ANSIBLE_CACHE_{name}"
    PLACES[variable] = f"reference_appendices/config.html#envvar-{variable}"
for name in FORMER_SETTINGS:
    variable = f"ANSIBLE_INVENTORY_CACHE{name}"
    PLACES[variable] = f"collections/environment_variables.html#envvar-{variable}"


def link_to_ansible(
    _app: Any, _env: Any, node: nodes.Element, content: nodes.TextElement
) -> nodes.reference | None:
    """Return a link to a place in Ansible's documentation; any other reference stays an error."""
    place = PLACES.get(node["reftarget"])
    return place and nodes.reference("", "", content, internal=False, refuri=ANSIBLE + place)


def lead_home(_app: Any, _page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Have the theme's logo lead to the first page, wherever the site is published."""
    context["theme_documentation_home_url"] = context["pathto"](context["root_doc"])


def setup(app: Any) -> None:
    """Connect the functions above."""
    app.connect("missing-reference", link_to_ansible)
    app.connect("html-page-context", lead_home)
