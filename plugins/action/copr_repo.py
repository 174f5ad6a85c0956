# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Enables repositories of Copr on hosts: the controller reads Copr, the host receives a file."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import Any

from ansible.module_utils.basic import missing_required_lib
from ansible.plugins.action import ActionBase
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import CONNECTION_SPEC, Task
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.libraries import (
    missing_library,
)
from ansible_collections.fedora.copr.plugins.modules.copr_repo import FILE_SPEC, MODULE
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.calls import call_of
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.in_controller import run_here
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.on_host import OnHost
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.paths import (
    absolute_paths,
    search_folders,
)
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.repo_on_host import fulfil
from ansible_collections.fedora.copr.plugins.plugin_utils._copr.shared_read import read_once


class ActionModule(ActionBase):
    """Runs the module's work here, which an ordinary module could not do on the host."""

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the task's result."""
        variables = task_vars or {}
        # Refuses "async".
        super().run(tmp, variables)
        folders = search_folders(self._loader.get_basedir())
        # Only those of the controller; the others are paths of the host.
        self._task.args = {
            **self._task.args,
            **absolute_paths(self._task.args, CONNECTION_SPEC, folders),
        }

        def work(task: Task) -> dict[str, Any]:
            on_host = OnHost(self, variables, task.warn)
            return fulfil(task, on_host, self._read_once(task), FILE_SPEC)

        module = dataclasses.replace(MODULE, run=work)
        result = run_here(call_of(self._task, "copr_repo", variables), module)
        if result is None:
            library = (missing_library() or ("requests-gssapi",))[0]
            result = {"failed": True, "msg": missing_required_lib(library)}
        return result

    def _read_once(
        self, task: Task
    ) -> Callable[[str, Callable[[], dict[str, Any]]], dict[str, Any]]:
        """Return what reads Copr once for all hosts of this task that connect to it alike."""
        connection = [task.params[option] for option in sorted(CONNECTION_SPEC)]

        def once(what: str, read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
            return read_once(json.dumps([self._task._uuid, connection, what]), read)

        return once
