# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: copr
short_description: Use Copr projects as inventory hosts
version_added: 0.1.0
author: Contributors to the fedora.copr collection (@fedora-copr)
description:
  - Creates an inventory host for each project of the given owners, and for each search result. A
    play can then run the same tasks for all of them, or for the projects of a group.
  - Each host is in the group C(copr_projects), in a group for its owner, such as
    C(copr_owner_packager), and in a group for each of its chroots, such as
    C(copr_chroot_fedora_43_x86_64). Characters that are not allowed in group names, such as the
    C(@) of an owner, are replaced by underscores. A chroot that the server no longer offers has no
    group.
  - These hosts do not represent machines. Variables of the group C(copr_projects) make tasks run on
    the controller.
  - The name of the inventory file must end with C(copr.yml) or C(copr.yaml).
  - Needs no login.
extends_documentation_fragment:
  - fedora.copr._connection
  - fedora.copr._connection.plugins
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
options:
  plugin:
    description: Name of this plugin. It marks the file as a configuration of this plugin.
    type: str
    required: true
    choices: [fedora.copr.copr]
  owners:
    description:
      - Users, or groups as V(@group). All of their projects become hosts, including unlisted ones.
      - At least one of O(owners) and O(queries) is required.
    type: list
    elements: str
    default: []
  queries:
    description:
      - Searches for projects. With a slash, as in V(own/nam), Copr searches for the parts in the
        names of owner and project, ignoring case. Without a slash, Copr searches for the words in
        an index that it updates from time to time. A project that was just created is not found.
      - V(/) finds all projects of the server.
    type: list
    elements: str
    default: []
  limit:
    description:
      - Read at most this many projects, before applying O(filters). If omitted, all of them are
        read.
    type: int
  filters:
    description:
      - Jinja expressions without braces, which can use the variables of a host. Only projects for
        which all expressions are true become hosts.
      - An expression that can't be evaluated counts as false. With O(strict=true), it is an error.
    type: list
    elements: str
    default: []
  hostname:
    description:
      - A Jinja expression without braces that returns the name of a host, and can use the host's
        variables. Defaults to the full name of the project, such as V(packager/hello).
      - It is an error if two projects get the same name. For safety, it is also an error if a name
        contains braces, control characters, or C(..) between slashes.
    type: str
notes:
  - Options may be templates, for instance with a lookup that queries a password manager.
  - Ansible parses inventories before it reads the variables of hosts and plays. Of the variables
    that set options, only extra variables are therefore available.
  - Each host has two variables. C(copr_project) is the project as M(fedora.copr.copr_project)
    returns it, with the addresses of its repositories in C(chroot_repos). C(copr_project_url) is
    the address of its web page.
  - The group C(copr_projects) has the variable C(ansible_connection), set to C(local), and the
    variable C(ansible_python_interpreter), set to the Python that runs Ansible.
  - Text from Copr is never evaluated as a template.
  - With O(cache=true), the responses of the server are cached. Credentials are never cached. After
    changes to O(filters), names, groups and variables, the cached responses are used without a new
    request.
  - An owner without projects triggers a warning.
seealso:
  - module: fedora.copr.copr_project_info
"""

EXAMPLES = r"""
---
# Only "plugin" and one of "owners" and "queries" are required. The other keys select, name and
# group the hosts.
plugin: fedora.copr.copr
# All projects of a user and of a group, and the results of a search
owners: [packager, "@copr"]
queries: [packager/nightly-]
# Select the projects that are listed on the home page and build for Fedora
filters:
  - copr_project.chroots | select('match', 'fedora-') | list | length > 0
  - not copr_project.unlisted_on_hp
# Use the short names of the projects as host names
hostname: copr_project.name
# Add more groups and variables
strict: true
keyed_groups:
  - key: copr_project.bootstrap
    prefix: bootstrap
groups:
  networked: copr_project.enable_net
