# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the integration targets against a Copr server and says how each went.

With a Python in MODULES_PYTHON, all modules run there, as on a managed host.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import requests

from tools.checkout import copied_checkout
from tools.server import STAND_IN, Server, copr_server


def others_project(server: Server) -> str:
    """Return a project of somebody else, made on a simulator, named by COPR_OTHER_PROJECT else."""
    if not server.simulated:
        return os.environ.get("COPR_OTHER_PROJECT", "")
    form = {"name": "others", "chroots": ["fedora-rawhide-x86_64"]}
    login = ("bob-login", "bob-token")
    url = f"{server.url}/api_3/project/add/bob"
    requests.post(url, json=form, auth=login, timeout=60).raise_for_status()
    return "bob/others"


def write_config(server: Server, copy: Path) -> None:
    """Tell the targets, in integration_config.yml, which server they work with."""
    variables = {f"copr_{name}": value for name, value in server._asdict().items()}
    variables["copr_other_project"] = others_project(server)
    if os.environ.get("MODULES_PYTHON"):
        variables["ansible_python_interpreter"] = os.environ["MODULES_PYTHON"]
        variables["copr_execution"] = "module"
    config = copy / "tests" / "integration" / "integration_config.yml"
    config.write_text(json.dumps(variables), encoding="utf-8")  # JSON is YAML


def write_no_key(copy: Path) -> None:
    """Put something in the place of an SSH key.

    ansible-test makes one with ssh-keygen if there is none, also where it connects nowhere.
    """
    folder = copy / "tests" / "output" / ".tmp"
    folder.mkdir(parents=True)
    for name in ("id_rsa", "id_rsa.pub"):
        (folder / name).write_text("There is no key.\n", encoding="utf-8")


def targets(copy: Path, wanted: list[str]) -> list[str]:
    """Return the names of the wanted targets, or of all that are not disabled.

    Options of ansible-test may stand among the wanted ones.
    """
    command = ["ansible-test", "integration", "--list-targets", *wanted]
    listed = subprocess.run(command, cwd=copy, check=True, stdout=subprocess.PIPE, text=True)
    return listed.stdout.split()


def run(copy: Path, names: list[str]) -> dict[str, int]:
    """Run targets and return the seconds that each of the passed ones took."""
    command = ["ansible-test", "integration", "--color", "no", "--continue-on-error"]
    command += ["--allow-disabled", *names]
    subprocess.run(command, cwd=copy, stdin=subprocess.DEVNULL, check=False)
    seconds: dict[str, int] = {}
    for report in (copy / "tests" / "output" / "data").glob("integration-*.json"):
        passed = json.loads(report.read_text(encoding="utf-8"))["targets"]
        seconds |= {name: target["run_time_seconds"] for name, target in passed.items()}
    return seconds


def run_targets(wanted: list[str], builder: str = STAND_IN) -> int:
    """Run targets against COPR_URL, or a simulator with a builder; return what to exit with."""
    with copr_server(builder) as server, copied_checkout() as copy:
        write_config(server, copy)
        write_no_key(copy)
        names = targets(copy, wanted)
        seconds = run(copy, names) if names else {}
    for name in names:
        print(f"{name}: {f'passed in {seconds[name]} s' if name in seconds else 'FAILED'}")
    print(f"{len(seconds)} passed, {len(names) - len(seconds)} failed")
    return 0 if names and len(seconds) == len(names) else 1


def main() -> int:
    """Run the targets that the command line names, or all but the disabled ones."""
    return run_targets(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
