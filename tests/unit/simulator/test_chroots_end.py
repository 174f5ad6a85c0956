# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An administrator ends chroots, and offers them again."""

from __future__ import annotations

from typing import Any

import requests

from simulator.project_form import DEFAULTS
from unit.lab import F43, Lab

DAY = 86400
F41 = "fedora-41-x86_64"


def offer(lab: Lab, offered: bool, name: str = F41) -> int:
    path = f"{lab.sim.url}/simulator/chroots/{name}"
    return requests.put(path, json={"offered": offered}, timeout=30).status_code


def kept(lab: Lab) -> Any:
    return lab.client().get("rpmrepo/alice/demo/any")["repos"].get("fedora-41")


def test_it_is_gone_until_it_is_offered_again(lab: Lab) -> None:
    lab.project(chroots=[F43, F41])
    for offered in (False, True):
        assert offer(lab, offered) == 200
        assert (F41 in lab.client().get("mock-chroots/list")) is offered
        project = lab.client().get("project", {"ownername": "alice", "projectname": "demo"})
        assert (F41 in project["chroot_repos"]) is offered
    assert offer(lab, False, "fedora-1-x86_64") == 404


def test_its_repository_is_kept_for_180_days(lab: Lab) -> None:
    lab.project(chroots=[F43, F41])
    offer(lab, False)
    assert kept(lab)["arch"]["x86_64"]["delete_after_days"] == 179
    lab.clock.advance(100 * DAY)
    # To end it again prolongs nothing.
    offer(lab, False)
    assert kept(lab)["arch"]["x86_64"]["delete_after_days"] == 79
    lab.clock.advance(81 * DAY)
    assert kept(lab) is None


def test_one_that_was_disabled_before_is_gone_altogether(lab: Lab) -> None:
    lab.project(chroots=[F43, F41])
    lab.do("copr_project", project="alice/demo", chroots=[F43], purge_chroots=True)
    offer(lab, False)
    assert kept(lab) is None
    path = f"{lab.sim.url}/api_3/project-chroot"
    query = {"ownername": "alice", "projectname": "demo", "chrootname": F41}
    assert requests.get(path, query, timeout=30).status_code == 404


def test_searches_know_who_made_the_project_of_a_group(lab: Lab) -> None:
    lab.sim.world.add_project("@team", "tools", dict(DEFAULTS), by="alice")
    for query, found in (("alice/too", 1), ("@tea/too", 1), ("team/too", 0), ("bob/too", 0)):
        assert len(lab.client().get("project/search", {"query": query})["items"]) == found
