# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ansible-test's sanity tests, with the package index as their only need of a network."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from tools.checkout import copied_checkout
from tools.notes import note
from tools.pythons import path_of_running_pythons


def _ansible_test() -> str:
    """Return the first file of ansible-test's package."""
    package = importlib.util.find_spec("ansible_test")
    if package is None or package.origin is None:
        sys.exit("ansible-test is not installed")
    return package.origin


def provide_pip_bootstrap() -> None:
    """Put our get_pip.py where ansible-test looks before it downloads one."""
    source = Path(_ansible_test()).with_name("_internal") / "python_requirements.py"
    cache = Path("~/.ansible/test/cache").expanduser()
    cache.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"\bpip='([\d.]+)'", source.read_text(encoding="utf-8")):
        script = cache / f"get_pip_{version.replace('.', '_')}.py"
        if not script.exists():
            shutil.copyfile(Path(__file__).with_name("get_pip.py"), script)


def unavailable_tests() -> dict[str, str]:
    """Return the tests that can't be installed here, each with the address that gives no answer.

    A release candidate of ansible-core may require libraries from outside the package index.
    """
    folder = Path(_ansible_test()).with_name("_data") / "requirements"
    missing = {}
    for requirements in sorted(folder.glob("sanity.*.txt")):
        addresses = re.findall(r" @ (https://[^\s#]+)", requirements.read_text(encoding="utf-8"))
        for address in addresses:
            if not _is_there(address):
                missing[requirements.name.split(".")[1]] = address
    return missing


def _is_there(address: str) -> bool:
    try:
        with urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=60):
            return True
    except OSError:
        return False


def main() -> int:
    """Run the sanity tests that the command line names, or all."""
    provide_pip_bootstrap()
    command = ["ansible-test", "sanity", "--requirements", "--color", "no", *sys.argv[1:]]
    for test, address in unavailable_tests().items():
        version = importlib.metadata.version("ansible-core")
        note(f"ansible-core {version}: {test} is left out; {address} can't be reached.")
        command += ["--skip-test", test]
    with copied_checkout() as copy, path_of_running_pythons(os.environ["PATH"]) as path:
        done = subprocess.run(
            command,
            cwd=copy,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            check=False,
        )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
