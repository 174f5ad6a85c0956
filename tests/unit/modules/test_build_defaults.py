# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Descriptions of sources are compared after the server's defaults."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import Lab

GIT = "https://git.example.org/hello.git"


@pytest.mark.parametrize(
    ("kind", "short", "full"),
    [
        ("scm", {"clone_url": GIT}, {"clone_url": GIT, "scm_type": "git"}),
        ("scm", {"clone_url": GIT}, {"clone_url": GIT, "source_build_method": "rpkg"}),
        ("scm", {"clone_url": GIT}, {"clone_url": GIT, "committish": "", "subdirectory": ""}),
        ("distgit", {"package_name": "a"}, {"package_name": "a", "distgit": "fedora"}),
        ("distgit", {"package_name": "a"}, {"package_name": "a", "committish": ""}),
        (
            "pypi",
            {"pypi_package_name": "a"},
            {"pypi_package_name": "a", "spec_generator": "pyp2spec", "python_versions": ["3"]},
        ),
        ("pypi", {"pypi_package_name": "a"}, {"pypi_package_name": "a", "spec_template": ""}),
        ("custom", {"script": "true"}, {"script": "true\n", "resultdir": "", "repos": []}),
        ("custom", {"script": "a\r\nb"}, {"script": "a\nb", "chroot": "fedora-latest-x86_64"}),
        ("custom", {"script": "a", "builddeps": "x  y"}, {"script": "a", "builddeps": "y x"}),
    ],
)
def test_a_default_spelled_out_is_the_same_source(
    demo: Lab, kind: str, short: dict[str, Any], full: dict[str, Any]
) -> None:
    demo.build(**{kind: short})
    assert demo.build(**{kind: full})["changed"] is False
    demo.build(force=True, **{kind: full})
    assert demo.build(**{kind: short})["changed"] is False


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("scm", {"clone_url": GIT}, {"clone_url": GIT, "subdirectory": "rpm"}),
        ("scm", {"clone_url": GIT}, {"clone_url": GIT, "spec": "other.spec"}),
        ("scm", {"clone_url": GIT}, {"clone_url": GIT, "scm_type": "svn"}),
        ("scm", {"clone_url": GIT}, {"clone_url": GIT, "source_build_method": "tito"}),
        ("distgit", {"package_name": "a"}, {"package_name": "a", "namespace": "forks/bob"}),
        ("pypi", {"pypi_package_name": "a"}, {"pypi_package_name": "ab"}),
        ("pypi", {"pypi_package_name": "a"}, {"pypi_package_name": "a", "spec_template": "epel7"}),
        (
            "pypi",
            {"pypi_package_name": "a"},
            {"pypi_package_name": "a", "python_versions": ["3", "2"]},
        ),
        ("custom", {"script": "a"}, {"script": "a", "builddeps": "make"}),
        ("custom", {"script": "a"}, {"script": "a", "resultdir": "out"}),
        ("custom", {"script": "a"}, {"script": "a", "repos": ["https://r.example.org/"]}),
        (
            "custom",
            {"script": "a", "chroot": "fedora-43-x86_64"},
            {"script": "a", "chroot": "epel-9-x86_64"},
        ),
    ],
)
def test_any_other_field_makes_another_source(
    demo: Lab, kind: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    demo.build(**{kind: one})
    assert demo.build(**{kind: other})["changed"] is True


def test_a_script_without_a_chroot_is_the_same_in_any(demo: Lab) -> None:
    demo.build(custom={"script": "a", "chroot": "epel-9-x86_64"})
    assert demo.build(custom={"script": "a"})["changed"] is False


def stored(lab: Lab, source_type: str, **source: Any) -> None:
    """Store a package with a source through the API, as other clients do."""
    body = {"package_name": "hello", **source}
    endpoint = "edit" if "hello" in lab.sim.world.projects["alice/demo"].packages else "add"
    lab.client().submit(f"package/{endpoint}/alice/demo/hello/{source_type}", body)


@pytest.mark.parametrize(
    ("source_type", "source", "other"),
    [
        ("scm", {"clone_url": GIT, "spec": ""}, {"committish": "v2"}),
        ("distgit", {"distgit": "fedora"}, {"committish": "f43"}),
        ("pypi", {"pypi_package_name": "hello"}, {"pypi_package_version": "2"}),
        ("rubygems", {"gem_name": "hello"}, {"gem_name": "hallo"}),
        ("custom", {"script": "true"}, {"script": "echo"}),
    ],
)
def test_a_package_is_built_once_as_it_is_stored_and_again_when_that_changes(
    demo: Lab, source_type: str, source: dict[str, Any], other: dict[str, Any]
) -> None:
    stored(demo, source_type, **source)
    assert demo.build(package="hello")["changed"] is True
    assert demo.build(package="hello")["changed"] is False
    stored(demo, source_type, **{**source, **other})
    assert demo.build(package="hello")["changed"] is True
    assert demo.submissions == ["POST package/build"] * 2


def test_a_package_and_its_source_spelled_out_are_the_same(demo: Lab) -> None:
    stored(demo, "scm", clone_url=GIT, spec="hello.spec")
    demo.build(scm={"clone_url": GIT, "spec": "hello.spec"})
    assert demo.build(package="hello")["changed"] is False


def test_a_package_that_is_not_there_is_told(demo: Lab) -> None:
    error = demo.fail("copr_build", project="alice/demo", package="hello")
    assert error.kind == "not_found"
    assert "hello" in error.message


def test_a_package_without_a_stored_source_is_refused(demo: Lab) -> None:
    demo.build(url=["https://example.org/hello-1.0-1.src.rpm"])
    error = demo.fail("copr_build", project="alice/demo", package="hello")
    assert error.kind == "invalid"
    assert len(demo.submissions) == 1
