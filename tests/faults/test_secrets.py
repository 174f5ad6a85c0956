# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token is looked for in all that a play leaves behind, or shows while it lasts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from faults.bench import LOGIN, TOKEN, Options
from faults.campaign import SECRETS
from faults.live import Live, live

PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  # Not written down here, because ansible-core quotes playbooks when a task fails.
  vars: {token: "{{ lookup('env', 'COPR_TOKEN') }}"}
  module_defaults:
    group/fedora.copr.copr: {retries: 3}
  tasks:
    - fedora.copr.copr_auth_info:
    - fedora.copr.copr_project: {project: alice/demo, description: new}
    - fedora.copr.copr_build:
        project: alice/demo
        url: [https://example.org/one-1.0-1.src.rpm]
        poll_interval: 0.05
    - fedora.copr.copr_build_info: {project: alice/demo, gather: [chroots, source, logs]}
    - ansible.builtin.debug: {var: item}
      loop: "{{ query('fedora.copr.project', 'alice/demo') }}"
    - fedora.copr.copr_project: {project: bob/demo, chroots: [fedora-43-x86_64]}
      ignore_errors: true
    - fedora.copr.copr_project: {project: alice/demo, nonsense: 1}
      ignore_errors: true
    - fedora.copr.copr_auth_info: {copr_url: "http://copr.example.org"}
      ignore_errors: true
    - fedora.copr.copr_auth_info: {copr_token: "{{ token }}-and-more"}
      ignore_errors: true
    - fedora.copr.copr_auth_info: {copr_token: "{{ token }}\u20ac"}
      ignore_errors: true
    - fedora.copr.copr_build:
        project: alice/demo
        url: [https://example.org/fails-1.0-1.src.rpm]
        poll_interval: 0.05
      ignore_errors: true
"""
INVENTORY = """
plugin: fedora.copr.copr
owners: [alice]
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: CACHE
"""


@contextmanager
def watching(finds: set[str]) -> Iterator[None]:
    """Look at the command lines of all processes, again and again, until exit."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    line = (process / "cmdline").read_bytes().decode("utf-8", "replace")
                except OSError:
                    continue
                if any(secret in line for secret in SECRETS):
                    finds.add(line)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def surroundings(plays: Live, tmp_path: Path, execution: str) -> Options:
    """Return the environment of a play that writes down all it can.

    Of an ordinary module ansible-core itself writes the options down when it is debugged.
    """
    return {
        **os.environ,
        "COPR_URL": plays.bench.sim.url,
        "COPR_LOGIN": LOGIN,
        "COPR_TOKEN": TOKEN,
        "ANSIBLE_HOME": str(tmp_path / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(tmp_path / "local"),
        "ANSIBLE_REMOTE_TEMP": str(tmp_path / "remote"),
        "ANSIBLE_LOG_PATH": str(tmp_path / "log"),
        "ANSIBLE_LOG_VERBOSITY": "5",
        "ANSIBLE_DEBUG": str(execution == "controller").lower(),
        "TMPDIR": str(tmp_path),
    }


@pytest.mark.parametrize("execution", ["controller", "module"])
def test_the_token_is_nowhere(tmp_path: Path, execution: str) -> None:
    book, source = tmp_path / "play.yml", tmp_path / "copr.yml"
    inputs = {book, source}
    book.write_text(PLAYBOOK)
    source.write_text(INVENTORY.replace("CACHE", str(tmp_path / "cache")))
    finds: set[str] = set()
    with live(tmp_path / "player") as plays:
        plays.bench.sim.fault("lose_answer", method="POST", times=2)
        plays.bench.sim.fault("html", path="/build/list", times=2)
        environment = surroundings(plays, tmp_path, execution)
        bin_dir = Path(sys.executable).parent
        variables = json.dumps(
            {"copr_execution": execution, "ansible_python_interpreter": sys.executable}
        )
        commands = [
            [str(bin_dir / "ansible-inventory"), "-i", str(source), "--list", "-vvvvv"],
            [str(bin_dir / "ansible-playbook"), "-i", "localhost,", "-c", "local", "-vvvvv"],
        ]
        commands[1] += ["--diff", "-e", variables, str(book)]
        said = ""
        with watching(finds):
            for command in commands:
                done = subprocess.run(
                    command, env=environment, capture_output=True, text=True, check=False
                )
                said += done.stdout + done.stderr
                assert done.returncode == 0, said[-4000:]
    assert "Traceback" not in said
    assert "ignored=6" in said, said[-2000:]
    assert not finds, finds
    for path in tmp_path.rglob("*"):
        if path.is_file() and path not in inputs:
            said += path.read_bytes().decode("utf-8", "replace")
    # A file of the cache and the log are among those looked at.
    assert (tmp_path / "log").stat().st_size > 0
    assert list((tmp_path / "cache").iterdir())
    for secret in SECRETS:
        assert secret not in said, said[max(0, said.index(secret) - 800) : said.index(secret) + 200]
