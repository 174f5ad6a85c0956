# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of the config file, and what is tried before the old token is void."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unit.lab import Lab
from unit.stored import LIFETIME, fail, renew, text_for

as_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can give a file to another user, as these tests need"
)


def test_a_link_stays_one_and_its_target_is_replaced(lab: Lab, config: Path) -> None:
    (config.parent / "elsewhere").mkdir()
    target = config.rename(config.parent / "elsewhere" / "real")
    config.symlink_to("elsewhere/real")
    assert renew(lab, config)["changed"] is True
    assert config.is_symlink()
    assert target.read_text() == text_for(lab, LIFETIME)
    assert [each.name for each in target.parent.iterdir()] == ["real"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_the_file_keeps_its_mode_and_is_private_meanwhile(
    lab: Lab, config: Path, mode: int
) -> None:
    config.chmod(mode)
    seen: list[int] = []

    def look() -> None:
        (draft,) = config.parent.glob(".config.*")
        seen.append(stat.S_IMODE(draft.stat().st_mode))
        assert lab.sim.world.users["alice"].token not in draft.read_text()

    lab.before("POST", "api-token", look)
    renew(lab, config)
    assert seen == [mode]
    assert stat.S_IMODE(config.stat().st_mode) == mode


@as_root
def test_the_file_keeps_its_owner(lab: Lab, config: Path) -> None:
    os.chown(config, 12, 34)
    renew(lab, config)
    assert (config.stat().st_uid, config.stat().st_gid) == (12, 34)


@as_root
def test_an_owner_that_can_not_be_kept_is_told_before_anything_is_sent(
    lab: Lab, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chown(config, 12, 34)
    monkeypatch.setattr(os, "fchown", full)
    error = fail(lab, config)
    assert "its owner and group can't be kept" in error.message
    assert (error.kind, lab.calls) == ("local_file", [])


def unwritable_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deny(monkeypatch, config)


def unwritable_folder(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deny(monkeypatch, config.parent)


def of_another_user(_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)


def deny(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Have no right to write, as root has it everywhere."""
    access = os.access
    monkeypatch.setattr(os, "access", lambda each, mode: each != str(path) and access(each, mode))


@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("trouble", [unwritable_file, unwritable_folder, of_another_user])
def test_what_can_not_be_replaced_is_told_before_anything_is_sent(
    lab: Lab,
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[Path, pytest.MonkeyPatch], None],
    check: bool,
) -> None:
    trouble(config, monkeypatch)
    error = fail(lab, config, check=check)
    assert error.kind == "local_file"
    assert str(config) in error.message
    assert lab.calls == []


@pytest.mark.parametrize("call", ["pwrite", "fsync", "ftruncate"])
def test_a_full_disk_is_told_before_anything_is_sent(
    lab: Lab, config: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    monkeypatch.setattr(os, call, full)
    error = fail(lab, config)
    assert (error.kind, lab.calls) == ("local_file", [])
    assert "no space left" in error.message


def full(*_arguments: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    "section",
    [
        "login = {login}\ntoken =\n  {token}\n",
        "username = x\n  token = {token}\nlogin = {login}\n[DEFAULT]\ntoken = {token}\n",
    ],
)
def test_a_file_that_can_not_be_rewritten_is_told_before_anything_is_sent(
    lab: Lab, config: Path, section: str
) -> None:
    form = "[copr-cli]\ncopr_url = {url}\n# expiration date: {day}\n" + section
    config.write_text(text_for(lab, 10, form))
    assert fail(lab, config).kind == "configuration"
    assert lab.calls == []
