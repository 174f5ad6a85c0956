# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chroots that end or are switched off, beyond what the recordings show."""

from __future__ import annotations

import pytest
import requests

from unit.lab import EPEL, F43, STEP
from unit.simulator.frontend import Frontend

DAY = 86400


def downloads(frontend: Frontend) -> dict[str, object]:
    """Return the chroots whose repositories are there, with the days that are left."""
    repos = frontend.do("GET", "rpmrepo/alice/demo/any")["repos"]
    return {
        f"{release}-{arch}": entry.get("delete_after_days")
        for release, repo in repos.items()
        for arch, entry in repo["arch"].items()
    }


@pytest.fixture(autouse=True)
def _demo(frontend: Frontend) -> None:
    frontend.project("alice/demo", [F43, EPEL])


def test_what_is_left_of_an_ended_chroot_shrinks_by_the_day(frontend: Frontend) -> None:
    frontend.sim.set_chroot(F43, "ended")
    assert downloads(frontend) == {F43: 179, EPEL: None}
    frontend.sim.clock.advance(100 * DAY)
    assert downloads(frontend) == {F43: 79, EPEL: None}
    frontend.sim.clock.advance(80 * DAY)
    assert downloads(frontend) == {EPEL: None}


def test_a_chroot_that_is_switched_off_for_a_while_is_not_there_to_download(
    frontend: Frontend,
) -> None:
    frontend.sim.set_chroot(F43, "off")
    assert downloads(frontend) == {EPEL: None}
    assert frontend.page("coprs/alice/demo/repo/fedora-43/").status_code == 404
    frontend.sim.set_chroot(F43, "active")
    assert downloads(frontend) == {F43: None, EPEL: None}


def test_a_chroot_that_the_project_has_disabled_can_be_downloaded_for_a_week(
    frontend: Frontend,
) -> None:
    frontend.do("PUT", "project/edit/alice/demo", {"chroots": [EPEL]})
    assert downloads(frontend) == {F43: 6, EPEL: None}
    frontend.sim.clock.advance(7 * DAY)
    assert downloads(frontend) == {EPEL: None}


def test_an_edit_leaves_an_ended_chroot_alone_and_its_settings_come_back(
    frontend: Frontend,
) -> None:
    path = f"project-chroot/edit/alice/demo/{F43}"
    frontend.do("PUT", path, {"additional_packages": "vim"})
    frontend.sim.set_chroot(F43, "ended")
    frontend.do("PUT", "project/edit/alice/demo", {"chroots": [EPEL]})
    assert frontend.ask("PUT", path, {"additional_packages": "gcc"}).status_code == 404
    frontend.sim.set_chroot(F43, "active")
    assert frontend.chroots("alice/demo") == {F43, EPEL}
    settings = frontend.do(
        "GET", "project-chroot", ownername="alice", projectname="demo", chrootname=F43
    )
    assert settings["additional_packages"] == ["vim"]
    assert settings["delete_after_days"] is None


def test_the_end_of_a_chroot_cancels_what_is_built_in_it(frontend: Frontend) -> None:
    both, one = frontend.build("alice/demo"), frontend.build("alice/demo", chroots=[F43])
    frontend.sim.clock.advance(5.5 * STEP)
    frontend.sim.set_chroot(F43, "ended")
    frontend.sim.clock.advance(20 * STEP)
    chroots = frontend.do("GET", "build-chroot/list", build_id=str(both))["items"]
    assert {item["name"]: item["state"] for item in chroots} == {
        F43: "canceled",
        EPEL: "succeeded",
    }
    assert frontend.do("GET", f"build/{both}")["state"] == "succeeded"
    assert frontend.do("GET", f"build/{one}")["state"] == "unknown"


def test_chroots_are_switched_by_requests(frontend: Frontend) -> None:
    address = f"{frontend.sim.url}/simulator/chroots"
    for name, state in ((F43, "ended"), ("fedora-43-i386", "active")):
        answer = requests.put(f"{address}/{name}", json={"state": state}, timeout=60)
        assert answer.json() == {name: state}
    known = requests.get(address, timeout=60).json()
    assert (known[F43], known["fedora-43-i386"], known[EPEL]) == ("ended", "active", "active")
    offered = frontend.do("GET", "mock-chroots/list")
    assert F43 not in offered
    assert "fedora-43-i386" in offered
    refused = requests.put(f"{address}/{F43}", json={"state": "gone"}, timeout=60)
    assert refused.status_code == 400


def test_the_newest_fedora_is_one_that_has_not_ended(frontend: Frontend) -> None:
    frontend.sim.set_chroot("fedora-44-x86_64", "ended")
    frontend.sim.set_chroot("fedora-44-aarch64", "ended")
    body = {"ownername": "alice", "projectname": "demo", "script": "true"}
    number = frontend.do("POST", "build/create/custom", body)["id"]
    config = frontend.do("GET", f"build/source-build-config/{number}")
    assert config["source_dict"]["chroot"] == "fedora-43-x86_64"