compose:
  branch: copr_project.name | regex_replace('^nightly-', '')
# Cache the responses of the server for an hour
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ansible-inventory
cache_timeout: 3600
"""

import functools
import hashlib
import json
import os
import sys
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.project import (
    list_projects,
    search_projects,
    show,
    web_url,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import (
    CONNECTION_SPEC,
    checked_limit,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire import pages
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.answers import plain_text
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.client import Client
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.secrets import masked
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.connection import (
    check_keys,
    failing_as,
    reading_client,
)
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.paths import absolute_paths
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.trust import untrusted

Project = dict[str, Any]

# Large enough to read thousands of projects with few requests, and small enough for each request
# to stay below the timeouts of proxies.
LARGE_PAGE = 500

ALL_PROJECTS = "copr_projects"
# With these variables, tasks for the hosts run as they do for the implicit localhost.
CONTROLLER = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
# The maximum length of a file name.
LONGEST_HOSTNAME = 255
# Options that are paths.
FILES = ("config_file", "ca_path")


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    """Creates hosts from projects."""

    NAME = "fedora.copr.copr"

    def verify_file(self, path: str) -> bool:
        """Return whether the file is readable and has a name for this plugin."""
        return path.endswith(("copr.yml", "copr.yaml")) and os.access(path, os.R_OK)

    def parse(
        self, inventory: InventoryData, loader: DataLoader, path: str, cache: bool = True
    ) -> None:
        """Add the hosts that the file describes to the inventory.

        C(cache) is false if the user wants to ignore cached responses.
        """
        super().parse(inventory, loader, path, cache)
        given = self._read_config_data(path)
        self._find_files(given, path)
        with failing_as(AnsibleParserError):
            check_keys(given, self.option_definitions, os.path.basename(path))
            client = reading_client(self._option, {*given, *(self._vars or {})})
        with failing_as(AnsibleParserError, client):
            projects = self._projects(client, use_cache=cache)
            self._add_hosts(inventory, client, projects)

    def _find_files(self, config: dict[str, Any], path: str) -> None:
        """Look up relative paths next to the inventory file, then in the current directory."""
        given = {name: self.templar.template(config[name]) for name in FILES if name in config}
        folders = [os.path.dirname(os.path.abspath(path)), os.getcwd()]
        for name, found in absolute_paths(given, CONNECTION_SPEC, folders).items():
            self.set_option(name, found)

    def _option(self, name: str) -> Any:
        return self.templar.template(self.get_option(name))

    def _projects(self, client: Client, *, use_cache: bool) -> list[Project]:
        """Return the projects that the options select, from the cache if it contains them."""
        owners, queries = self._option("owners"), self._option("queries")
        limit = checked_limit(self._option("limit"))
        if not owners and not queries:
            raise CoprError("configuration", "Set owners or queries.")
        key = cache_key(client.settings.url, owners, queries, limit)
        caching = self.get_option("cache")
        if caching and use_cache and key in self._cache:
            return list(self._cache[key])
        found = list(islice(chosen(client, owners, queries, limit), limit))
        projects: list[Project] = masked(found, client.secrets)
        if limit is None:
            for owner in sorted(set(owners) - {project["ownername"] for project in projects}):
                self.display.warning(f"{owner} has no projects on {client.settings.url}.")
        if caching:
            self._cache[key] = projects
        return projects

    def _add_hosts(self, inventory: InventoryData, client: Client, projects: list[Project]) -> None:
        strict = self.get_option("strict")
        compose, groups = self.get_option("compose"), self.get_option("groups")
        keyed_groups = self.get_option("keyed_groups")
        inventory.add_group(ALL_PROJECTS)
        for name, value in CONTROLLER.items():
            inventory.set_variable(ALL_PROJECTS, name, value)
        own_group = functools.cache(functools.partial(self._own_group, inventory))
        origins: dict[str, str] = {}
        for project in projects:
            variables = hostvars(client, project)
            if not self._passes(variables):
                continue
            host = self._hostname(variables)
            full_name = plain_text(project["full_name"])
            other = origins.setdefault(host, full_name)
            if other != full_name:
                raise AnsibleParserError(
                    f"Both {other} and {full_name} would be the host {host}. "
                    "Change hostname, so that each project gets a different name."
                )
            inventory.add_host(host)
            for name, value in variables.items():
                inventory.set_variable(host, name, value)
            inventory.add_child(own_group("owner", project["ownername"]), host)
            for chroot in variables["copr_project"]["chroots"]:
                inventory.add_child(own_group("chroot", chroot), host)
            self._set_composite_vars(compose, variables, host, strict)
            self._add_host_to_composed_groups(groups, variables, host, strict)
            self._add_host_to_keyed_groups(keyed_groups, variables, host, strict)

    def _own_group(self, inventory: InventoryData, kind: str, name: str) -> str:
        """Add the group of an owner or a chroot to the group of all projects, and return it."""
        group = inventory.add_group(self._sanitize_group_name(f"copr_{kind}_{name}"))
        inventory.add_child(ALL_PROJECTS, group)
        return str(group)

    def _passes(self, variables: dict[str, Any]) -> bool:
        """Return whether all filters are true for a host's variables."""
        for expression in self.get_option("filters"):
            try:
                if not self._compose(expression, variables):
                    return False
            except Exception as error:
                if not self.get_option("strict"):
                    return False
                raise self._unusable("filters", expression, variables, error) from None
        return True

    def _hostname(self, variables: dict[str, Any]) -> str:
        """Return the name of the host with these variables."""
        expression = self.get_option("hostname")
        if expression is None:
            # A name with a slash can't collide with another host, whatever the server sends.
            project = variables["copr_project"]
            return usable_hostname(f"{project['ownername']}/{project['name']}")
        try:
            return usable_hostname(self._compose(expression, variables))
        except Exception as error:
            raise self._unusable("hostname", expression, variables, error) from None

    def _unusable(
        self, option: str, expression: str, variables: dict[str, Any], why: object
    ) -> AnsibleParserError:
        project = plain_text(variables["copr_project"]["full_name"])
        reason = plain_text(str(why))
        return AnsibleParserError(f"{option} can't use {expression!r} for {project}: {reason}")


