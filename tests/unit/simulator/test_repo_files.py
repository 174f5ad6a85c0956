# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The .repo files, as dnf reads them."""

from __future__ import annotations

import base64
import json
from configparser import ConfigParser

import pytest
import requests

from simulator.project_form import DEFAULTS
from unit.lab import EPEL, F43, Lab


def answer(lab: Lab, path: str) -> requests.Response:
    return requests.get(f"{lab.sim.url}/coprs/{path}", timeout=30)


def read(lab: Lab, path: str) -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.read_string(answer(lab, path).text)
    return parser


@pytest.mark.parametrize(
    ("release", "directory"),
    [
        ("fedora-43", "fedora-$releasever-$basearch"),
        ("fedora", "fedora-$releasever-$basearch"),
        (F43, "fedora-$releasever-$basearch"),
        ("epel-10", "epel-10-$basearch"),
    ],
)
def test_the_beginning_of_a_chroot_is_enough(demo: Lab, release: str, directory: str) -> None:
    parser = read(demo, f"alice/demo/repo/{release}/")
    base = f"{demo.sim.url}/results/alice/demo"
    section = parser["copr:127.0.0.1:alice:demo"]
    assert section["baseurl"] == f"{base}/{directory}/"
    assert (section["gpgcheck"], section["gpgkey"]) == ("1", f"{base}/pubkey.gpg")


def test_what_fits_nothing_is_told_the_chroots(demo: Lab) -> None:
    for path in ("alice/demo/repo/fedora-42/", "alice/demo/repo/fedora-43/?arch=s390x"):
        refused = answer(demo, path)
        told = json.loads(base64.b64decode(refused.headers["Copr-Error-Data"]))["available chroots"]
        assert (refused.status_code, set(told)) == (404, {F43, EPEL})
    unknown = answer(demo, "alice/nothing/repo/fedora-43/")
    assert (unknown.status_code, "Copr-Error-Data" in unknown.headers) == (404, False)


def test_a_chroot_that_has_ended_is_still_served(demo: Lab) -> None:
    demo.sim.world.end_chroot(F43)
    assert answer(demo, "alice/demo/repo/fedora-43/").status_code == 200
    demo.clock.advance(181 * 86400)
    assert answer(demo, "alice/demo/repo/fedora-43/").status_code == 404


def test_options_and_dependencies_of_the_project(demo: Lab) -> None:
    wanted = "copr://@team/tools copr://alice/gone https://deps.example/$distname/$releasever/"
    demo.sim.world.add_project("@team", "tools", dict(DEFAULTS))
    demo.settings().update(module_hotfixes=True, repo_priority=7, runtime_dependencies=wanted)
    parser = read(demo, "alice/demo/repo/fedora-43/")
    own, tools, elsewhere = (parser[name] for name in parser.sections())
    assert (own["module_hotfixes"], own["priority"]) == ("1", "7")
    assert tools.name == "coprdep:127.0.0.1:group_team:tools"
    assert tools["gpgcheck"] == "1"
    assert elsewhere["baseurl"] == "https://deps.example/fedora/$releasever/"
    assert (elsewhere["gpgcheck"], "gpgkey" in elsewhere) == ("0", False)


def test_a_group_with_and_without_its_at_sign(lab: Lab) -> None:
    lab.project("@team/demo")
    for path in ("g/team/demo", "@team/demo"):
        assert read(lab, f"{path}/repo/fedora-43/").sections() == ["copr:127.0.0.1:group_team:demo"]
