# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import os
import subprocess

from .conftest import LookupLab

PLAYBOOK = """
- hosts: localhost
  gather_facts: false
  vars:
    server: {url}
    fedora_copr_url: "{{{{ server }}}}"
  tasks:
    - assert:
        that:
          - lookup('fedora.copr.project', 'alice/demo').ownername == 'alice'
          - lookup('fedora.copr.project', 'alice/nothing', on_missing='skip') is none
          - query('fedora.copr.repo_url', 'alice/demo', chroot='fedora-43-x86_64') | length == 1
    - debug:
        msg: "{{{{ lookup('fedora.copr.project', 'alice/demo', copr_token='alice-token') }}}}"
"""


def test_lookups_in_a_playbook(lookups: LookupLab) -> None:
    playbook = lookups.lab.tmp_path / "play.yml"
    playbook.write_text(PLAYBOOK.format(url=lookups.lab.sim.url), encoding="utf-8")
    done = subprocess.run(
        ["ansible-playbook", "-vvvv", str(playbook)],
        env={**os.environ, "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default"},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "All assertions passed" in said
    assert "copr_token is set but copr_login is not" in said
    assert "Traceback" not in said
