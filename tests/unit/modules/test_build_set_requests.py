# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""copr_build_set: what it costs, and builds that are to be in the repositories first."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from simulator import packages
from unit.lab import EPEL, F43, STEP, Lab

URL = "https://example.org/{}-1.0-1.src.rpm"
LEVELS, BUILDS = 60, 1000


def build(name: str, *after: str, **options: Any) -> dict[str, Any]:
    """Return a build of a set, whose source has its name."""
    return {"name": name, "url": URL.format(name), "after": list(after), **options}


PAIR = [build("lib"), build("app", "lib")]


def make(lab: Lab, builds: list[dict[str, Any]], **options: Any) -> dict[str, Any]:
    return lab.do(
        "copr_build_set", **{"project": "alice/demo", "builds": builds, "chroots": [F43], **options}
    )


def metadata(lab: Lab) -> int:
    """Return how many requests were made for the metadata of repositories."""
    return len(repositories(lab))


def repositories(lab: Lab) -> list[str]:
    """Return the repositories of which files were asked for."""
    asked = [path.partition("/repodata/") for path in lab.files]
    return [path for path, found, _name in asked if found]


def test_a_thousand_builds_in_sixty_levels(demo: Lab) -> None:
    names = [
        [f"p{level}-{number}" for number in range(BUILDS // LEVELS)] for level in range(LEVELS)
    ]
    names[0] += [f"more-{number}" for number in range(BUILDS - sum(map(len, names)))]
    builds = [
        build(name, *(names[level - 1][:2] if level else ()))
        for level, group in enumerate(names)
        for name in group
    ]
    demo.forget()
    result = make(demo, builds)
    assert result["summary"]["succeeded"] == BUILDS
    assert len(result["levels"]) == LEVELS
    calls = Counter(call.split("?")[0] for call in demo.calls)
    looks = calls.pop("GET build/list")
    # One a submission, and the project. Nothing is asked for of a single build.
    assert calls == {"GET project": 1, "POST build/create/url": BUILDS}
    # The history, and a page a look; two where the builds at work are not on one.
    assert looks <= 1 + len(demo.slept) * 1.1
    # Two for the one chroot each time a level is done.
    assert metadata(demo) == 2 * (LEVELS - 1)
    demo.forget()
    assert not make(demo, builds)["changed"]
    # As many pages of the list as the set has hundreds, twice, and none of the builds.
    assert Counter(demo.calls) == {"GET project": 1, "GET build/list": 11}


def test_a_build_that_takes_long_costs_one_request_a_look(demo: Lab) -> None:
    others = [
        build(f"p{level}-{number}", *[f"p{level - 1}-{number}"][:level])
        for level in range(3)
        for number in range(100)
    ]
    members = make(demo, [build("slow"), *others], needs_repo=False)["members"]
    (number,) = next(member["build_ids"] for member in members if member["name"] == "slow")
    one = demo.calls.count(f"GET build/{number}")
    lists = demo.calls.count("GET build/list")
    # Of the long list, no more than a page is read for the one build at its end.
    assert one > 3
    assert lists <= 3 + 2 * len(demo.slept)


def test_a_build_waits_for_the_repository_of_what_it_comes_after(demo: Lab) -> None:
    # What Pulp stores is in the repository some time after the build has succeeded.
    demo.settings()["storage"] = "pulp"
    result = make(demo, PAIR)
    ends = {each["source_package"]["name"]: each["ended_on"] for each in result["builds"]}
    _lib, app = demo.builds()
    assert app.submitted_on >= ends["lib"] + STEP
    assert metadata(demo) > 2


def test_where_that_is_not_needed_it_does_not_wait(demo: Lab) -> None:
    demo.settings()["storage"] = "pulp"
    make(demo, PAIR, needs_repo=False)
    assert metadata(demo) == 0


def test_builds_see_another_repository_in_devel_mode(lab: Lab) -> None:
    lab.project(devel_mode=True)
    assert make(lab, PAIR)["summary"]["succeeded"] == 2
    assert set(repositories(lab)) == {f"/results/alice/demo/{F43}/devel"}


def test_the_same_with_pulp(lab: Lab) -> None:
    lab.project(devel_mode=True)
    lab.settings()["storage"] = "pulp"
    assert make(lab, PAIR)["summary"]["succeeded"] == 2
    assert set(repositories(lab)) == {f"/results/alice/demo/{F43}-devel"}


def test_what_no_repository_ever_has_counts_as_failed(
    demo: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "metadata", lambda *_package: "")
    error = demo.fail(
        "copr_build_set", project="alice/demo", builds=[*PAIR, build("other")], chroots=[F43]
    )
    states = {each["name"]: each["state"] for each in error.result["members"]}
    assert states == {"lib": "failed", "other": "succeeded", "app": "blocked"}
    assert error.kind == "build_failed"
    assert f"{F43}/ does not have" in error.message
    assert sum(demo.slept) >= 15 * 60


def test_an_outage_of_the_repositories_ends_no_set(demo: Lab) -> None:
    demo.sim.fault("status", status=503, path="repodata", times=30)
    assert make(demo, PAIR)["summary"]["succeeded"] == 2


def test_chroots_that_two_builds_do_not_share_need_no_repository(demo: Lab) -> None:
    builds = [build("lib", chroots=[EPEL]), build("app", "lib", chroots=[F43])]
    make(demo, builds, chroots=None)
    assert metadata(demo) == 0


def test_a_build_that_was_skipped_is_in_no_repository_and_needs_not_be(demo: Lab) -> None:
    spec = demo.tmp_path / "other.spec"
    spec.write_text(
        "Name: other\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\nExclusiveArch: s390x\n"
        "%description\nx\n"
    )
    builds = [{"name": "other", "srpm": str(spec)}, build("app", "other")]
    result = make(demo, builds)
    assert result["summary"]["succeeded"] == 2
    assert "Nothing was built" in demo.warnings[-1]


def test_hosted_is_more_than_succeeded(demo: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    result = make(demo, PAIR, verify_hosted=True)
    assert [each["build_chroots"][0]["state"] for each in result["builds"]] == ["succeeded"] * 2
    monkeypatch.setattr(packages, "metadata", lambda *_package: "")
    error = demo.fail(
        "copr_build_set", project="alice/demo", builds=PAIR, chroots=[F43], verify_hosted=True
    )
    assert error.kind == "build_failed"
    assert "lib-1.0-1.x86_64" in error.message
    assert error.result["summary"]["succeeded"] == 2
