# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When the simulator makes the indexes of repositories."""

from __future__ import annotations

import pytest
import requests

from unit.lab import EPEL, F43, STEP, Lab

URL = "https://example.org/hello-1.0-1.src.rpm"


def index(lab: Lab, chroot: str = F43, dirname: str = "demo") -> str | None:
    address = f"{lab.sim.url}/results/alice/{dirname}/{chroot}/repodata/repomd.xml"
    answer = requests.get(address, timeout=60)
    return answer.text if answer.status_code == 200 else None


def test_an_index_appears_a_step_after_the_project(demo: Lab) -> None:
    assert index(demo) is None
    demo.clock.advance(STEP)
    assert index(demo) is not None


@pytest.mark.parametrize("chroot", ["fedora-44-x86_64", "nonsense"])
def test_what_was_never_enabled_has_no_index(demo: Lab, chroot: str) -> None:
    demo.finish()
    assert index(demo, chroot) is None


def test_a_build_that_succeeded_changes_the_index_of_its_chroot(demo: Lab) -> None:
    demo.clock.advance(STEP)
    before, other = index(demo, F43), index(demo, EPEL)
    demo.build(url=[URL], chroots=[F43])
    demo.clock.advance(STEP)
    assert index(demo, F43) != before
    assert index(demo, EPEL) == other


def test_a_build_that_failed_changes_nothing(demo: Lab) -> None:
    demo.clock.advance(STEP)
    before = index(demo)
    demo.build(url=["https://example.org/fails-1.0-1.src.rpm"], wait=False)
    demo.finish()
    assert index(demo) == before


def test_in_devel_mode_only_a_request_changes_the_index(lab: Lab) -> None:
    lab.project(devel_mode=True)
    lab.clock.advance(STEP)
    before = index(lab)
    lab.build(url=[URL])
    lab.finish()
    assert index(lab) == before
    lab.do("copr_regenerate", project="alice/demo", wait=False)
    assert index(lab) == before
    lab.clock.advance(STEP)
    assert index(lab) != before


def test_a_deleted_build_makes_the_index_newer_not_older(demo: Lab) -> None:
    build = demo.build(url=[URL])["builds"][0]["id"]
    demo.clock.advance(STEP)
    before = index(demo)
    demo.do("copr_build", state="absent", build_ids=[build])
    after = index(demo)
    assert after is not None
    assert before is not None
    assert after > before
