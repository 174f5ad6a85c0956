# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from .conftest import LookupLab

PROJECT = {"project": "alice/demo"}


@pytest.fixture
def built(lookups: LookupLab) -> LookupLab:
    """Return lookups in a world with a success of hello, and a failure after it."""
    for path in ("hello-1.0-1.src.rpm", "fails/hello-2.0-1.src.rpm"):
        lookups.lab.build(url=f"https://example.org/{path}", wait=False)
        lookups.lab.finish()
    return lookups


def test_the_newest(built: LookupLab) -> None:
    (build,) = built.look("latest_build", "hello", **PROJECT)
    assert built.lab.calls == ["GET package"]
    assert build["state"] == "failed"
    assert build["source_package"]["version"] == "2.0-1"
    assert [build] == built.lab.do("copr_build_info", build_ids=[build["id"]])["builds"]


def test_the_newest_success(built: LookupLab) -> None:
    (build,) = built.look("latest_build", "hello", succeeded=True, **PROJECT)
    assert built.lab.calls == ["GET package"]
    assert build["state"] == "succeeded"
    assert build["source_package"]["version"] == "1.0-1"


def test_without_builds(lookups: LookupLab) -> None:
    project = lookups.lab.sim.world.projects["alice/demo"]
    lookups.lab.sim.world.add_package(project, "fresh")
    assert lookups.fail("latest_build", "fresh", **PROJECT) == "alice/demo has no build of 'fresh'."
    assert lookups.fail("latest_build", "fresh", succeeded=True, **PROJECT) == (
        "alice/demo has no successful build of 'fresh'."
    )
    assert lookups.look("latest_build", "fresh", on_missing="skip", **PROJECT) == [None]


def test_what_is_missing(built: LookupLab) -> None:
    assert "alice/demo has no package 'other'" in built.fail("latest_build", "other", **PROJECT)
    found = built.look("latest_build", "other", "hello", on_missing="skip", **PROJECT)
    assert found[0] is None
    assert found[1]["source_package"]["name"] == "hello"
    assert built.look("latest_build", "hello", project="alice/no", on_missing="skip") == [None]
