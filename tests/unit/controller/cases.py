# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks that every module runs both ways. A new module needs a line in MODULES, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unit.controller.play import Options, task
from unit.lab import EPEL, F43, declared

ALL = {"project": "alice/demo"}
URL = "https://example.org/{}-1.0-1.src.rpm"
# Null puts what module_defaults give out of force.
FROM_HOME: Options = {"copr_url": None, "copr_login": None, "copr_token": None}
OFTEN = {"poll_interval": 0.1}

# Of each module the options of a task that goes well, and of one that the server or the module
# refuses. The modules run in this order, in one world, and find what those before them have made.
MODULES: dict[str, tuple[Options, Options]] = {
    "copr_auth_info": ({}, {"copr_token": "wrong"}),
    "copr_project": (
        {**ALL, "chroots": [F43, EPEL], "description": "A demo"},
        {"project": "bob/demo", "chroots": [F43]},
    ),
    "copr_project_info": (ALL, {"project": "no/such/name"}),
    "copr_chroot_info": (ALL, {**ALL, "chroots": ["nothing-*"]}),
    "copr_chroot": (
        {**ALL, "chroot": "epel-*", "additional_packages": ["make"]},
        {**ALL, "chroot": "nothing-*", "additional_packages": ["make"]},
    ),
    "copr_permission": (
        {**ALL, "user": "bob", "builder": "approved"},
        {**ALL, "user": "nobody", "builder": "approved"},
    ),
    "copr_package": (
        {**ALL, "package": "hello", "rubygems": {"gem_name": "hello"}},
        {**ALL, "package": "hello", "rubygems": {"gem_name": " "}},
    ),
    "copr_projects": (
        {
            "projects": [
                {**ALL, "description": "A demonstration"},
                {"project": "alice/more", "chroots": ["fedora-43-*"], "packages": []},
            ],
        },
        {"projects": [{"project": "bob/demo", "description": "Not mine"}]},
    ),
    "copr_package_info": (ALL, {"project": "alice/nothing"}),
    "copr_build": (
        {**ALL, **OFTEN, "url": [URL.format("hello")]},
        {**ALL, **OFTEN, "url": [URL.format("fails")]},
    ),
    "copr_permission_info": (ALL, {"project": "bob/none"}),
    "copr_monitor_info": (ALL, {**ALL, "dirname": "demo:custom:none"}),
    "copr_webhook": (ALL, {"project": "alice/nothing"}),
    "copr_build_set": (
        {
            **ALL,
            **OFTEN,
            "builds": [
                {"name": "world", "url": URL.format("world"), "after": ["hello"]},
                {"name": "hello", "url": URL.format("hello")},
            ],
        },
        {**ALL, "builds": [{"name": "a", "url": URL.format("a"), "after": ["a"]}]},
    ),
    "copr_build_info": ({"build_ids": [1]}, {"build_ids": [4711]}),
    "copr_build_wait": ({**OFTEN, "build_ids": [1]}, {**OFTEN, "build_ids": [2]}),
    "copr_results": (
        {"build_ids": [1], "dest": "{{ playbook_dir }}/fetched", "what": ["rpms", "logs"]},
        {"build_ids": [2], "dest": "{{ playbook_dir }}/fetched"},
    ),
    "copr_build_prune": ({**ALL, "keep": 1}, {**ALL, "keep": 0}),
    # Of the file that HOME has, with a login that no other task uses.
    "copr_token": (FROM_HOME, {**FROM_HOME, "days": 0}),
    "copr_regenerate": ({**ALL, **OFTEN}, {"project": "alice/nothing"}),
    "copr_api": (
        {"path": "package/list", "query": {"ownername": "alice", "projectname": "demo"}},
        {"path": "build/cancel/4711", "method": "PUT"},
    ),
}
# What is about hosts has an action plugin of its own, and can't run as a module.
ON_HOSTS = {"copr_repo"}
# Keywords of Ansible, in a task that goes well. What they do is decided before the action plugin
# looks at a module, so these modules stand for all.
FOR_ALL = ("copr_project", "copr_build", "copr_auth_info", "copr_token")
IN_THE_CONTROLLER: dict[str, Options] = {
    "in a loop": {"loop": [1, 2]},
    "in secret": {"no_log": True},
    "delegated to this machine": {"delegate_to": "127.0.0.1"},
}
# These ask for what only an ordinary module has.
AS_A_MODULE: dict[str, Options] = {
    "in the background": {"async": 60, "poll": 1},
    "as another user": {"become": True, "become_flags": "--non-interactive"},
    "with an environment": {"environment": {"LANG": "C.UTF-8"}},
    "over a connection": {"vars": {"ansible_connection": "elsewhere"}},
    "delegated": {
        "delegate_to": "another.example.org",
        "vars": {"ansible_connection": "elsewhere"},
    },
}


def tasks_of(module: str) -> Iterator[Options]:
    """Yield the tasks that a module runs."""
    good, bad = MODULES[module]
    yield task(f"{module}: checked", module, good, check_mode=True, diff=True)
    yield task(f"{module}: run", module, good, diff=True)
    yield task(f"{module}: run again", module, good)
    yield task(f"{module}: refused", module, bad, diff=True)
    if module in FOR_ALL:
        for circumstance, keywords in {**IN_THE_CONTROLLER, **AS_A_MODULE}.items():
            yield task(f"{module}: {circumstance}", module, good, **keywords)


GENERATED = [each for module in MODULES for each in tasks_of(module)]


def wrong_options() -> Iterator[tuple[str, Options]]:
    """Yield each module with options that it can't take."""
    for module, (good, _bad) in MODULES.items():
        spec: dict[str, Any] = declared(module).options
        yield module, {**good, "colour": "red"}
        yield module, {**good, "retries": "many"}
        yield module, {**good, "ca_path": ["a", "list"], "copr_token": "secret"}
        for name, option in spec.items():
            if option.get("required"):
                yield module, {key: value for key, value in good.items() if key != name}
            if "choices" in option:
                yield module, {**good, name: "none of them"}
            if "options" in option:
                wrong = {"colour": "red"}
                yield module, {**good, name: wrong if option["type"] == "dict" else [wrong]}
            if option["type"] == "dict":
                yield module, {**good, name: "no dictionary"}
