# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a project has set for its chroots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from unit.lab import EPEL, F43, F44, Lab, answering

GET, EDIT = "GET project-chroot", "PUT project-chroot/edit/alice/demo"
ENDED = "fedora-42-x86_64"
OTHER: dict[str, Any] = {
    "additional_packages": ["make", "gcc"],
    "additional_repos": ["https://repo.example.org/a"],
    "additional_modules": ["nodejs:18", "!php:8.1"],
    "with_opts": ["tests"],
    "without_opts": ["docs"],
    "isolation": "simple",
}
EMPTY: dict[str, list[str]] = {name: [] for name in OTHER if name != "isolation"}


def chroot(lab: Lab, name: str | None = F43, /, **options: Any) -> dict[str, Any]:
    lab.forget()
    if name is not None:
        options["chroot"] = name
    return lab.do("copr_chroot", project="alice/demo", **options)


def stored(lab: Lab, name: str = F43) -> Any:
    return lab.sim.world.projects["alice/demo"].chroots[name]


@pytest.mark.parametrize("name", OTHER)
def test_a_setting_is_made_once(demo: Lab, name: str) -> None:
    result = chroot(demo, **{name: OTHER[name]})
    assert result["changed"] is True
    assert result["chroots"][0]["settings"][name] == OTHER[name]
    (diff,) = result["diff"]
    assert diff["before_header"] == f"chroot {F43} of alice/demo"
    assert diff["after"] == {name: OTHER[name]}
    assert demo.calls == ["GET project", GET, f"{EDIT}/{F43}", GET]
    assert chroot(demo, **{name: OTHER[name]})["changed"] is False
    assert demo.calls == ["GET project", GET]


@pytest.mark.parametrize("name", OTHER)
def test_omitted_null_and_empty_differ(demo: Lab, name: str) -> None:
    chroot(demo, **OTHER)
    assert chroot(demo)["changed"] is False
    result = chroot(demo, **{name: None})
    assert (result["changed"], len(demo.changes)) == (True, 1)
    kept = {key: value for key, value in OTHER.items() if key != name}
    assert {key: result["chroots"][0]["settings"][key] for key in kept} == kept
    assert result["chroots"][0]["settings"][name] in ([], "unchanged")
    assert chroot(demo, **{name: None})["changed"] is False


def test_empty_lists_make_empty(demo: Lab) -> None:
    chroot(demo, **OTHER)
    result = chroot(demo, **EMPTY)
    assert {key: result["chroots"][0]["settings"][key] for key in EMPTY} == EMPTY


def test_absent_sets_everything_back(demo: Lab) -> None:
    chroot(demo, **OTHER, bootstrap="on")
    assert chroot(demo, state="absent")["changed"] is True
    assert stored(demo).bootstrap in (None, "unchanged")
    assert chroot(demo, state="absent")["changed"] is False


def test_what_is_never_shown_goes_along_with_any_other_change(demo: Lab) -> None:
    alone = chroot(demo, bootstrap="on")
    assert (alone["changed"], alone["unverified"]) == (False, ["bootstrap"])
    assert demo.changes == []
    chroot(demo, bootstrap="custom_image", bootstrap_image="fedora:43", isolation="simple")
    assert (stored(demo).bootstrap, stored(demo).bootstrap_image) == ("custom_image", "fedora:43")


def test_a_pattern_means_every_chroot_that_it_fits(demo: Lab) -> None:
    result = chroot(demo, "*-x86_64", additional_packages=["make"])
    assert [each["name"] for each in result["chroots"]] == [EPEL, F43]
    assert len(demo.changes) == 2


def test_of_two_entries_for_a_chroot_the_later_one_wins_option_by_option(demo: Lab) -> None:
    entries = [
        {"chroot": "*", "isolation": "simple", "with_opts": ["a"]},
        {"chroot": "epel-*", "with_opts": ["b"]},
    ]
    result = chroot(demo, None, chroots=entries)
    shown = {each["name"]: each["settings"] for each in result["chroots"]}
    assert (shown[F43]["with_opts"], shown[EPEL]["with_opts"]) == (["a"], ["b"])
    assert shown[EPEL]["isolation"] == "simple"
    assert chroot(demo, None, chroots=entries)["changed"] is False


def test_nulls_in_a_list_of_chroots(demo: Lab) -> None:
    chroot(demo, **OTHER)
    result = chroot(demo, None, chroots=[{"chroot": F43, "isolation": None, "with_opts": None}])
    settings = result["chroots"][0]["settings"]
    assert (settings["isolation"], settings["with_opts"]) == ("unchanged", [])
    assert settings["additional_packages"] == OTHER["additional_packages"]


def test_what_is_not_named_is_told_and_reset_only_when_asked(demo: Lab) -> None:
    chroot(demo, EPEL, additional_packages=["make"])
    named = [{"chroot": F43, "with_opts": ["a"]}]
    assert chroot(demo, None, chroots=named)["unmanaged"] == {"chroots": [EPEL]}
    assert stored(demo, EPEL).additional_packages == "make"
    purged = chroot(demo, None, chroots=named, purge=True)
    assert (purged["changed"], stored(demo, EPEL).additional_packages) == (True, "")
    assert chroot(demo, None, chroots=named, purge=True)["changed"] is False


def test_a_comps_file_is_known_by_its_content(demo: Lab, tmp_path: Path) -> None:
    comps = tmp_path / "comps.xml"
    comps.write_text("<comps/>", encoding="utf-8")
    result = chroot(demo, comps=str(comps))
    name = result["chroots"][0]["settings"]["comps_name"]
    assert (result["changed"], name) == (True, stored(demo).comps_name)
    assert chroot(demo, comps=str(comps))["changed"] is False
    comps.write_text("<comps>other</comps>", encoding="utf-8")
    assert chroot(demo, comps=str(comps))["changed"] is True
    assert stored(demo).comps_name not in (name, None)
    assert chroot(demo, comps=None)["changed"] is True
    assert stored(demo).comps_name is None
    assert chroot(demo, comps=None)["changed"] is False


