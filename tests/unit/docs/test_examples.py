# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example of the documentation can be read, and its options exist and fit."""

from __future__ import annotations

import re

import pytest

from tools.checkout import CHECKOUT
from unit.docs import known
from unit.docs.checker import Checker
from unit.docs.examples import PAGES, Example, all_examples, of_pages

# How many there are at least, so that a check that finds nothing to check fails.
AT_LEAST = {
    "task": 95,
    "role": 4,
    "variable": 15,
    "inventory": 4,
    "event source": 3,
    "lookup": 7,
    "filter": 4,
    "module_defaults": 1,
    "foreign": 15,
}

PLANTED = {
    "an unknown option": (
        "- fedora.copr.copr_project: {project: a/b, descripton: x}",
        "descripton. Supported parameters",
    ),
    "an unknown suboption": (
        "- fedora.copr.copr_build: {project: a/b, scm: {clone_url: x, commitish: y}}",
        "commitish",
    ),
    "a suboption in a list": (
        "- fedora.copr.copr_projects: {projects: [{project: a/b, permisions: []}]}",
        "permisions",
    ),
    "a wrong type": (
        "- fedora.copr.copr_build: {project: a/b, srpm: x, wait_timeout: {a: b}}",
        "wait_timeout",
    ),
    "a wrong choice": (
        "- fedora.copr.copr_project: {project: a/b, state: gone}",
        "value of state must be one of",
    ),
    "a required option that is missing": (
        "- fedora.copr.copr_package_info: {limit: 3}",
        "missing required arguments: project",
    ),
    "a source that is missing": (
        "- fedora.copr.copr_build: {project: a/b}",
        "state is present but any of the following are missing",
    ),
    "two sources": (
        "- fedora.copr.copr_build: {project: a/b, srpm: x, url: y}",
        "mutually exclusive",
    ),
    "a short name": ("- copr_project: {project: a/b, descripton: x}", "descripton"),
    "an unknown module": ("- fedora.copr.copr_projekt: {project: a/b}", "copr_projekt is neither"),
    "a wrong keyword": ("- {copr_auth_info: , regsiter: x}", "regsiter is neither"),
    "in a block of a play": (
        "- {hosts: all, tasks: [{block: [{fedora.copr.copr_token: {dayz: 3}}]}]}",
        "dayz",
    ),
    "a wrong keyword of a play": ("- {hosts: all, gather_fact: false}", "gather_fact is no"),
    "module_defaults of the group": (
        "- {hosts: all, module_defaults: {group/fedora.copr.copr: {copr_uri: x}}}",
        "copr_uri",
    ),
    "module_defaults of another group": (
        "- {hosts: all, module_defaults: {group/fedora.copr.all: {}}}",
        "there is no group/fedora.copr.all",
    ),
    "an option of a role": (
        "- {hosts: all, roles: [{role: fedora.copr.build, vars: {copr_build_project: a/b,"
        " copr_build_source: {pypi: {packge_name: x}}}}]}",
        "packge_name",
    ),
    "a required option of a role": (
        "- ansible.builtin.include_role: {name: fedora.copr.project}",
        "copr_projects_definitions",
    ),
    "an unknown role": ("- {hosts: all, roles: [fedora.copr.bild]}", "no role fedora.copr.bild"),
    "an unknown variable": ("copr_export_ownr: alice", "copr_export_ownr"),
    "a wrong variable": ("copr_projects_definitions: [{project: a, chroot: b}]", "chroot"),
    "an unknown playbook": (
        "- {name: x, ansible.builtin.import_playbook: fedora.copr.drivt}",
        "no playbook fedora.copr.drivt",
    ),
    "an option of an inventory": ("{plugin: fedora.copr.copr, owner: [alice]}", "owner"),
    "an option of a lookup": (
        "- {debug: , vars: {x: \"{{ lookup('fedora.copr.repo_url', 'a/b', chrot='c') }}\"}}",
        "chrot",
    ),
    "a choice of a lookup": (
        "- {debug: , when: \"lookup('fedora.copr.project', 'a/b', on_missing='fail') is none\"}",
        "on_missing",
    ),
    "an option of a filter": (
        "- {debug: , vars: {x: '{{ y | fedora.copr.export(not_exportd=z) }}'}}",
        "not_exportd",
    ),
    "an unknown filter": ("- {debug: , vars: {x: '{{ y | fedora.copr.exprt }}'}}", "exprt"),
    "a broken template": ("- {debug: , vars: {x: '{{ y | }}'}}", "is no template"),
    "an option of an event source": (
        "- {hosts: all, sources: [{fedora.copr.copr_builds: {project: a/b, intervall: 3}}]}",
        "intervall",
    ),
    "a document of no known shape": ("{chroots: [a], packges: [b]}", "of no known shape"),
}

FITTING = {
    "templates": "- fedora.copr.copr_project: {project: '{{ x }}', chroots: '{{ y }}',"
    " state: '{{ z }}', enable_net: '{{ n }}'}",
    "templates at depth": "- fedora.copr.copr_projects: {projects: [{project: '{{ a }}',"
    " packages: [{package: p, scm: '{{ s }}'}, '{{ q }}']}]}",
    "nulls": "- fedora.copr.copr_chroot: {project: a/b, chroot: c, isolation: null}",
    "defaults": "- {hosts: all, module_defaults: {fedora.copr.copr_build: {project: a/b}},"
    " tasks: [{fedora.copr.copr_build: {srpm: x}}]}",
    "documentation": "follow_fedora_branching: {description: [Some text.], type: bool}",
    "tags": "- fedora.copr.copr_project: {project: a/b, description: !unsafe '{{ x'}",
}


def problems_of(text: str) -> list[str]:
    checker = Checker()
    checker.check_example(Example("planted", 1, "yaml", text))
    return checker.problems


def test_examples_have_only_options_that_exist_and_fit() -> None:
    checker = Checker()
    for example in all_examples():
        checker.check_example(example)
    assert checker.problems == []
    few = {
        kind: checker.checked[kind] for kind in AT_LEAST if checker.checked[kind] < AT_LEAST[kind]
    }
    assert few == {}
    assert checker.modules == known.MODULES
    print(dict(checker.checked))


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_mistake_is_found(name: str) -> None:
    text, words = PLANTED[name]
    assert words in "\n".join(problems_of(text))


@pytest.mark.parametrize("name", FITTING)
def test_what_fits_is_no_mistake(name: str) -> None:
    assert problems_of(FITTING[name]) == []


def test_every_name_of_the_collection_in_the_documentation_exists() -> None:
    """Also in running text, and in commands."""
    named = set()
    for pattern in PAGES:
        for page in CHECKOUT.glob(pattern):
            text = page.read_text(encoding="utf-8")
            named |= set(re.findall(r"(?<![\w./])fedora\.copr\.([a-z_]+)\b(?!\.)", text))
    assert len(named) > 25
    assert named - known.EVERYTHING == set()


def test_the_variables_of_commands_exist() -> None:
    commands = [each.text for each in of_pages() if each.language in ("console", "shell")]
    named = {name for text in commands for name in re.findall(r"\b(copr_\w+)=", text)}
    assert len(named) >= 4
    assert named - known.variables() == set()
