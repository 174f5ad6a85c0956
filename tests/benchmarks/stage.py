# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the cases find when they run: servers, a home, a login, files to submit, inventories."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from tools.make_srpm import write_srpm

HERE = Path(__file__).parent
MIB = 1024 * 1024
UPLOADS = {"small": MIB, "large": 1024 * MIB}

SPEC = """\
Name: hello
Version: 1.0
Release: 1
Summary: A package to submit
License: MIT

%description
Its size is all that matters.
"""
CONFIG = """\
[copr-cli]
copr_url = {url}
username = alice
login = alice-login
token = alice-token
encrypted = no
"""
INVENTORY = """\
plugin: fedora.copr.copr
owners: [alice]
"""


@dataclass(frozen=True)
class Stage:
    """A server, and a home for those who ask it.

    Attributes:
        delay: seconds that the server lets pass before each answer.
    """

    delay: float
    url: str
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a case: those of this process, without the settings of its user."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ANSIBLE_", "COPR_")) and not name.lower().endswith("_proxy")
        }
        return {
            **kept,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "COPR_URL": self.url,
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_INVENTORY_CACHE_PLUGIN": "jsonfile",
            "ANSIBLE_INVENTORY_CACHE_CONNECTION": str(self.home / "cache"),
        }

    def received(self) -> int:
        """Return how many requests the server has received since this was last called."""
        with urlopen(f"{self.url}/received") as answer:
            return int(answer.read())


@contextmanager
def staged(delay: float, folder: Path) -> Iterator[Stage]:
    """Lend a stage in a folder that exists, until exit."""
    command = [sys.executable, "-m", "benchmarks.server", "--delay", str(delay)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            url = server.stdout.readline().strip() if server.stdout else ""
            if not url:
                sys.exit("the benchmark's server did not start")
            furnish(folder, url)
            yield Stage(delay, url, folder)
        finally:
            server.kill()


def furnish(home: Path, url: str) -> None:
    """Write what the cases read."""
    config = home / ".config" / "copr"
    config.parent.mkdir()
    config.write_text(CONFIG.format(url=url), encoding="utf-8")
    (home / "copr.yml").write_text(INVENTORY, encoding="utf-8")
    (home / "cached.copr.yml").write_text(INVENTORY + "cache: true\n", encoding="utf-8")
    script = home / "script"
    program = (HERE / "programs" / "raw_inventory.py").read_text(encoding="utf-8")
    script.write_text(f"#!{sys.executable}\n{program}", encoding="utf-8")
    script.chmod(0o700)
    spec = home / "hello.spec"
    spec.write_text(SPEC, encoding="utf-8")
    package = write_srpm(spec, [], home)
    for name, size in UPLOADS.items():
        # The header is real; what follows is a hole in the file, which takes no room.
        upload = home / f"{name}.src.rpm"
        upload.write_bytes(package.read_bytes())
        os.truncate(upload, size)
