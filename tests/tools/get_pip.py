# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stands in for the script that ansible-test downloads to put pip into an empty environment.

Python brings a pip of its own; that one installs the pip that ansible-test asks for.
"""

from __future__ import annotations

import subprocess
import sys


def main() -> None:
    """Install the packages of the command line, of which pip is one."""
    wanted = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
    for arguments in (["ensurepip"], ["pip", "install", *wanted]):
        subprocess.run([sys.executable, "-m", *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
