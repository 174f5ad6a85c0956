# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running a task as an ordinary Ansible module: the one file that knows AnsibleModule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule, _load_params, missing_required_lib

from .task import (
    CONNECTION_SPEC,
    Run,
    failure,
    given_options,
    open_task,
    presented,
    without_nulls,
)
from .wire.errors import CoprError
from .wire.libraries import missing_library


class _Module(AnsibleModule):
    """Keeps the arguments as they came; after validation null and omitted look the same."""

    def _load_params(self) -> None:
        self.raw: dict[str, Any] = _load_params()
        self.params = without_nulls(self.raw)


def run_module(
    argument_spec: dict[str, Any], run: Run, checks: Mapping[str, Any] | None = None
) -> None:
    """Run as an ordinary Ansible module: validate, call C(run), and end with its result.

    C(checks) are AnsibleModule's other rules, such as required_if.
    """
    module = _Module(
        argument_spec={**CONNECTION_SPEC, **argument_spec},
        supports_check_mode=True,
        **(checks or {}),
    )
    missing = missing_library()
    if missing is not None:
        library, trouble = missing
        module.fail_json(msg=missing_required_lib(library), exception=trouble)
    given = given_options(argument_spec, module.raw)
    try:
        result = run(open_task(module.params, given, module.check_mode, module.warn))
    except CoprError as error:
        result = failure(error)
    # Not before, since within "except" this might show a traceback.
    if result.get("failed"):
        module.fail_json(**presented(result, module._diff))
    module.exit_json(**presented(result, module._diff))