def test_a_comps_file_that_is_not_there_is_told(demo: Lab, tmp_path: Path) -> None:
    error = demo.fail(
        "copr_chroot", project="alice/demo", chroot=F43, comps=str(tmp_path / "none.xml")
    )
    assert error.kind == "local_file"


def test_check_mode_predicts_the_same(demo: Lab) -> None:
    predicted = chroot(demo, check=True, **OTHER)
    assert demo.changes == []
    assert predicted == chroot(demo, **OTHER)


def test_a_chroot_and_a_project_that_are_only_planned(demo: Lab) -> None:
    for project in ("alice/demo", "alice/new"):
        options: dict[str, Any] = {"project": project, "chroot": F44, "with_opts": ["a"]}
        result = demo.do("copr_chroot", check=True, **options)
        assert result["changed"] is True
        assert result["chroots"][0]["settings"]["with_opts"] == ["a"]
        assert demo.fail("copr_chroot", **options).kind in ("invalid", "not_found")
    assert demo.changes == []
    assert len(demo.warnings) == 2


@pytest.mark.parametrize("options", [{}, {"with_opts": []}, {"isolation": None}])
@pytest.mark.parametrize("project", ["alice/demo", "alice/none"])
def test_what_is_not_there_is_not_as_wished(
    demo: Lab, project: str, options: dict[str, Any]
) -> None:
    wish = {"project": project, "chroot": F44, **options}
    assert demo.fail("copr_chroot", **wish).kind in ("invalid", "not_found")
    assert demo.do("copr_chroot", check=True, **wish)["changed"] is False
    assert len(demo.warnings) == 1
    assert demo.do("copr_chroot", **wish, state="absent")["changed"] is False


def test_only_the_chroots_that_are_meant_are_read(demo: Lab) -> None:
    demo.do("copr_project", project="alice/demo", chroots=[F43, F44, EPEL])
    read = ["GET project", GET, GET]
    changes = [f"{EDIT}/{F43}", f"{EDIT}/{F44}"]
    chroot(demo, "fedora-*", with_opts=["a"])
    calls = demo.calls
    assert [*calls[:3], *sorted(calls[3:5]), *calls[5:]] == [*read, *changes, GET, GET]
    chroot(demo, "fedora-*", with_opts=["a"])
    assert demo.calls == read


def test_what_no_entry_means_is_read_once(demo: Lab) -> None:
    entries = [{"chroot": F43, "with_opts": ["a"]}]
    chroot(demo, None, chroots=entries)
    assert demo.calls.count(GET) == 3
    chroot(demo, None, chroots=entries)
    assert demo.calls.count(GET) == 2


@pytest.mark.parametrize("name", [ENDED, "fedora-42-x86*"])
def test_a_chroot_that_has_ended_breaks_no_playbook(lab: Lab, name: str) -> None:
    lab.project(chroots=[F43, ENDED])
    lab.sim.set_chroot(ENDED, "ended")
    entries = [{"chroot": F43, "with_opts": ["a"]}, {"chroot": name, "with_opts": ["a"]}]
    result = chroot(lab, None, chroots=entries)
    assert [each["name"] for each in result["chroots"]] == [F43]
    assert (result["changed"], len(lab.changes)) == (True, 1)
    assert ENDED in lab.warnings[0]
    assert "179 days" in lab.warnings[0]
    assert chroot(lab, name, with_opts=["a"])["chroots"] == []
    both = [*entries, {"chroot": "nothing-*"}]
    error = lab.fail("copr_chroot", project="alice/demo", chroots=both)
    assert ("nothing-*" in error.message, name in error.message) == (True, False)


@pytest.mark.parametrize("name", ["fedora-43-x86-64", "nothing-*"])
@pytest.mark.parametrize("check", [True, False])
def test_what_nobody_knows_is_an_error(demo: Lab, name: str, check: bool) -> None:
    error = demo.fail(
        "copr_chroot", project="alice/demo", chroot=name, with_opts=["a"], check=check
    )
    assert error.kind == "invalid"
    assert name in error.message


@pytest.mark.parametrize(
    "options",
    [
        {"additional_repos": ["nope"]},
        {"additional_modules": ["nodejs"]},
        {"isolation": "simple", "bootstrap": "custom_image"},
    ],
)
def test_what_the_server_refuses_is_told(demo: Lab, options: dict[str, Any]) -> None:
    error = demo.fail("copr_chroot", project="alice/demo", chroot=F43, **options)
    assert (error.kind, error.result["changed"]) == ("invalid", False)
    assert f"chroot {F43} of alice/demo" in error.message


def test_a_failure_half_way_tells_what_it_did(demo: Lab) -> None:
    refusal = answering({"error": "Not this one."}, "400 BAD REQUEST")
    demo.before("PUT", f"project-chroot/edit/alice/demo/{F43}", refusal)
    error = demo.fail("copr_chroot", project="alice/demo", chroot="*", with_opts=["a"])
    assert error.result["changed"] is True
    (diff,) = error.result["diff"]
    assert diff["before_header"] == f"chroot {EPEL} of alice/demo"
    assert [each["name"] for each in error.result["chroots"]] == [EPEL]


def test_a_stranger_is_refused(demo: Lab) -> None:
    error = demo.fail("copr_chroot", by="bob", project="alice/demo", chroot=F43, with_opts=["a"])
    assert error.kind == "permission"
