# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""verify_hosted: what was built is in the repositories, or the task fails."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.builds.hosting import Repositories
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

from simulator import packages
from unit.lab import EPEL, F43, STEP, Lab

URL = "https://example.org/hello-1.0-1.src.rpm"


@pytest.fixture
def removed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave all packages out of the metadata, as a limit of the project may do."""
    monkeypatch.setattr(packages, "metadata", lambda *_package: "")


def repositories(lab: Lab) -> list[str]:
    return [path for path in lab.files if path.endswith("repomd.xml")]


def test_what_is_hosted_is_no_error(demo: Lab) -> None:
    assert demo.build(url=[URL], verify_hosted=True)["changed"]
    assert len(repositories(demo)) == 2
    assert not demo.build(url=[URL], verify_hosted=True)["changed"]
    assert demo.do("copr_build_wait", build_ids=[1], verify_hosted=True)["builds"]


def test_it_has_a_minute(demo: Lab) -> None:
    demo.settings()["storage"] = "pulp"
    demo.build(url=[URL], verify_hosted=True)
    assert len(repositories(demo)) > 2


@pytest.mark.usefixtures("removed")
@pytest.mark.parametrize(
    ("module", "options"),
    [
        ("copr_build", {"project": "alice/demo", "url": [URL]}),
        ("copr_build_wait", {"build_ids": [1]}),
    ],
)
def test_what_is_not_hosted_is_an_error(demo: Lab, module: str, options: dict[str, Any]) -> None:
    demo.build(url=[URL])
    demo.forget()
    error = demo.fail(module, verify_hosted=True, **options)
    assert error.kind == "build_failed"
    assert error.message.startswith("Build 1 succeeded, but ")
    assert f"/results/alice/demo/{EPEL}/ does not have hello-1.0-1.x86_64" in error.message
    assert "and 1 other result is missing as well" in error.message
    assert error.result["builds"][0]["state"] == "succeeded"
    assert sum(demo.slept) == pytest.approx(60)


@pytest.mark.usefixtures("removed")
def test_only_the_chroots_that_were_asked_for_count(demo: Lab) -> None:
    demo.build(url=[URL])
    error = demo.fail(
        "copr_build", project="alice/demo", url=[URL], chroots=[F43], verify_hosted=True
    )
    assert EPEL not in error.message


def test_in_devel_mode_the_error_says_what_makes_the_repositories(lab: Lab) -> None:
    lab.project(devel_mode=True)
    error = lab.fail("copr_build", project="alice/demo", url=[URL], verify_hosted=True)
    assert "run copr_regenerate to update the repositories" in error.message
    lab.do("copr_regenerate", project="alice/demo")
    lab.clock.advance(STEP)
    assert not lab.build(url=[URL], verify_hosted=True)["changed"]


def test_a_directory_has_repositories_of_its_own(demo: Lab) -> None:
    demo.build(url=[URL], dirname="demo:custom:next", verify_hosted=True)
    assert all("/demo:custom:next/" in path for path in repositories(demo))


@pytest.mark.usefixtures("removed")
def test_what_was_skipped_or_failed_is_not_missing(demo: Lab) -> None:
    failing = URL.replace("hello", "fails")
    demo.build(url=[failing], may_fail=["*"], verify_hosted=True)
    assert repositories(demo) == []


@pytest.mark.parametrize("address", ["", "http://", "nonsense", {"a": 1}, "https://example.org/x"])
def test_an_address_that_is_no_repository_is_an_error(demo: Lab, address: Any) -> None:
    demo.build(url=[URL], chroots=[F43])
    client = demo.client()
    project = {"chroot_repos": {F43: address}}
    with pytest.raises(CoprError, match="as the repository of fedora-43"):
        Repositories(client, project, "demo").url(F43)
