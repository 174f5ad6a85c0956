# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes wrong once the request is sent, and tasks that meet."""

from __future__ import annotations

import errno
import os
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.clock import REAL_TIME

from unit.lab import Lab, answering, attempt, declared
from unit.stored import LIFETIME, POST, fail, in_days, renew, stored, text_for


def full(*_arguments: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("fault", ["lose_answer", "cut", "status", "reset_after", "wrong_json"])
def test_a_lost_answer_is_not_repeated_and_said(lab: Lab, config: Path, fault: str) -> None:
    text = config.read_text()
    lab.sim.fault(fault, path="/api-token")
    error = fail(lab, config)
    assert "The old token may no longer be valid, and the new one is unknown" in error.message
    assert f"get the new one from {lab.sim.url}/api/ and save it in {config}" in error.message
    assert lab.calls == [POST]
    assert config.read_text() == text


def test_in_check_mode_nothing_is_called_lost(lab: Lab, config: Path) -> None:
    lab.sim.fault("status", path="/auth-check", times=99)
    error = fail(lab, config, check=True)
    assert error.kind == "server"
    assert "may no longer be valid" not in error.message


def test_a_request_that_was_turned_away_is_not_called_lost(lab: Lab, config: Path) -> None:
    lab.sim.fault("status", path="/api-token", status=429)
    assert "may no longer be valid" not in fail(lab, config).message
    assert renew(lab, config)["changed"] is True


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "ä", 7, None])
def test_an_answer_without_a_token_that_can_be_used_is_a_lost_one(
    lab: Lab, config: Path, token: Any
) -> None:
    text = config.read_text()
    answer = {"api_login": "new-login", "api_token": token, "expiration": in_days(9)}
    lab.before("POST", "api-token", answering(answer))
    error = fail(lab, config)
    assert error.kind == "server"
    assert "The old token may no longer be valid" in error.message
    assert config.read_text() == text


@pytest.mark.parametrize("expiration", [None, 1795000000, "soon"])
def test_a_token_is_kept_though_its_last_day_can_not_be_read(
    lab: Lab, config: Path, expiration: Any
) -> None:
    answer = {"api_login": "new-login", "api_token": "new-token", "expiration": expiration}
    lab.before("POST", "api-token", answering(answer))
    result = renew(lab, config)
    assert (result["changed"], result["token"]["expires"]) == (True, None)
    assert "token = new-token\n" in config.read_text()
    assert "# expiration date: unknown\n" in config.read_text()


def test_a_file_that_can_not_be_renamed_in_the_end_is_kept_and_named(
    lab: Lab, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = config.read_text()
    monkeypatch.setattr(os, "replace", full)
    error = lab.fail("copr_token", **stored(config))
    (kept,) = config.parent.glob(".config.*")
    assert error.kind == "local_file"
    assert f"The new text is in {kept}; move it to {config}." in error.message
    assert kept.read_text() == text_for(lab, LIFETIME)
    # The old token is void, whatever became of the file.
    assert error.result["changed"] is True
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert config.read_text() == text


def test_a_file_that_can_not_be_written_in_the_end_is_said(
    lab: Lab, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.after("POST", "api-token", lambda: monkeypatch.setattr(os, "pwrite", full))
    error = fail(lab, config)
    assert error.kind == "local_file"
    assert "The new text is lost." in error.message
    assert f"{lab.sim.url}/api/ shows the new one" in error.message


def test_tasks_at_the_same_time_renew_it_once(lab: Lab, config: Path) -> None:
    results: list[Any] = []
    options = stored(config)
    # All have read the file before one of them renews it.
    tasks = [lab.task("copr_token", **options) for _each in range(4)]
    run = declared("copr_token").run
    for task in tasks:
        task.client.clock = REAL_TIME
    threads = [
        threading.Thread(target=lambda each=task: results.append(attempt(run, each)))
        for task in tasks
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [error for _result, error in results if error] == []
    assert lab.changes == [POST]
    assert config.read_text() == text_for(lab, LIFETIME)
    assert {result["token"]["days_left"] for result, _error in results} == {LIFETIME}


def test_the_client_of_a_loop_goes_on_with_the_new_token(lab: Lab, config: Path) -> None:
    task = lab.task("copr_token", **stored(config))
    old = set(task.client.secrets)
    declared("copr_token").run(task)
    new = lab.sim.world.users["alice"]
    assert {new.login, new.token} | old <= task.client.secrets
    assert task.client.whoami() == "alice"
