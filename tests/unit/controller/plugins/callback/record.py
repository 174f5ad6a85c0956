# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the result of each task to a file, as callbacks get to see it."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: aggregate
short_description: Writes the result of each task to a file
description: A line of JSON for each, to the file that the environment variable RECORD names.
"""


class CallbackModule(CallbackBase):
    """Records what became of tasks; of loops, not the items one by one."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result: Any) -> None:
        """Record a task that went well."""
        line = json.dumps([result._task.get_name().strip(), result._result], default=str)
        with open(os.environ["RECORD"], "a", encoding="utf-8") as stream:
            stream.write(f"{line}\n")

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """Record a task that failed."""
        self.v2_runner_on_ok(result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """Record a task whose host could not be reached."""
        self.v2_runner_on_ok(result)
