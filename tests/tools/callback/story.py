# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shows a play as a story: a line for each task, and messages as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.plugins.callback.default import CallbackModule as DefaultCallback

DOCUMENTATION = """
name: story
type: stdout
short_description: A line for each task, and messages as they are
description:
  - For playing the demo. Failures look as they do with the default callback.
extends_documentation_fragment:
  - default_callback
"""


class CallbackModule(DefaultCallback):
    """The default callback, terser where all is well."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "stdout"
    CALLBACK_NAME = "story"

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        """Say nothing yet; a task is told of when it has ended."""
        if self._display.verbosity:
            announce: Callable[..., None] = super().v2_playbook_on_task_start
            announce(task, is_conditional)

    def v2_runner_on_ok(self, result: Any) -> None:
        """Show the task in a line, or its message."""
        task, outcome = result._task, result._result
        if self._display.verbosity or outcome.get("warnings") or outcome.get("deprecations"):
            super().v2_runner_on_ok(result)
            return
        name = task.get_name().strip()
        if task.action.endswith("debug"):
            message = outcome["msg"]
            self._display.display(f"\n{name}", color="white")
            for line in [message] if isinstance(message, str) else [*message, ""]:
                self._display.display(f"  {line}".rstrip())
            return
        if task.action.endswith("set_fact"):  # which only prepares others
            return
        word, color = self._verdict(outcome)
        self._display.display(f"{word:<9}{name}", color=color)
        if task.action.endswith("assert"):
            self._display.display(f"{'':<9}{outcome['msg']}")

    @staticmethod
    def _verdict(outcome: dict[str, Any]) -> tuple[str, str]:
        if "error" in outcome:  # as failed_when expects it
            return "failed", "red"
        if outcome.get("changed"):
            return "changed", "yellow"
        return "ok", "green"
