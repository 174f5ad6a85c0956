# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Copr can't tell of a build is said, and leaves the rest usable."""

from __future__ import annotations

from unit.lab import STEP, Lab

URL = "https://example.org/hello-1.0-1.src.rpm"


def test_a_source_chroot_that_is_a_500_is_said(demo: Lab) -> None:
    fresh = demo.build(url=[URL], wait=False)["builds"][0]["id"]
    result = demo.do(
        "copr_build_info", build_ids=[fresh], gather=["chroots", "source", "source_chroot"]
    )
    (build,) = result["builds"]
    assert build["source_chroot"] is None
    assert build["source"]["source_type"] == "link"
    assert build["build_chroots"] != []
    assert result["unavailable"] == [{"build_id": fresh, "what": "source_chroot"}]
    assert demo.warnings == []


def test_only_the_builds_it_is_about_are_named(demo: Lab) -> None:
    done = demo.build(url=[URL])["builds"][0]["id"]
    early = demo.build(rubygems={"gem_name": "hello"}, wait=False)["builds"][0]["id"]
    demo.do("copr_build", state="canceled", build_ids=[early])
    demo.clock.advance(STEP)
    result = demo.do("copr_build_info", project="alice/demo", gather=["source_chroot"])
    assert [build["id"] for build in result["builds"]] == [early, done]
    assert result["builds"][1]["source_chroot"]["state"] == "succeeded"
    assert [each["build_id"] for each in result["unavailable"]] == [early]


def test_the_builds_of_a_fork_have_no_source_chroot(demo: Lab) -> None:
    demo.build(url=[URL])
    demo.do("copr_project", project="alice/next", fork_of="alice/demo")
    result = demo.do("copr_build_info", project="alice/next", gather=["source_chroot", "packages"])
    assert [build["state"] for build in result["builds"]] == ["forked"]
    assert len(result["unavailable"]) == 1


def test_nothing_is_unavailable_that_was_not_asked_for(demo: Lab) -> None:
    demo.build(url=[URL], wait=False)
    assert demo.do("copr_build_info", project="alice/demo")["unavailable"] == []
