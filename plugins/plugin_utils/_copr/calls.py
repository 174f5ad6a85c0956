# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turning a task of an action plugin into a call for in_controller."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from ansible import constants
from ansible.plugins.filter.core import to_json
from ansible.utils.display import Display

from .in_controller import Call


def call_of(task: Any, module: str, task_vars: dict[str, Any]) -> Call:
    """Return a task of a play as a call of a module, named without the collection."""
    return Call(
        module=module,
        # A module gets its arguments as JSON, in which dates and vaulted values are text.
        arguments=json.loads(to_json(task.args)),
        check_mode=task.check_mode,
        diff=task.diff,
        invocation=_wants_invocation(task_vars),
        # On stderr, because a program may read stdout.
        show=None if task.no_log else partial(Display().display, stderr=True),
    )


def _wants_invocation(task_vars: dict[str, Any]) -> bool:
    """Return whether results include the options; since ansible-core 2.21 the user decides that."""
    if not hasattr(constants, "INJECT_INVOCATION"):
        return True
    return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
