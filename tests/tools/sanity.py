# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs ansible-test's sanity tests, with the package index as their only need of a network."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.checkout import copied_checkout


def provide_pip_bootstrap() -> None:
    """Put our get_pip.py where ansible-test looks before it downloads one."""
    package = importlib.util.find_spec("ansible_test")
    if package is None or package.origin is None:
        sys.exit("ansible-test is not installed")
    source = Path(package.origin).with_name("_internal") / "python_requirements.py"
    cache = Path("~/.ansible/test/cache").expanduser()
    cache.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"\bpip='([\d.]+)'", source.read_text(encoding="utf-8")):
        script = cache / f"get_pip_{version.replace('.', '_')}.py"
        if not script.exists():
            shutil.copyfile(Path(__file__).with_name("get_pip.py"), script)


def main() -> int:
    """Run the sanity tests that the command line names, or all."""
    provide_pip_bootstrap()
    command = ["ansible-test", "sanity", "--requirements", "--color", "no", *sys.argv[1:]]
    with copied_checkout() as copy:
        done = subprocess.run(command, cwd=copy, stdin=subprocess.DEVNULL, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
