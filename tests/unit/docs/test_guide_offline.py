# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to offline tests is followed, from its spec to an installed package and an upgrade."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from simulator.rpmbuild.builder import Rpmbuild
from simulator.server import running
from tools.e2e import lacking
from unit.docs.examples import of_guide
from unit.docs.reader import Reader, named

AS_ROOT = [] if os.geteuid() == 0 else ["unshare", "--map-root-user"]


@pytest.mark.skipif(bool(lacking()), reason=lacking())
def test_a_package_is_built_installed_and_upgraded(tmp_path: Path) -> None:
    examples = of_guide("guide_offline")
    (spec,) = [each.text for each in examples if each.text.startswith("Name:")]
    root = tmp_path / "root"

    def version() -> str:
        query = ["rpm", "--root", str(root), "-q", "--queryformat", "%{VERSION}", "hello"]
        return subprocess.run([*AS_ROOT, *query], check=True, capture_output=True, text=True).stdout

    with running(builder=Rpmbuild) as sim:
        reader = Reader(tmp_path, tmp_path / "home", sim.url)
        reader.log_in()
        reader.save(*named(examples))
        play = ("/usr/bin/env", *AS_ROOT, "ansible-playbook", "offline.yml", "-e", f"root={root}")
        for number, changed in (("1.0", 5), ("1.1", 2), ("1.1", 0)):
            (tmp_path / "hello.spec").write_text(spec.replace("1.0", number), encoding="utf-8")
            status, output = reader.run(*play)
            assert (status, f"changed={changed} " in output) == (0, True), output
            assert version() == number
