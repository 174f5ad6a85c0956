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

from faults.bench import LOGIN, SECRETS, TOKEN, Options
from faults.live import Live, live
from tools.checkout import CHECKOUT

PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  # Not written down here, because ansible-core quotes playbooks when a task fails.
  vars:
    token: "{{ lookup('env', 'COPR_TOKEN') }}"
    password: "{{ lookup('env', 'PLANTED_PASSWORD') }}"
    content: "{{ lookup('env', 'PLANTED_CONTENT') }}"
  module_defaults:
    group/fedora.copr.copr: {retries: 3}
  tasks:
    - fedora.copr.copr_auth_info:
      register: user
    - fedora.copr.copr_project: {project: alice/demo, description: new}
      register: project
    - ansible.builtin.set_fact: {seen: "{{ [user, project] }}", cacheable: true}
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
    - fedora.copr.copr_auth_info: {config_content: "{{ content }}"}
    - fedora.copr.copr_auth_info: {config_file: "{{ content }}"}
      ignore_errors: true
    - fedora.copr.copr_build:
        project: alice/demo
        scm: {clone_url: "https://oauth2:{{ password }}@example.org/hello.git"}
        pin: true
      ignore_errors: true
    - fedora.copr.copr_project:
        project: alice/demo
        additional_repos: ["https://{{ password }}@example.org/hello"]
        colour: red
      ignore_errors: true
    - ansible.builtin.debug:
        msg: "{{ lookup('fedora.copr.project', 'https://me:' ~ password ~ '@example.org/x') }}"
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


PASSWORD = "planted-password-5ec2e7"
LOOKED_FOR = (*SECRETS, PASSWORD)


@contextmanager
def watching(folder: Path, finds: set[str]) -> Iterator[None]:
    """Look at all files in a folder and all command lines, again and again, until exit."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            places = [*Path("/proc").glob("[0-9]*/cmdline"), *files_in(folder)]
            finds.update(f"{place}: {find}" for place in places if (find := found_in(place)))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def files_in(folder: Path) -> list[Path]:
    """Return the files below a folder from which others may come and go meanwhile."""
    return [Path(parent, name) for parent, _folders, names in os.walk(folder) for name in names]


def found_in(place: Path) -> str:
    """Return the surroundings of a secret in a file that may be gone by now, or nothing."""
    try:
        text = place.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""
    return next((excerpt(text, secret) for secret in LOOKED_FOR if secret in text), "")


def excerpt(text: str, secret: str) -> str:
    """Return what stands around a secret."""
    at = text.index(secret)
    return text[max(0, at - 800) : at + 200]


def surroundings(plays: Live, tmp_path: Path, execution: str) -> Options:
    """Return the environment of a play that writes down all it can.

    Of an ordinary module ansible-core itself writes the options down when it is debugged, and
    where it can't send the module over a pipe.
    """
    return {
        **os.environ,
        "COPR_URL": plays.bench.sim.url,
        "COPR_LOGIN": LOGIN,
        "COPR_TOKEN": TOKEN,
        "PLANTED_PASSWORD": PASSWORD,
        "PLANTED_CONTENT": f"[copr-cli]\nlogin = {LOGIN}\ntoken = {TOKEN}\n",
        "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".venv/collections"),
        "ANSIBLE_HOME": str(tmp_path / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(tmp_path / "local"),
        "ANSIBLE_REMOTE_TEMP": str(tmp_path / "remote"),
        "ANSIBLE_LOG_PATH": str(tmp_path / "log"),
        "ANSIBLE_LOG_VERBOSITY": "5",
        "ANSIBLE_DEBUG": str(execution == "controller").lower(),
        "ANSIBLE_PIPELINING": str(execution == "module").lower(),
        "ANSIBLE_CACHE_PLUGIN": "ansible.builtin.jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(tmp_path / "facts"),
        "TMPDIR": str(tmp_path),
    }


@pytest.mark.parametrize("execution", ["controller", "module"])
def test_the_token_is_nowhere(tmp_path: Path, execution: str) -> None:
    book, source = tmp_path / "play.yml", tmp_path / "copr.yml"
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
        with watching(tmp_path, finds):
            for command in commands:
                done = subprocess.run(
                    command, env=environment, capture_output=True, text=True, check=False
                )
                said += done.stdout + done.stderr
                assert done.returncode == 0, said[-4000:]
    assert "Traceback" not in said
    assert "ignored=10" in said, said[-2000:]
    for secret in LOOKED_FOR:
        assert secret not in said, excerpt(said, secret)
    assert not finds, finds
    # The log and the caches of facts and of the inventory are among what was looked at.
    assert (tmp_path / "log").stat().st_size > 0
    assert list((tmp_path / "cache").iterdir())
    (facts,) = (tmp_path / "facts").iterdir()
    assert "alice/demo" in facts.read_text()
    assert not [place for place in files_in(tmp_path) if found_in(place)]
