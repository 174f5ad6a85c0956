# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Packages of a project, and the sources stored for them."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import Lab, answering

SCM = {"clone_url": "https://git.example.org/hello.git", "committish": "main"}
# A source of each kind, and another one.
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "scm": (SCM, {**SCM, "scm_type": "svn", "spec": "a.spec", "source_build_method": "tito"}),
    "distgit": ({"package_name": "hello"}, {"package_name": "hello", "committish": "f43"}),
    "pypi": (
        {"pypi_package_name": "hello"},
        {"pypi_package_name": "hello", "pypi_package_version": "1.0", "python_versions": ["2"]},
    ),
    "rubygems": ({"gem_name": "hello"}, {"gem_name": "other"}),
    "custom": (
        {"script": "#!/bin/sh\ntrue", "builddeps": "git make"},
        {"script": "#!/bin/sh\nfalse", "repos": ["https://repo.example.org/"]},
    ),
}
GET = "GET package"


def package(lab: Lab, name: str | None = "hello", /, **options: Any) -> dict[str, Any]:
    lab.forget()
    if name is not None:
        options["package"] = name
    return lab.do("copr_package", project="alice/demo", **options)


def stored(lab: Lab, name: str = "hello") -> Any:
    return lab.sim.world.projects["alice/demo"].packages[name]


@pytest.mark.parametrize("kind", KINDS)
def test_a_package_is_created_once_and_corrected(demo: Lab, kind: str) -> None:
    first, other = KINDS[kind]
    made = package(demo, **{kind: first})
    assert made["changed"] is True
    assert demo.calls == [GET, "GET project", f"POST package/add/alice/demo/hello/{kind}", GET]
    shown = made["packages"][0]
    assert (shown["name"], shown["source_type"]) == ("hello", kind)
    again = package(demo, **{kind: first})
    assert (again["changed"], again["packages"], demo.calls) == (False, [shown], [GET])
    changed = package(demo, **{kind: other})
    assert changed["changed"] is True
    assert demo.calls == [GET, f"POST package/edit/alice/demo/hello/{kind}", GET]
    assert package(demo, **{kind: other})["changed"] is False


@pytest.mark.parametrize("kind", KINDS)
def test_check_mode_predicts_the_same(demo: Lab, kind: str) -> None:
    for source in KINDS[kind]:
        predicted = package(demo, check=True, **{kind: source}, webhook_rebuild=True)
        assert demo.changes == []
        made = package(demo, **{kind: source}, webhook_rebuild=True)
        for result in (predicted, made):
            result["packages"][0].pop("id")
        assert predicted == made


def test_what_a_source_leaves_out_stays_and_null_is_the_default(demo: Lab) -> None:
    package(demo, scm=KINDS["scm"][1])
    result = package(demo, scm={"clone_url": SCM["clone_url"], "scm_type": None})
    source = result["packages"][0]["source"]
    assert (source["scm_type"], source["spec"]) == ("git", "a.spec")
    assert source["source_build_method"] == "tito"


def test_an_edit_of_another_field_keeps_the_source(demo: Lab) -> None:
    package(demo, scm=KINDS["scm"][1])
    before = dict(stored(demo).source_dict)
    assert package(demo, webhook_rebuild=True)["changed"] is True
    assert (stored(demo).source_dict, stored(demo).webhook_rebuild) == (before, True)
    assert package(demo, webhook_rebuild=None)["changed"] is True
    assert stored(demo).webhook_rebuild is False


def test_another_kind_takes_the_place_of_the_one_that_is_stored(demo: Lab) -> None:
    package(demo, scm=SCM)
    result = package(demo, rubygems={"gem_name": "hello"})
    (diff,) = result["diff"]
    assert diff["before"]["scm"]["clone_url"] == SCM["clone_url"]
    assert (diff["after"]["scm"], diff["after"]["rubygems"]) == (None, {"gem_name": "hello"})
    assert stored(demo).source_type == "rubygems"
    assert package(demo, rubygems={"gem_name": "hello"})["changed"] is False


@pytest.mark.parametrize("check", [True, False])
def test_a_new_package_needs_a_source(demo: Lab, check: bool) -> None:
    error = demo.fail(
        "copr_package", check=check, project="alice/demo", package="hello", webhook_rebuild=True
    )
    assert (error.kind, demo.changes) == ("invalid", [])
    assert "no source" in error.message


