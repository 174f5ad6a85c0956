# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server that means harm: nothing is written, run, shown or sent that should not be."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ansible.errors import AnsibleError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import inventory_loader, lookup_loader
from ansible.utils.display import Display
from ansible_collections.fedora.copr.plugins.module_utils._copr.task import failure

from faults.bench import ALICE, SECRETS, TOKEN, Bench, declared
from faults.hostile import MARK, Mouth
from faults.operation import DEMO, built, project
from faults.operations import IN_TURN, OPERATIONS
from tools.checkout import CHECKOUT
from unit.rawserver import http, raw_server

# What moves the cursor, colours, rings, or turns the direction of writing.
COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
LONGEST_MESSAGE = 20_000


def test_spoiled_texts_do_no_harm(
    here: Bench, thorough: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    wrong = []
    spoiled = 0
    for seed in range(1500 if thorough else 100):
        rng = random.Random(seed)
        here.start_anew()
        name = IN_TURN[seed % len(IN_TURN)]
        operation = OPERATIONS[name](here, rng)
        waits = "wait_timeout" in declared(operation.module).options
        options = {**operation.options, **({"wait_timeout": 100} if waits else {})}
        with Mouth(here, rng, rng.choice((0.02, 0.1, 0.4))) as mouth:
            played = here.play(operation.module, options)
        spoiled += mouth.spoiled
        where = f"seed {seed}, {name}"
        if played.crash:
            wrong.append(f"{where}: {played.crash}")
        if any(secret in played.told for secret in SECRETS):
            wrong.append(f"{where}: the token shows")
        for line in played.said:
            if COMMANDS.search(line) or "\n" in line or len(line) > LONGEST_MESSAGE:
                wrong.append(f"{where}: a line of progress: {line[:300]!r}")
        message = failure(played.error)["msg"] if played.error else ""
        if COMMANDS.search(message) or len(message) > LONGEST_MESSAGE:
            wrong.append(f"{where}: a message of {len(message)}: {message[:300]!r}")
    assert not wrong, "\n".join(wrong)
    assert spoiled > 100
    assert list(place.iterdir()) == []
    assert not [path for path in tmp_path.rglob("*") if MARK in path.name]
    assert not Path(f"/tmp/{MARK}").exists()


def test_spoiled_texts_do_no_harm_in_inventories_and_lookups(
    here: Bench, thorough: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _display, text: shown.append(text))
    source = tmp_path / "copr.yml"
    source.write_text(f"{{plugin: fedora.copr.copr, copr_url: '{here.sim.url}', owners: [alice]}}")
    hosts: list[str] = []
    spoiled = 0
    for seed in range(200 if thorough else 40):
        rng = random.Random(seed)
        here.start_anew()
        project(here)
        project(here, "@packagers/demo")
        built(here, ["one"])
        with Mouth(here, rng, rng.choice((0.02, 0.1, 0.4))) as mouth:
            inventory = InventoryData()
            with telling(shown):
                read = inventory_loader.get("fedora.copr.copr")
                read.parse(inventory, DataLoader(), str(source), cache=False)
            for name, terms in LOOKUPS.items():
                with telling(shown):
                    lookup = lookup_loader.get(f"fedora.copr.{name}", loader=DataLoader())
                    lookup.run(terms, {}, copr_url=here.sim.url, project=DEMO)
        spoiled += mouth.spoiled
        hosts += inventory.hosts
    assert spoiled > 100
    assert not [text for text in shown if COMMANDS.search(text) or len(text) > LONGEST_MESSAGE]
    # A slash tells them from all other hosts; none leads out of the folder of host_vars.
    assert all("/" in host and "{" not in host and host.isprintable() for host in hosts)
    assert not [host for host in hosts if {"", ".."} & set(host.split("/"))]
    assert len(set(hosts)) > 1


LOOKUPS = {"project": [DEMO], "repo_url": [DEMO], "latest_build": ["one"]}


@contextmanager
def telling(shown: list[str]) -> Iterator[None]:
    """Take note of what a user would be shown of a failure."""
    try:
        yield
    except AnsibleError as error:
        shown.append(str(error))


PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  module_defaults:
    group/fedora.copr.copr: {copr_url: "{{ url }}", copr_login: LOGIN, copr_token: TOKEN}
  tasks:
    - fedora.copr.copr_project_info: {project: alice/demo}
      register: read
    - fedora.copr.copr_project: {project: alice/demo, homepage: "https://example.org"}
      register: changed
    - ansible.builtin.debug: {msg: "{{ read.projects[0].description }}"}
    - ansible.builtin.debug: {msg: "{{ changed.project.instructions }}"}
    - ansible.builtin.copy:
        dest: "{{ out }}"
        content: "{{ [read.projects[0].description, changed.project.instructions] | to_json }}"
"""


@pytest.mark.parametrize("execution", ["controller", "module"])
def test_what_the_server_says_is_no_template(here: Bench, tmp_path: Path, execution: str) -> None:
    project(here)
    trap = f"{{{{ lookup('pipe', 'touch {tmp_path}/{MARK}') }}}}"
    there = here.world.projects[DEMO].settings
    there["description"] = there["instructions"] = trap
    book, out = tmp_path / "play.yml", tmp_path / "out.json"
    book.write_text(PLAYBOOK.replace("LOGIN", ALICE.login).replace("TOKEN", ALICE.token))
    variables = {
        "url": here.sim.url,
        "out": str(out),
        "copr_execution": execution,
        "ansible_python_interpreter": sys.executable,
    }
    command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "localhost,"]
    done = subprocess.run(
        [*command, "-c", "local", "-e", json.dumps(variables), str(book)],
        env={
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": str(CHECKOUT / ".venv/collections"),
            "ANSIBLE_HOME": str(tmp_path / "ansible"),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(out.read_text()) == [trap, trap]
    assert not (tmp_path / MARK).exists()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Again", "308 For ever"])
def test_a_redirect_to_another_host_gets_no_credentials(here: Bench, status: str) -> None:
    with raw_server(http(b'{"name": "alice"}')) as thief:
        answer = http(b"", status, Location=f"{thief.url}/api_3/auth-check")
        with raw_server(answer) as server:
            played = here.play("copr_auth_info", {"copr_url": server.url, "retries": 0})
    assert played.error
    assert thief.heads == []
    assert TOKEN not in played.told


@pytest.mark.parametrize("url", ["http://192.0.2.1", "http://copr.example.org", "http://0x7f.1.x"])
def test_plain_http_off_loopback_is_refused(here: Bench, url: str) -> None:
    played = here.play("copr_auth_info", {"copr_url": url})
    assert played.error
    assert played.error.kind == "configuration"
    assert TOKEN not in played.told
