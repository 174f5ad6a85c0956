# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Running a task as an ordinary Ansible module: the one file that knows AnsibleModule."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from ansible.module_utils.basic import AnsibleModule, _load_params, missing_required_lib

from .given import misspelled, without_nulls
from .sources.commits import RunCommand
from .task import Module, failure, open_task, perform, presented, secrets_of
from .wire.client import Client
from .wire.errors import CoprError, MissingLibrary
from .wire.libraries import missing_library
from .wire.secrets import masked, without_secrets


class _Module(AnsibleModule):
    """Keeps the original arguments, and hides all secrets in its output.

    Validation does not distinguish null from omitted. Ansible hides only the values of options.
    """

    raw: Mapping[str, Any] = {}
    client: Client | None = None

    def _load_params(self) -> None:
        self.raw = _load_params()
        self.params = without_nulls(self.argument_spec, self.raw)
        # Set before Ansible writes the options to the system log.
        self.no_log_values |= secrets_of((), self.raw, None)

    def warn(self, warning: str, **more: Any) -> None:
        """Show a warning without secrets."""
        super().warn(masked(warning, self._secrets()), **more)

    def exit_json(self, **result: Any) -> NoReturn:
        """End with a result without secrets."""
        super().exit_json(**self._shown(result))

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        """End with a failure without secrets. Ansible also calls this, for invalid options."""
        if "error" not in result:
            msg = misspelled(self.argument_spec, self.raw) or msg
        super().fail_json(**self._shown({**result, "msg": msg}))

    def _shown(self, result: dict[str, Any]) -> dict[str, Any]:
        secrets = self._secrets()
        # Ansible may add them to the result.
        self.params = masked(self.params, secrets)
        return without_secrets(result, secrets)

    def _secrets(self) -> set[str]:
        return secrets_of(self.no_log_values, self.raw, self.client)


def run_module(module: Module) -> None:
    """Run as an ordinary Ansible module: validate, perform the task, and end with its result."""
    ansible = _Module(argument_spec=module.argument_spec, supports_check_mode=True, **module.checks)
    missing = missing_library()
    if missing is not None:
        library, trouble = missing
        ansible.fail_json(msg=missing_required_lib(library), exception=trouble)
    try:
        task = open_task(
            module,
            ansible.raw,
            ansible.params,
            ansible.check_mode,
            ansible.warn,
            _command_runner(ansible),
        )
        ansible.client = task.client
        result = perform(module, task)
    except MissingLibrary as error:
        text = missing_required_lib(error.library, reason=error.reason)
        result = {**failure(error), "msg": text, "exception": error.trouble}
    except CoprError as error:
        result = failure(error)
    # Not within "except", where this might show a traceback.
    if result.get("failed"):
        ansible.fail_json(**presented(result, ansible._diff))
    ansible.exit_json(**presented(result, ansible._diff))


def _command_runner(module: AnsibleModule) -> RunCommand:
    """Return AnsibleModule.run_command with a time limit, which it does not have itself."""

    def run_command(
        command: Sequence[str], variables: Mapping[str, str], seconds: float
    ) -> tuple[int, bytes, bytes]:
        ended = threading.Event()

        def limit(process: subprocess.Popen[bytes]) -> None:
            def end() -> None:
                ended.set()
                process.kill()

            timer = threading.Timer(seconds, end)
            timer.daemon = True
            timer.start()

        code, output, complaint = module.run_command(
            list(command),
            environ_update=dict(variables),
            encoding=None,
            expand_user_and_vars=False,
            handle_exceptions=False,
            before_communicate_callback=limit,
        )
        if ended.is_set():
            raise TimeoutError
        return code, output, complaint

    return run_command