def test_a_package_from_other_builds_gets_a_source(demo: Lab) -> None:
    demo.build(url=["https://example.org/hello-1.0-1.src.rpm"])
    error = demo.fail("copr_package", project="alice/demo", package="hello", webhook_rebuild=True)
    assert error.kind == "invalid"
    assert package(demo, scm=SCM, webhook_rebuild=True)["changed"] is True
    assert stored(demo).source_type == "scm"


def test_reset_takes_the_source_away(demo: Lab) -> None:
    package(demo, scm=SCM)
    for check in (True, False):
        result = package(demo, state="reset", check=check)
        assert result["changed"] is True
        assert (result["packages"][0]["source_type"], result["packages"][0]["source"]) == (
            "unset",
            {},
        )
    assert demo.changes == ["PUT package/reset"]
    assert package(demo, state="reset")["changed"] is False
    assert package(demo, "other", state="reset")["changed"] is False


def test_what_is_never_shown_goes_along_with_any_other_change(demo: Lab) -> None:
    unseen = {"max_builds": 3, "timeout": 100, "chroot_denylist": ["epel-*", "fedora-42-*"]}
    result = package(demo, scm=SCM, **unseen)
    assert (stored(demo).max_builds, stored(demo).timeout) == (3, 100)
    assert stored(demo).chroot_denylist == "epel-*, fedora-42-*"
    assert result["unverified"] == sorted(unseen)
    assert package(demo, max_builds=5)["changed"] is False
    assert package(demo, max_builds=5, webhook_rebuild=True)["changed"] is True
    assert stored(demo).max_builds == 5


def test_many_packages_take_one_list(demo: Lab) -> None:
    wanted = [{"package": f"gem{n}", "rubygems": {"gem_name": f"g{n}"}} for n in range(5)]
    made = package(demo, None, packages=wanted)
    assert len(demo.changes) == 5
    assert [each["name"] for each in made["packages"]] == [each["package"] for each in wanted]
    again = package(demo, None, packages=wanted)
    assert (again["changed"], demo.calls) == (False, ["GET package/list"])


def test_what_is_not_named_is_told_and_deleted_only_when_asked(demo: Lab) -> None:
    package(demo, "old", rubygems={"gem_name": "old"})
    named = [{"package": "new", "rubygems": {"gem_name": "new"}}]
    assert package(demo, None, packages=named)["unmanaged"] == {"packages": ["old"]}
    for check in (True, False):
        purged = package(demo, None, packages=named, purge=True, check=check)
        assert (purged["changed"], purged["unmanaged"]) == (True, {"packages": []})
    assert demo.changes == ["DELETE package/delete"]
    assert package(demo, None, packages=named, purge=True)["changed"] is False


def test_absent_deletes_and_absent_is_absent(demo: Lab) -> None:
    package(demo, scm=SCM)
    result = package(demo, state="absent")
    assert (result["changed"], result["packages"]) == (True, [])
    assert package(demo, state="absent")["changed"] is False
    package(demo, scm=SCM)
    demo.before("DELETE", "package", lambda: package(demo, state="absent"))
    assert package(demo, state="absent")["changed"] is False


@pytest.mark.parametrize("check", [True, False])
def test_a_package_with_builds_at_work_is_not_deleted(demo: Lab, check: bool) -> None:
    package(demo, scm={"clone_url": "https://git.example.org/slow-hello.git"})
    demo.build(package="hello", wait=False)
    error = demo.fail(
        "copr_package", project="alice/demo", package="hello", state="absent", check=check
    )
    assert (error.kind, "1 (hello)" in error.message) == ("conflict", True)


def test_a_package_of_a_project_that_is_only_planned(lab: Lab) -> None:
    options: dict[str, Any] = {"project": "alice/new", "package": "hello", "scm": SCM}
    result = lab.do("copr_package", check=True, **options)
    assert (result["changed"], result["packages"][0]["id"]) == (True, None)
    assert "alice/new does not exist" in lab.warnings[0]
    assert lab.fail("copr_package", **options).kind == "not_found"
    assert lab.fail("copr_package", project="alice/new", package="hello", state="reset").kind == (
        "not_found"
    )


def test_somebody_quicker_is_no_trouble(demo: Lab) -> None:
    def create() -> None:
        demo.do("copr_package", project="alice/demo", package="hello", scm=SCM)

    demo.before("POST", "package/add", create)
    result = package(demo, scm={**SCM, "committish": "next"})
    assert result["packages"][0]["source"]["committish"] == "next"


@pytest.mark.parametrize("fault", ["lose_answer", "cut"])
def test_a_lost_answer_makes_one_package(demo: Lab, fault: str) -> None:
    demo.sim.fault(fault, path="/package/add/")
    assert package(demo, scm=SCM)["changed"] is True
    assert len(demo.sim.world.projects["alice/demo"].packages) == 1


