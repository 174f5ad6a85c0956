# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The .repo files of projects, beyond what the recordings show."""

from __future__ import annotations

import base64
import configparser
import json

import pytest

from unit.lab import EPEL, F43, F44
from unit.simulator.frontend import Frontend

I386 = "fedora-43-i386"


def sections(frontend: Frontend, path: str, **query: str) -> dict[str, dict[str, str]]:
    """Fetch a .repo file and read it as package managers do."""
    answer = frontend.page(path, **query)
    assert answer.ok, answer.text
    parser = configparser.RawConfigParser()
    parser.read_string(answer.text)
    return {name: dict(parser[name]) for name in parser.sections()}


@pytest.fixture
def multilib(frontend: Frontend) -> Frontend:
    """Return a simulator with a project of both chroots of a pair."""
    frontend.sim.set_chroot(I386, "active")
    frontend.project("alice/demo", [F43, I386, EPEL], multilib=True)
    return frontend


def test_multilib_adds_a_section_if_an_architecture_is_asked_for(multilib: Frontend) -> None:
    path = "coprs/alice/demo/repo/fedora-43/"
    own = "copr:127.0.0.1:alice:demo"
    assert list(sections(multilib, path)) == [own]
    told = sections(multilib, path, arch="x86_64")
    assert list(told) == [own, f"{own}:ml"]
    assert told[f"{own}:ml"]["cost"] == "1100"
    assert told[f"{own}:ml"]["baseurl"].endswith("/alice/demo/fedora-$releasever-i386/")
    assert list(sections(multilib, path, arch="i386")) == [own]
    assert list(sections(multilib, "coprs/alice/demo/repo/epel-10/", arch="x86_64")) == [own]


def test_rpmrepo_names_the_other_half_of_a_pair(multilib: Frontend) -> None:
    repos = multilib.do("GET", "rpmrepo/alice/demo/any")["repos"]
    arches = repos["fedora-43"]["arch"]
    assert arches["x86_64"]["multilib"] == {"i386": {"opts": {"cost": "1100"}}}
    assert "multilib" not in arches["i386"]
    assert "multilib" not in repos["epel-10"]["arch"]["x86_64"]


def test_the_last_chroot_that_fits_is_taken(frontend: Frontend) -> None:
    frontend.project("alice/demo", [EPEL, F44])
    told = sections(frontend, "coprs/alice/demo/repo/f/")
    assert told["copr:127.0.0.1:alice:demo"]["baseurl"].endswith("/fedora-$releasever-$basearch/")


def test_dependencies_of_dependencies_are_there_too(frontend: Frontend) -> None:
    frontend.project(
        "@team/base", [F43], runtime_dependencies=["https://x.example/$chroot/?priority=3"]
    )
    frontend.project("alice/demo", [F43], runtime_dependencies=["copr://@team/base"])
    told = sections(frontend, "coprs/alice/demo/repo/fedora-43/")
    assert list(told) == [
        "copr:127.0.0.1:alice:demo",
        "coprdep:127.0.0.1:group_team:base",
        "coprdep:https_x_example_chroot_priority_3",
    ]
    assert (
        told["coprdep:https_x_example_chroot_priority_3"]["baseurl"] == f"https://x.example/{F43}/"
    )


def test_projects_that_need_each_other(frontend: Frontend) -> None:
    frontend.project("alice/one", [F43])
    frontend.project("alice/two", [F43], runtime_dependencies=["copr://alice/one"])
    frontend.do("PUT", "project/edit/alice/one", {"runtime_dependencies": ["copr://alice/two"]})
    assert list(sections(frontend, "coprs/alice/one/repo/fedora-43/")) == [
        "copr:127.0.0.1:alice:one",
        "coprdep:127.0.0.1:alice:two",
    ]


@pytest.mark.parametrize(
    ("release", "directory"),
    [
        ("fedora-43", "fedora-$releasever-$basearch"),
        ("fedora", "fedora-$releasever-$basearch"),
        (F43, "fedora-$releasever-$basearch"),
        ("epel-10", "epel-10-$basearch"),
    ],
)
def test_the_beginning_of_a_chroot_is_enough(
    frontend: Frontend, release: str, directory: str
) -> None:
    frontend.project("alice/demo", [F43, EPEL])
    told = sections(frontend, f"coprs/alice/demo/repo/{release}/")["copr:127.0.0.1:alice:demo"]
    base = f"{frontend.sim.url}/results/alice/demo"
    assert told["baseurl"] == f"{base}/{directory}/"
    assert (told["gpgcheck"], told["gpgkey"]) == ("1", f"{base}/pubkey.gpg")


def test_what_fits_nothing_is_told_the_chroots(frontend: Frontend) -> None:
    frontend.project("alice/demo", [F43, EPEL])
    for release, query in (("fedora-42", {}), ("fedora-43", {"arch": "s390x"})):
        refused = frontend.page(f"coprs/alice/demo/repo/{release}/", **query)
        told = json.loads(base64.b64decode(refused.headers["Copr-Error-Data"]))
        assert (refused.status_code, set(told["available chroots"])) == (404, {F43, EPEL})
    unknown = frontend.page("coprs/alice/nothing/repo/fedora-43/")
    assert (unknown.status_code, "Copr-Error-Data" in unknown.headers) == (404, False)


def test_options_and_dependencies_of_the_project(frontend: Frontend) -> None:
    frontend.project("@team/tools", [F43])
    frontend.project("alice/gone", [F43])
    elsewhere_too = "https://deps.example/$distname/$releasever/"
    wanted = ["copr://@team/tools", "copr://alice/gone", elsewhere_too]
    frontend.project(
        "alice/demo", [F43], runtime_dependencies=wanted, module_hotfixes=True, repo_priority=7
    )
    frontend.do("DELETE", "project/delete/alice/gone")
    own, tools, elsewhere = sections(frontend, "coprs/alice/demo/repo/fedora-43/").items()
    assert (own[1]["module_hotfixes"], own[1]["priority"]) == ("1", "7")
    assert tools[0] == "coprdep:127.0.0.1:group_team:tools"
    assert tools[1]["gpgcheck"] == "1"
    assert elsewhere[1]["baseurl"] == "https://deps.example/fedora/$releasever/"
    assert (elsewhere[1]["gpgcheck"], "gpgkey" in elsewhere[1]) == ("0", False)


def test_a_group_with_and_without_its_at_sign(frontend: Frontend) -> None:
    frontend.project("@team/demo", [F43])
    for path in ("g/team/demo", "@team/demo"):
        told = sections(frontend, f"coprs/{path}/repo/fedora-43/")
        assert list(told) == ["copr:127.0.0.1:group_team:demo"]
