# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which chroots a build is submitted to; an empty selection never reaches the server."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import EPEL, F43, F44, Lab

SOURCE: dict[str, Any] = {"url": ["https://example.org/hello-1.0-1.src.rpm"]}


@pytest.fixture
def three(lab: Lab) -> Lab:
    """Return a project with three chroots."""
    lab.project(chroots=[F43, F44, EPEL])
    return lab


@pytest.mark.parametrize(
    ("chroots", "excluded", "expected"),
    [
        (None, None, [EPEL, F43, F44]),
        ([F43], None, [F43]),
        (["fedora-*"], None, [F43, F44]),
        (["*"], [EPEL], [F43, F44]),
        (None, ["fedora-*"], [EPEL]),
        (["fedora-*", EPEL], ["*-43-*"], [EPEL, F44]),
        (["fedora-4[34]-*"], ["centos-*"], [F43, F44]),
        ([F43, F43], [], [F43]),
    ],
)
def test_names_and_patterns_are_resolved_here(
    three: Lab, chroots: list[str] | None, excluded: list[str] | None, expected: list[str]
) -> None:
    result = three.build(chroots=chroots, exclude_chroots=excluded, wait=False, **SOURCE)
    sent = next(body for call, body in three.sent if "build/create" in call)
    assert sent["chroots"] == expected
    assert "exclude_chroots" not in sent
    assert result["builds"][0]["chroots"] == expected


@pytest.mark.parametrize(
    ("chroots", "excluded"),
    [
        ([], None),
        (None, ["*"]),
        ([F43], [F43]),
        (["fedora-*"], ["fedora-*"]),
        (["mageia-*"], None),
        (["fedora-43-x86-64"], None),
        (None, ["fedora-43-x86-64"]),
        ([F43, "nope"], None),
    ],
)
@pytest.mark.parametrize("check", [False, True])
def test_a_selection_that_is_empty_or_unknown_is_refused(
    three: Lab, chroots: list[str] | None, excluded: list[str] | None, check: bool
) -> None:
    error = three.fail(
        "copr_build",
        check=check,
        project="alice/demo",
        chroots=chroots,
        exclude_chroots=excluded,
        **SOURCE,
    )
    assert error.kind == "invalid"
    assert "alice/demo" in error.message or "chroots" in error.message
    assert three.changes == []


def test_an_unknown_chroot_is_told_with_the_nearest_name(three: Lab) -> None:
    error = three.fail("copr_build", project="alice/demo", chroots=["fedora-43-x86-64"], **SOURCE)
    assert f"did you mean {F43}" in error.message


def test_a_chroot_that_exists_but_is_not_enabled_is_refused(three: Lab) -> None:
    error = three.fail("copr_build", project="alice/demo", chroots=["epel-9-x86_64"], **SOURCE)
    assert error.kind == "invalid"


def test_an_empty_list_of_exclusions_excludes_nothing(three: Lab) -> None:
    three.build(exclude_chroots=[], **SOURCE)
    assert three.builds()[0].chroots == [EPEL, F43, F44]


def test_an_exclusion_that_matches_nothing_is_warned_of(three: Lab) -> None:
    three.build(exclude_chroots=["fedra-*"], wait=False, **SOURCE)
    assert three.warnings == [
        "exclude_chroots: fedra-* matches no chroot enabled in alice/demo.",
    ]
    three.warnings.clear()
    three.do("copr_project", project="alice/demo", chroots=["epel-*"], exclude_chroots=["fedra-*"])
    assert three.warnings[0].startswith("exclude_chroots: fedra-* matches no chroot on http")
