# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the YAML of an example against the options of modules, plugins and roles.

What a document is shows in its shape. A document of no known shape is a mistake: it would not be
checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.playbook.block import Block
from ansible.playbook.play import Play
from ansible.playbook.task import Task
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import CONNECTION_SPEC

from unit.docs import known
from unit.docs.examples import Example
from unit.docs.templates import calls
from unit.docs.values import mistakes, optional
from unit.lab import declared

PREFIX = "fedora.copr."
GROUP = "group/fedora.copr.copr"
TASK_LISTS = ("tasks", "pre_tasks", "post_tasks", "handlers")
BLOCK_PARTS = ("block", "rescue", "always")
KEYWORDS = {*Task.fattributes, *Block.fattributes, "listen"}
PLAY_KEYWORDS = {*Play.fattributes, "hosts"}
INCLUDES = ("include_role", "import_role")
IMPORTS = ("import_playbook", "ansible.builtin.import_playbook")
# Shapes of documents that are not Ansible's: some of these keys are at the top.
FOREIGN = {
    "a workflow of GitHub or Forgejo": {"jobs"},
    "the definition of an image": {"images", "python"},
    "a type of credential": {"fields", "env"},
    "a list of collections": {"collections"},
    "an inventory of hosts": {"all"},
    "a result": {"error"},
}
STEPS = {"run", "uses"}
Data = Mapping[str, Any]


