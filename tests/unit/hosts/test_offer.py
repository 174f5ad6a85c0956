# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a project offers, which chroot a host takes, and the repositories that follow."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.hosts.offer import (
    Choice,
    Offer,
    address_of,
    choice_for,
    named_choice,
    notices_of,
    offer_of,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.hosts.os_release import Host
from ansible_collections.fedora.copr.plugins.module_utils._copr.hosts.repository import (
    Names,
    Repository,
    repositories_of,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.nouns.names import ProjectName
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

RESULTS = "https://results.example/results"
TEAM = ProjectName("@team", "hello")
NAMES = Names("copr.example", "@team", "hello")
MULTILIB = {"i386": {"opts": {"cost": "1100", "priority": 7}}}
ANSWER: dict[str, Any] = {
    "results_url": RESULTS,
    "repos": {
        "fedora-43": {
            "arch": {
                "x86_64": {"opts": {"priority": 7}, "multilib": MULTILIB},
                "i386": {"opts": {"priority": 7}},
            }
        },
        "epel-9": {"arch": {"x86_64": {"opts": {"module_hotfixes": "1"}}}},
        "fedora-41": {"arch": {"x86_64": {"opts": {}, "delete_after_days": 12}}},
    },
    "directories": {"hello": {}, "hello:pr:7": {"delete_after_days": 39}},
    "dependencies": [
        {
            "type": "copr",
            "opts": {"id": "coprdep:copr.example:bob:base", "name": "Needed"},
            "data": {"owner": "bob", "projectname": "base"},
        },
        {
            "type": "external_baseurl",
            "opts": {"id": "coprdep:https_deps", "name": "Needed, too"},
            "data": {"pattern": "https://deps.example/$distname/$chroot/$basearch/?priority=3"},
        },
    ],
}
PARAMS = {
    "state": "enabled",
    "gpgcheck": True,
    "gpgkey": None,
    "multilib": True,
    "runtime_dependencies": True,
}


def offer(dirname: str = "hello", **more: Any) -> Offer:
    return offer_of(TEAM, dirname, {**ANSWER, **more})


def made(choice: Choice, given: dict[str, Any] | None = None, **params: Any) -> list[Repository]:
    return repositories_of(NAMES, offer(), choice, {**PARAMS, **params}, given or {})


F43 = Choice("fedora-43-x86_64", "fedora-$releasever-$basearch")
EPEL = Choice("epel-9-x86_64", "epel-9-$basearch")


# --- the chroot --------------------------------------------------------------------------------


def test_a_host_takes_the_first_chroot_that_fits() -> None:
    host = Host(["rhel-9.6", "rhel-9", "epel-9"], "x86_64")
    assert choice_for(offer(), host) == EPEL


@pytest.mark.parametrize(
    ("release", "address"),
    [
        ("fedora-43", "fedora-$releasever-$basearch"),
        ("fedora-rawhide", "fedora-$releasever-$basearch"),
        ("fedora-eln", "fedora-eln-$basearch"),
        ("fedora-asahi-remix-42", "fedora-asahi-remix-42-$basearch"),
        ("centos-stream-9", "centos-stream-$releasever-$basearch"),
        ("opensuse-leap-15.6", "opensuse-leap-$releasever-$basearch"),
        ("opensuse-tumbleweed", "opensuse-tumbleweed-$basearch"),
        ("mageia-9", "mageia-$releasever-$basearch"),
        ("mageia-cauldron", "mageia-cauldron-$basearch"),
        ("epel-9", "epel-9-$basearch"),
        ("amazonlinux-2023", "amazonlinux-2023-$basearch"),
    ],
)
def test_variables_stand_where_copr_puts_them(release: str, address: str) -> None:
    assert address_of(release) == address


def test_a_name_is_kept_literally() -> None:
    assert named_choice(offer(), "fedora-43-i386") == Choice("fedora-43-i386", "fedora-43-i386")


def test_what_is_not_offered_is_said_with_what_is() -> None:
    with pytest.raises(CoprError) as named:
        named_choice(offer(), "fedora-44-x86_64")
    assert named.value.kind == "not_found"
    assert "has no repository for fedora-44-x86_64; it has epel-9-x86_64, " in named.value.message
    assert "Did you mean fedora-43-x86_64" in named.value.message
    with pytest.raises(CoprError) as fitting:
        choice_for(offer(), Host(["centos-9", "epel-9"], "aarch64"))
    assert "this host (centos-9-aarch64 or epel-9-aarch64); it has" in fitting.value.message
    with pytest.raises(CoprError, match="it has none at all"):
        named_choice(offer(repos={}), "fedora-43-x86_64")


def test_days_that_are_left_are_told() -> None:
    ended = named_choice(offer(), "fedora-41-x86_64")
    assert notices_of(offer(), F43) == []
    assert [n for n in notices_of(offer(), ended) if "in 12 days" in n and "fedora-41" in n]
    assert "hello:pr:7 in 39 days" in notices_of(offer("hello:pr:7"), F43)[0]
    assert "@team/hello in 5 days" in notices_of(offer(delete_after_days=5), F43)[0]


def test_a_directory_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(CoprError, match="no directory hello:pr:8; it has hello:pr:7") as error:
        offer("hello:pr:8")
    assert error.value.kind == "not_found"


# --- the repositories --------------------------------------------------------------------------


def test_ids_and_files_are_those_of_dnf() -> None:
    assert NAMES.id == "copr:copr.example:group_team:hello"
    assert NAMES.file == "_copr:copr.example:group_team:hello.repo"
    directory = Names("copr.example", "alice", "hello:pr:7")
    assert directory.file == "_copr:copr.example:alice:hello:pr:7.repo"
    assert NAMES.former_file is None
    fedora = Names("copr.fedorainfracloud.org", "@team", "hello")
    assert fedora.former_file == "_copr_@team-hello.repo"
    ours = [NAMES.id, f"{NAMES.id}:ml", f"{NAMES.id}:ml1", "coprdep:any", "group_team-hello"]
    assert all(map(NAMES.are_ours, ours))
    assert not any(map(NAMES.are_ours, ["fedora", f"{NAMES.id}:pr:7", "copr:other:x:y"]))


def test_a_project_with_all_that_it_may_have() -> None:
    main, multilib, base, external = made(F43)
    assert main.id == NAMES.id
    assert main.options == {
        "enabled": "1",
        "gpgcheck": "1",
        "baseurl": f"{RESULTS}/@team/hello/fedora-$releasever-$basearch/",
        "gpgkey": f"{RESULTS}/@team/hello/pubkey.gpg",
        "priority": "7",
    }
    assert main.at_first["name"] == "Copr repo for hello owned by @team"
    assert multilib.id == f"{NAMES.id}:ml"
    assert multilib.options["cost"] == "1100"
    assert multilib.options["baseurl"] == f"{RESULTS}/@team/hello/fedora-$releasever-i386/"
    assert base.options["baseurl"] == f"{RESULTS}/bob/base/fedora-$releasever-$basearch/"
    assert base.options["gpgkey"] == f"{RESULTS}/bob/base/pubkey.gpg"
    assert base.options["gpgcheck"] == "1"
    address = "https://deps.example/fedora/fedora-$releasever-$basearch/$basearch/"
    assert external.options["baseurl"] == address
    assert external.options["gpgcheck"] == "0"
    assert [each.signed_if_so for each in (main, multilib, base, external)] == [False] * 3 + [True]


def test_what_is_not_wanted_is_left_out() -> None:
    assert [each.id for each in made(F43, multilib=False, runtime_dependencies=False)] == [NAMES.id]
    assert made(EPEL, runtime_dependencies=False)[0].options["module_hotfixes"] == "1"


def test_options_of_the_task_go_before_those_of_copr() -> None:
    given = {
        "priority": 3,
        "cost": 500,
        "includepkgs": ["hello", "hello-*"],
        "excludepkgs": [],
        "module_hotfixes": False,
    }
    main, multilib, base, _external = made(F43, given, gpgcheck=False, gpgkey="file:///key")
    assert main.options["priority"] == multilib.options["priority"] == "3"
    assert (main.options["cost"], multilib.options["cost"]) == ("500", "1100")
    assert main.options["includepkgs"] == "hello,hello-*"
    assert main.options["excludepkgs"] is None
    assert main.options["module_hotfixes"] == "0"
    assert main.options["gpgkey"] == multilib.options["gpgkey"] == "file:///key"
    assert main.options["gpgcheck"] == base.options["gpgcheck"] == "0"
    assert base.options["gpgkey"] == f"{RESULTS}/bob/base/pubkey.gpg"
    assert not {"priority", "includepkgs"} & set(base.options)


def test_null_means_what_copr_says() -> None:
    main = made(F43, {"priority": None, "cost": None})[0]
    assert main.options["priority"] == "7"
    assert main.options["cost"] is None
    assert "includepkgs" not in main.options


def test_a_server_may_tell_the_key() -> None:
    keyed = offer(pubkey_url="https://keys.example/hello")
    assert repositories_of(NAMES, keyed, F43, PARAMS, {})[0].options["gpgkey"] == keyed.key_url


def test_a_dependency_of_an_unknown_kind_is_an_error() -> None:
    strange = offer(dependencies=[{"type": "oci", "opts": {"id": "x", "name": "x"}, "data": {}}])
    with pytest.raises(CoprError, match="does not know, oci"):
        repositories_of(NAMES, strange, F43, PARAMS, {})
    without = {**PARAMS, "runtime_dependencies": False}
    assert len(repositories_of(NAMES, strange, F43, without, {})) == 2