def usable_hostname(name: Any) -> str:
    """Return the name of a host, or raise CoprError (invalid).

    Ansible prints the name, renders it as a template before 2.19, and reads the variables of the
    host from a file of this name. It must therefore contain no terminal sequences, be no template,
    and not lead out of a directory.
    """
    text = "" if name is None else str(name)
    leads_out = {"", ".", ".."} & set(text.split("/"))
    if leads_out or "{" in text or not text.isprintable() or len(text) > LONGEST_HOSTNAME:
        raise CoprError("invalid", f"{plain_text(text)!r} is not a valid host name.")
    return text


def cache_key(*parts: Any) -> str:
    """Return the name under which responses are cached; C(parts) identify server and query."""
    return "fedora.copr_" + hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def chosen(
    client: Client, owners: list[str], queries: list[str], limit: int | None
) -> Iterator[Project]:
    """Yield the projects of owners and the results of searches, each project once."""
    page = LARGE_PAGE if limit is None else pages.PAGE
    lists = (list_projects(client, owner, page=page) for owner in owners)
    searches = (search_projects(client, words, page=page) for words in queries)
    seen: set[int] = set()
    for project in chain.from_iterable(chain(lists, searches)):
        if project["id"] not in seen:
            seen.add(project["id"])
            yield project


def hostvars(client: Client, project: Project) -> dict[str, Any]:
    """Return the variables of a project's host."""
    return {
        "copr_project": untrusted(show(project)),
        "copr_project_url": untrusted(web_url(client, project)),
    }