@pytest.mark.parametrize(
    "entry",
    [
        {"package": "hello", "scm": SCM, "rubygems": {"gem_name": "x"}},
        {"package": "hello", "scm": None},
        {"package": ""},
    ],
)
def test_a_mistake_in_a_list_changes_nothing(demo: Lab, entry: dict[str, Any]) -> None:
    good = {"package": "good", "scm": SCM}
    error = demo.fail("copr_package", project="alice/demo", packages=[good, entry])
    assert (error.kind, demo.changes) == ("invalid", [])


def test_a_failure_half_way_tells_what_it_did(demo: Lab) -> None:
    refusal = answering({"error": "Not this one."}, "400 BAD REQUEST")
    demo.before("POST", "package/add/alice/demo/two", refusal)
    wanted = [{"package": name, "scm": SCM} for name in ("one", "two", "three")]
    error = demo.fail("copr_package", project="alice/demo", packages=wanted)
    assert error.result["changed"] is True
    # The third may be on its way when the second is refused.
    made = list(demo.sim.world.projects["alice/demo"].packages)
    assert sorted(each["name"] for each in error.result["packages"]) == sorted(made)
    assert "one" in made
    assert "two" not in made
    assert "package two of alice/demo" in error.message


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize(
    "name", ["../other/hello", "..", ".", "a/b", "a?b", "a#b", "%2e", "a b", " a", "é", "x" * 101]
)
def test_a_name_that_no_package_can_have_is_refused_before_sending(
    demo: Lab, name: str, check: bool
) -> None:
    error = demo.fail("copr_package", check=check, project="alice/demo", package=name, scm=SCM)
    assert (error.kind, demo.changes) == ("invalid", [])
    assert repr(name) in error.message


@pytest.mark.parametrize("name", ["a", "...", "lib+x_y.z-1", "x" * 100])
def test_any_other_name_is_taken(demo: Lab, name: str) -> None:
    assert package(demo, name, scm=SCM)["packages"][0]["name"] == name


@pytest.mark.parametrize("check", [True, False])
def test_a_package_of_a_dist_git_has_its_name(demo: Lab, check: bool) -> None:
    error = demo.fail(
        "copr_package",
        check=check,
        project="alice/demo",
        package="hello",
        distgit={"package_name": "world"},
    )
    assert (error.kind, demo.changes) == ("invalid", [])
    assert "same name" in error.message


def test_a_stranger_is_refused(demo: Lab) -> None:
    error = demo.fail("copr_package", by="bob", project="alice/demo", package="hello", scm=SCM)
    assert error.kind == "permission"


def test_a_stored_package_is_built(demo: Lab) -> None:
    package(demo, rubygems={"gem_name": "hello"})
    assert demo.build(package="hello")["changed"] is True
    assert demo.build(package="hello")["changed"] is False


# --- reading ---


def test_packages_are_told_as_the_state_module_tells_them(demo: Lab) -> None:
    made = (
        package(demo, scm=SCM)["packages"]
        + package(demo, "a", rubygems={"gem_name": "a"})["packages"]
    )
    told = demo.do("copr_package_info", by=None, project="alice/demo")["packages"]
    assert told == sorted(made, key=lambda each: str(each["name"]))
    assert demo.do("copr_package_info", project="alice/demo", packages=["a", "none"])[
        "packages"
    ] == [made[1]]


def test_newest_builds_come_along(demo: Lab) -> None:
    package(demo, rubygems={"gem_name": "hello"})
    build = demo.build(package="hello")["builds"][0]
    (told,) = demo.do("copr_package_info", project="alice/demo", builds=True)["packages"]
    assert told["builds"]["latest"]["id"] == build["id"]
    assert told["builds"]["latest_succeeded"]["web_url"] == build["web_url"]


def test_packages_of_a_project_that_does_not_exist_are_an_error(lab: Lab) -> None:
    assert lab.fail("copr_package_info", project="alice/none").kind == "not_found"


@pytest.mark.parametrize("state", ["reset", "absent"])
def test_purge_goes_with_present_only(demo: Lab, state: str) -> None:
    demo.do("copr_package", project="alice/demo", package="kept", scm=SCM)
    demo.forget()
    others = [{"package": "other"}]
    error = demo.fail(
        "copr_package", project="alice/demo", state=state, purge=True, packages=others
    )
    assert (error.kind, demo.calls) == ("invalid", [])
