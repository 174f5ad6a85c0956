# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rulebook of guide_events.rst, run by ansible-rulebook."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from unit.docs.examples import yaml_of_guide
from unit.events.stage import FAILS, URL
from unit.lab import F43, Lab

BIN = Path(sys.executable).parent
PATIENCE = 90.0


def java_home() -> str | None:
    """Return where a Java of version 17 or later is."""
    named = os.environ.get("JAVA_HOME")
    java = f"{named}/bin/java" if named else shutil.which("java")
    if java is None or not Path(java).exists():
        return None
    shown = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', shown.stderr)
    if version is None or int(version[1]) < 17:
        return None
    return str(Path(java).resolve().parents[1])


def unable() -> str | None:
    """Return why no rulebook can be run here, or None.

    ansible-rulebook evaluates rules in a Java process, and Java comes from no Python package. The
    sessions of the matrix do without ansible-rulebook itself.
    """
    if not (BIN / "ansible-rulebook").exists():
        return "ansible-rulebook is not installed beside this Python"
    return None if java_home() else "there is no Java of version 17 or later"


@contextmanager
def rulebook_running(lab: Lab, folder: Path, rulebook: str) -> Iterator[Callable[[], str]]:
    """Run a rulebook against a lab's server, and give what returns its output so far."""
    (folder / "rulebook.yml").write_text(rulebook, encoding="utf-8")
    # As users have it: nothing but Ansible knows where the collection is.
    environment = {key: each for key, each in os.environ.items() if key != "PYTHONPATH"}
    environment.update(
        COPR_URL=lab.sim.url,
        JAVA_HOME=java_home() or "",
        PATH=f"{BIN}:{os.environ['PATH']}",
    )
    log = folder / "log.txt"
    command = [str(BIN / "ansible-rulebook"), "-r", "rulebook.yml", "-i", "inventory.yml"]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield lambda: log.read_text(encoding="utf-8")
        finally:
            process.terminate()
            try:
                process.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def wait_for(condition: Callable[[], bool], output: Callable[[], str]) -> None:
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, output()
        time.sleep(0.1)


@pytest.mark.skipif(unable() is not None, reason=f"No rulebook runs here: {unable()}.")
def test_the_rulebook_of_the_guide_reacts_to_a_failed_build(lab: Lab, tmp_path: Path) -> None:
    rulebook, playbook, inventory = (each.text for each in yaml_of_guide("guide_events"))
    (tmp_path / "failed.yml").write_text(playbook, encoding="utf-8")
    (tmp_path / "inventory.yml").write_text(inventory, encoding="utf-8")
    lab.do("copr_project", project="@team/hello", chroots=[F43])
    lab.do("copr_build", project="@team/hello", url=[FAILS], wait=False)
    lab.finish()
    lab.forget()
    hurried = rulebook.replace("interval: 30", "interval: 1")
    assert hurried != rulebook
    with rulebook_running(lab, tmp_path, hurried) as output:
        wait_for(lambda: lab.calls.count("GET build/list") >= 2, output)
        lab.do("copr_build", project="@team/hello", url=[URL, FAILS], wait=False, force=True)
        lab.finish()
        wait_for(lambda: "PLAY RECAP" in output(), output)
    shown = output()
    assert "failed=0" in shown, shown
    assert f"fails failed in @team/hello: {lab.sim.url}/coprs/build/3" in shown
    assert "undeclared" in shown
    # Neither the build that failed before nor the one that succeeded is of interest.
    assert shown.count("PLAY RECAP") == 1
    state = json.loads((tmp_path / "hello.state.json").read_text(encoding="utf-8"))
    assert state["builds"] == {"1": "failed", "2": "succeeded", "3": "failed"}
