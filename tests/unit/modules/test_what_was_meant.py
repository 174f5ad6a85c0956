# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Errors say what the user most likely means."""

from __future__ import annotations

from typing import Any

import pytest

from unit.lab import EPEL, F43, F44, Lab

URL = "https://example.org/hello-1.0-1.src.rpm"


def said(lab: Lab, module: str = "copr_build", /, **options: Any) -> str:
    if module == "copr_build":
        options = {"project": "alice/demo", "url": [URL], **options}
    error = lab.fail(module, **options)
    assert lab.builds() == []
    return error.message


@pytest.mark.parametrize("option", ["chroots", "exclude_chroots"])
def test_a_chroot_that_exists_but_is_not_enabled(demo: Lab, option: str) -> None:
    message = said(demo, **{option: [F44, "fedora-43-x68_64"]})
    assert f"{F44} (it exists, but is not enabled in the project)" in message
    assert f"fedora-43-x68_64 (did you mean {F43}" in message


def test_a_pattern_of_chroots_that_are_not_enabled(demo: Lab) -> None:
    message = said(demo, chroots=["fedora-44-*", "mageia-*"])
    assert "fedora-44-* (the chroots it matches are not enabled in the project)" in message
    assert message.endswith("mageia-*.")


def test_a_chroot_asked_about_that_is_not_enabled(demo: Lab) -> None:
    message = said(demo, "copr_chroot_info", project="alice/demo", chroots=[F44])
    assert "it exists, but is not enabled" in message


def test_the_project_of_a_group(demo: Lab) -> None:
    demo.project("@packagers/tools", chroots=[EPEL])
    message = said(demo, project="packagers/tools")
    assert message == (
        "The project packagers/tools does not exist. Did you mean @packagers/tools, the project "
        "of a group?"
    )
    message = said(demo, "copr_project", project="alice/x", fork_of="packagers/tools")
    assert "Did you mean @packagers/tools" in message
    message = said(demo, "copr_project", project="packagers/tools", chroots=[EPEL])
    assert message.endswith("Did you mean @packagers/tools, the project of a group?")


def test_a_hint_that_can_not_be_had_hides_no_error(demo: Lab) -> None:
    demo.sim.fault("status", status=502, path="/project$", skip=1, times=99)
    assert said(demo, project="alice/nothing") == "The project alice/nothing does not exist."


@pytest.mark.parametrize("text", ["alice/demo:custom:x", "demo:pr:17", "@packagers/demo:custom:x"])
def test_a_directory_given_as_a_project(demo: Lab, text: str) -> None:
    project, _colon, rest = text.partition(":")
    message = said(demo, project=text)
    assert f"it is a directory; its project is {project}, and its dirname is demo:{rest}" in message
