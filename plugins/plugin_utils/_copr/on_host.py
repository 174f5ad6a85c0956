# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of a managed host, read and written by ansible-core's own means.

So Ansible handles check mode, diff mode, become, delegation, SELinux and connections.
"""

from __future__ import annotations

import base64
import posixpath
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable

from ansible.plugins.action import ActionBase
from ansible_collections.fedora.copr.plugins.module_utils._copr.hosts.os_release import (
    parse_os_release,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

# The prefix of what the command adds to the fields of os-release.
_OWN = "COPR_REPO_"


@dataclass(frozen=True)
class Seen:
    """What was found on a host.

    Attributes:
        os_release: the fields of os-release; empty if the file does not exist.
        machine: the type of the machine, as C(uname -m) prints it.
        there: the requested paths that exist.
    """

    os_release: dict[str, str]
    machine: str
    there: set[str]


class OnHost:
    """The changes of a task on its host; records C(changed) and C(diff) for the result."""

    def __init__(
        self, action: ActionBase, task_vars: dict[str, Any], warn: Callable[[str], None]
    ) -> None:
        self.changed = False
        self.diff: list[Any] = []
        self._action = action
        self._task_vars = task_vars
        self._warn = warn

    def look(self, root: str, paths: list[str]) -> Seen:
        """Inspect a system whose files are below a folder, with one shell command.

        Raises CoprError (local_file) if the command fails on the host.
        """
        ends = ["etc/os-release", "usr/lib/os-release"]
        if root != "/":
            # In an image the first is a link, which may lead out of it.
            ends.reverse()
        files = " ".join(shlex.quote(f"{root.rstrip('/')}/{end}") for end in ends)
        tests = [
            f"if [ -e {shlex.quote(path)} ]; then echo {_OWN}PATH{number}=yes; fi"
            for number, path in enumerate(paths)
        ]
        command = "; ".join(
            [
                f'for file in {files}; do if [ -r "$file" ]; then cat "$file"; break; fi; done',
                # The file may lack the end of its last line.
                "echo",
                f"echo {_OWN}MACHINE=$(uname -m)",
                *tests,
            ]
        )
        done = self._action._low_level_execute_command(command)
        fields = parse_os_release(done["stdout"])
        machine = fields.pop(f"{_OWN}MACHINE", "")
        if done["rc"] != 0 or not machine:
            said = done["stderr"].strip() or done["stdout"].strip()
            raise CoprError("local_file", f"A command in the shell of the host failed: {said}")
        there = {path for n, path in enumerate(paths) if fields.pop(f"{_OWN}PATH{n}", None)}
        return Seen(fields, machine, there)

    def read(self, path: str) -> str:
        """Return the text of a file, or raise CoprError (local_file)."""
        result = self._run("slurp", {"src": path}, f"{path} can't be read")
        return base64.b64decode(result["content"]).decode("utf-8", "surrogateescape")

    def write(
        self, path: str, text: str, options: Mapping[str, Any], *, new_folder: bool
    ) -> str | None:
        """Write a file with this text and with options of ansible.builtin.copy.

        C(new_folder) says that its folder does not exist yet. Returns the path of the backup of the
        file, if one was made. Raises CoprError (local_file).
        """
        action = self._action
        if new_folder:
            folder = {"path": posixpath.dirname(path), "state": "directory", "mode": "0755"}
            self._run("file", folder, f"{folder['path']} can't be created")
            if action._task.check_mode:
                # Without its folder ansible.builtin.copy would fail.
                header = {"before_header": path, "after_header": path}
                self.diff.append({**header, "before": "", "after": text})
                return None
        task = action._task.copy()
        given = {key: value for key, value in options.items() if value is not None}
        task.args = {**given, "content": text, "dest": path}
        copy = action._shared_loader_obj.action_loader.get(
            "ansible.builtin.copy",
            task=task,
            connection=action._connection,
            play_context=action._play_context,
            loader=action._loader,
            templar=action._templar,
            shared_loader_obj=action._shared_loader_obj,
        )
        result = copy.run(task_vars=self._task_vars)
        self._note(result, f"{path} can't be written")
        backup: str | None = result.get("backup_file")
        return backup

    def remove(self, path: str) -> None:
        """Remove a file; raises CoprError (local_file)."""
        self._run("file", {"path": path, "state": "absent"}, f"{path} can't be removed")

    def _run(self, module: str, arguments: dict[str, Any], trouble: str) -> dict[str, Any]:
        result: dict[str, Any] = self._action._execute_module(
            module_name=f"ansible.builtin.{module}",
            module_args=arguments,
            task_vars=self._task_vars,
        )
        self._note(result, trouble)
        return result

    def _note(self, result: Mapping[str, Any], trouble: str) -> None:
        for warning in result.get("warnings") or []:
            self._warn(str(warning))
        if result.get("failed"):
            said = str(result.get("module_stderr") or result.get("msg") or "").strip()
            raise CoprError("local_file", f"On the host {trouble}: {said}", result=self.told())
        self.changed |= bool(result.get("changed"))
        diff = result.get("diff") or []
        self.diff += diff if isinstance(diff, list) else [diff]

    def told(self) -> dict[str, Any]:
        """Return C(changed) and C(diff) of the task's result."""
        return {"changed": self.changed, **({"diff": self.diff} if self.diff else {})}
