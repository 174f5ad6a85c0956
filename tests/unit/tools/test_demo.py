# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a newcomer sees of the collection first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.checkout import CHECKOUT
from tools.demo import about
from tools.server import RPMBUILD, STAND_IN, Server
from unit.pace import running_with_polls

# Parts of the lines of the story, in order; others stand between them.
STORY = """
The server is http://127.0.0.1:
First run
changed  Create a project with two chroots
changed  Build hello from a source RPM in all chroots
Second run
ok       Create a project with two chroots
build 1 (hello 1.0-1) epel-10-x86_64: succeeded
ok       Build hello from a source RPM in all chroots
Show the results
  hello              1.0-1        epel-10-x86_64           succeeded  hello-1.0-1.x86_64
ok       Check that nothing is changed or built twice
         first run: changed=4, second run: changed=0
A build set
4 builds: 1 done, 3 waiting
manual: submitted as build
finished: 2 done, 1 failed, 1 blocked
failed   Build the set, and wait
Show why it failed
  picky in epel-10-x86_64, what the log says:
A page on all builds
  file://
changed  Delete the project and its builds
"""


def test_the_demo_says_whether_it_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COPR_URL", raising=False)
    assert "builds with rpmbuild" in about(RPMBUILD)
    monkeypatch.setenv("PATH", "/nowhere")
    assert "builds nothing" in about(STAND_IN)
    assert "apt-get install rpm " in about(STAND_IN)


def test_the_demo_tells_its_story(tmp_path: Path) -> None:
    """The first run leaves its builds unfinished, for the second one to wait for."""
    with running_with_polls(step=1.0) as sim:
        server = Server(sim.url, "alice-login", "alice-token", "alice", simulated=True)
        done = subprocess.run(
            [sys.executable, "-m", "tools.demo"],
            env={
                **os.environ,
                **server.environment,
                "HOME": str(tmp_path),
                "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".venv/collections"),
                "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout
    lines = iter(done.stdout.splitlines())
    for told in STORY.strip("\n").splitlines():
        assert any(told in line for line in lines), f"{told!r} is not told in time:\n{done.stdout}"