class Checker:
    """Collects mistakes, and counts what was checked.

    Attributes:
        problems: the mistakes that were found.
        checked: how many of each kind of thing were checked.
        modules: the modules of the tasks that were checked.
    """

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.checked: Counter[str] = Counter()
        self.modules: set[str] = set()
        self._place = ""

    def check_example(self, example: Example) -> None:
        """Check all documents of an example."""
        self._place = example.place
        for document in example.documents:
            self._document(document)

    def _document(self, document: Any) -> None:
        if isinstance(document, list) and all(isinstance(each, dict) for each in document):
            self._list(document)
        elif isinstance(document, dict):
            self._mapping(document)
        else:
            self._problem("neither a mapping nor a list of mappings")

    # --- what a document is ---

    def _list(self, entries: Sequence[Data]) -> None:
        keys = {key for entry in entries for key in entry}
        if keys & STEPS:
            self.checked["foreign"] += 1
        elif "sources" in keys:
            for ruleset in entries:
                self._event_sources(ruleset["sources"])
        elif "hosts" in keys or keys & {*IMPORTS}:
            for play in entries:
                self._play(play)
        elif all(_own(key) in known.EVENT_SOURCES for key in keys):
            self._event_sources(entries)
        else:
            self._tasks(entries, {})

    def _mapping(self, document: Data) -> None:
        if document.get("plugin"):
            self._inventory(document)
        elif any(str(key).startswith("copr_") for key in document):
            self._variables(document)
            self._strings(document)
        elif "module_defaults" in document:
            self._defaults(document["module_defaults"])
        elif (
            any(set(document) & keys for keys in FOREIGN.values())
            or _is_pipeline(document)
            or _is_documentation(document)
        ):
            self.checked["foreign"] += 1
        else:
            self._problem(f"of no known shape: {', '.join(map(str, document))}")

    # --- plays and tasks ---

    def _play(self, play: Data) -> None:
        if imported := next((play[key] for key in IMPORTS if key in play), None):
            if _own(imported) not in known.PLAYBOOKS and imported.startswith(PREFIX):
                self._problem(f"no playbook {imported}")
            self._variables(play.get("vars", {}))
            return
        for key in set(play) - PLAY_KEYWORDS:
            self._problem(f"{key} is no keyword of a play")
        defaults = self._defaults(play.get("module_defaults", {}))
        variables = play.get("vars", {})
        self._variables(variables)
        self._strings({key: value for key, value in play.items() if key not in TASK_LISTS})
        complete = not play.get("vars_files")
        for role in play.get("roles", []):
            entry: Data = role if isinstance(role, dict) else {"role": role}
            name = entry.get("role") or entry["name"]
            self._role(name, {**variables, **entry.get("vars", {})}, complete=complete)
        for part in TASK_LISTS:
            self._tasks(play.get(part, []), defaults)

    def _tasks(self, tasks: Sequence[Data], defaults: Data) -> None:
        for task in tasks:
            inner = {**defaults, **self._defaults(task.get("module_defaults", {}))}
            for part in BLOCK_PARTS:
                self._tasks(task.get(part, []), inner)
            self._task({key: task[key] for key in task if key not in BLOCK_PARTS}, inner)

    def _task(self, task: Data, defaults: Data) -> None:
        self._strings(task)
        self._variables(task.get("vars", {}), own_only=True)
        for key, value in task.items():
            if key in KEYWORDS or key.startswith("with_"):
                continue
            if key.rpartition(".")[2] in INCLUDES:
                if str(value.get("name")).startswith(PREFIX):
                    self._role(value["name"], task.get("vars", {}), complete=True)
            elif _own(key) in known.MODULES:
                self._module(_own(key), value, defaults)
            elif key.startswith(PREFIX) or "." not in key:
                self._problem(f"{key} is neither a module nor a keyword")

    def _module(self, name: str, options: Any, defaults: Data) -> None:
        module = declared(name)
        if not isinstance(options, dict | None):
            self._problem(f"{name}: options must be a mapping")
            return
        given = {**defaults.get(GROUP, {}), **defaults.get(name, {}), **(options or {})}
        self.checked["task"] += 1
        self.modules.add(name)
        self._mistakes(name, mistakes(module.argument_spec, given, module.checks))

    def _defaults(self, defaults: Data) -> dict[str, Any]:
        """Check module_defaults; return those of this collection by the name of the module."""
        own: dict[str, Any] = {}
        for key, options in defaults.items():
            if key == GROUP or _own(key) in known.MODULES:
                name = key if key == GROUP else _own(key)
                spec = CONNECTION_SPEC if key == GROUP else declared(name).argument_spec
                self.checked["module_defaults"] += 1
                self._mistakes(f"module_defaults of {key}", mistakes(optional(spec), options))
                own[name] = options
            elif key.startswith((PREFIX, "group/fedora.", "copr_")):
                self._problem(f"module_defaults: there is no {key}")
        return own

    # --- roles, variables, plugins ---

    def _role(self, name: str, variables: Data, *, complete: bool) -> None:
        role = _own(name)
        if role not in known.ROLES:
            if name.startswith(PREFIX):
                self._problem(f"no role {name}")
            return
        spec = known.role_options(role)
        given = {key: value for key, value in variables.items() if key in spec}
        for key in variables:
            if key.startswith("copr_") and key not in spec:
                self._problem(f"role {role} has no option {key}")
        self.checked["role"] += 1
        self._mistakes(f"role {role}", mistakes(spec if complete else optional(spec), given))

    def _variables(self, variables: Data, *, own_only: bool = False) -> None:
        """Check variables of roles and playbooks, wherever they are set."""
        roles = {key: role for role in known.ROLES for key in known.role_options(role)}
        for key, value in variables.items():
            if key in roles:
                spec = {key: known.role_options(roles[key])[key]}
                self.checked["variable"] += 1
                self._mistakes("variables", mistakes(optional(spec), {key: value}))
            elif key.startswith("copr_") and key not in known.variables() and not own_only:
                self._problem(f"no role or playbook has a variable {key}")

    def _inventory(self, options: Data) -> None:
        name = _own(options["plugin"])
        if name not in known.INVENTORIES:
            self._problem(f"no inventory plugin {options['plugin']}")
            return
        self.checked["inventory"] += 1
        self._mistakes("inventory", mistakes(known.plugin_options("inventory", name), options))

    def _event_sources(self, sources: Sequence[Data]) -> None:
        for source in sources:
            for key, options in source.items():
                if _own(key) not in known.EVENT_SOURCES:
                    self._problem(f"no event source {key}")
                    continue
                self.checked["event source"] += 1
                spec = {**known.event_source_options(_own(key)), **CONNECTION_SPEC}
                self._mistakes(key, mistakes(spec, options))

    def _strings(self, value: Any) -> None:
        """Check the lookups and filters of this collection in all templates of a value."""
        for kind, name, options in calls(value, self._problem):
            names = known.LOOKUPS if kind == "lookup" else known.FILTERS
            if name not in names:
                self._problem(f"no {kind} {PREFIX}{name}")
                continue
            self.checked[kind] += 1
            spec = {
                option: declared_as
                for option, declared_as in known.plugin_options(kind, name).items()
                if not option.startswith("_")
            }
            self._mistakes(f"{kind} {name}", mistakes(spec, options))

    def _mistakes(self, of: str, messages: Iterator[str]) -> None:
        for message in messages:
            self._problem(f"{of}: {message}")

    def _problem(self, text: str) -> None:
        self.problems.append(f"{self._place}: {text}")


def _own(name: str) -> str:
    """Return the short name of something of this collection."""
    return name.removeprefix(PREFIX)


def _is_pipeline(document: Data) -> bool:
    """Return whether a document is a pipeline of GitLab."""
    return any(isinstance(value, dict) and "script" in value for value in document.values())


def _is_documentation(document: Data) -> bool:
    """Return whether a document is a part of a module's documentation."""
    return all(isinstance(value, dict) and "description" in value for value in document.values())
