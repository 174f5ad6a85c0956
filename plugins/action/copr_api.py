# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs any module of the collection inside the controller, if that makes no difference.

It is named after one of the modules because ansible-core expects an action plugin to share a
module's name; C(meta/runtime.yml) routes all modules here.
"""

from __future__ import annotations

import os
from typing import Any, Callable

from ansible.plugins.action.normal import ActionModule as OrdinaryAction
from ansible.plugins.loader import module_loader
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.abandoned import (
    end_if_abandoned,
    ending_when_abandoned,
)
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.calls import call_of
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.in_controller import (
    module_named,
    run_here,
)
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.paths import (
    absolute_paths,
    make_variables_absolute,
    search_folders,
)


class ActionModule(OrdinaryAction):
    """Calls a module's run(task) in this process, or lets ansible-core run the module normally."""

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the module's result."""
        # Between the items of a loop, which may be ordinary modules.
        end_if_abandoned()
        result = None
        if self._connection.transport == "local":
            self._make_paths_absolute()
        if not self._makes_a_difference(task_vars or {}):
            with ending_when_abandoned():
                result = run_here(call_of(self._task, self._module(), task_vars or {}))
        if result is None:
            ordinary: Callable[..., dict[str, Any]] = super().run
            result = ordinary(tmp, task_vars)
        return result

    def _makes_a_difference(self, task_vars: dict[str, Any]) -> bool:
        """Return whether the task uses anything that only an ordinary module supports."""
        return bool(
            self._task.async_val
            or self._connection.become
            or any(self._task.environment or [])
            or self._connection.transport != "local"
            or self._templar.template(task_vars.get("copr_execution")) == "module"
        )

    def _make_paths_absolute(self) -> None:
        """Resolve relative paths, so that they mean the same however the task runs."""
        spec = module_named(self._module()).argument_spec
        folders = search_folders(self._loader.get_basedir())
        self._task.args = {**self._task.args, **absolute_paths(self._task.args, spec, folders)}
        # A worker has an environment of its own, which the module inherits.
        make_variables_absolute(os.environ, spec)

    def _module(self) -> str:
        """Return the name of the module, without the collection's."""
        # A playbook may use another name, with a redirection or the keyword "collections".
        found = module_loader.find_plugin_with_context(
            self._task.action, collection_list=self._task.collections
        )
        return str(found.resolved_fqcn).rpartition(".")[2]
