# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token of a config file, renewed before it expires, and what is lost when that goes wrong."""

from __future__ import annotations

import datetime
import errno
import os
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils.clock import REAL_TIME
from ansible_collections.fedora.copr.plugins.module_utils.wire import replacement
from ansible_collections.fedora.copr.plugins.module_utils.wire.errors import CoprError

from unit.lab import Lab, Options, answering, attempt, declared

POST = "POST api-token"
CONFIG = """\
# Mine
[other]
token = someone-else

[copr-cli]
login = {login}
username = alice
token = {token}
copr_url = {url}
colour = blue
# expiration date: {day}
; The end
"""
LIFETIME = 180
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs another user")


def in_days(days: int) -> str:
    return str(datetime.date.today() + datetime.timedelta(days=days))


def text_for(lab: Lab, days: int, form: str = CONFIG) -> str:
    """Return a config file with the login that the server knows, and so many days left."""
    alice = lab.sim.world.users["alice"]
    return form.format(login=alice.login, token=alice.token, url=lab.sim.url, day=in_days(days))


@pytest.fixture
def config(lab: Lab) -> Path:
    """Return a config file whose token has 10 days left."""
    path = lab.tmp_path / "config"
    path.write_text(text_for(lab, 10), encoding="utf-8")
    path.chmod(0o600)
    return path


def options_for(config: Path, **options: Any) -> Options:
    return {"by": None, "copr_url": None, "config_file": str(config), **options}


def renew(lab: Lab, config: Path, **options: Any) -> Options:
    return lab.do("copr_token", **options_for(config, **options))


def fail(lab: Lab, config: Path, **options: Any) -> CoprError:
    """Run what must fail, and see that nothing is left in the folder that was not there."""
    before = sorted(config.parent.iterdir())
    error = lab.fail("copr_token", **options_for(config, **options))
    assert sorted(config.parent.iterdir()) == before
    return error


def test_a_token_with_few_days_left_is_renewed(lab: Lab, config: Path) -> None:
    old = lab.sim.world.users["alice"]
    result = renew(lab, config)
    new = lab.sim.world.users["alice"]
    assert (new.login, new.token) != (old.login, old.token)
    assert config.read_text() == text_for(lab, LIFETIME)
    assert result == {
        "changed": True,
        "token": {"origin": str(config), "expires": in_days(LIFETIME), "days_left": LIFETIME},
        "diff": [
            {
                "before_header": str(config),
                "after_header": str(config),
                "before": {"expires": in_days(10)},
                "after": {"expires": in_days(LIFETIME)},
            }
        ],
    }
    assert lab.calls == [POST]
    assert [each.name for each in config.parent.iterdir() if each.is_file()] == ["config"]
    # Of a token that is renewed nobody is warned.
    assert lab.warnings == []
    assert lab.fail("copr_auth_info", copr_login=old.login, copr_token=old.token).status == 401


def test_another_run_renews_nothing(lab: Lab, config: Path) -> None:
    renew(lab, config)
    text = config.read_text()
    lab.forget()
    result = renew(lab, config)
    assert (result["changed"], result["token"]["days_left"], lab.calls) == (False, LIFETIME, [])
    assert config.read_text() == text


@pytest.mark.parametrize(("days", "renewed"), [(1, False), (10, False), (11, True)])
def test_fewer_days_than_asked_for_decide(lab: Lab, config: Path, days: int, renewed: bool) -> None:
    assert renew(lab, config, days=days)["changed"] is renewed


def test_the_default_file_is_that_of_copr_cli(lab: Lab, config: Path) -> None:
    home = Path(os.environ["HOME"], ".config")
    home.mkdir()
    config.rename(home / "copr")
    result = lab.do("copr_token", by=None, copr_url=None)
    assert result["changed"] is True
    assert result["token"]["origin"] == "~/.config/copr"
    assert (home / "copr").read_text() == text_for(lab, LIFETIME)


def test_the_file_that_the_environment_names(
    lab: Lab, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPR_CONFIG", str(config))
    assert lab.do("copr_token", by=None, copr_url=None)["changed"] is True
    assert config.read_text() == text_for(lab, LIFETIME)


def test_check_mode_predicts_and_leaves_all_as_it_is(lab: Lab, config: Path) -> None:
    text, found = config.read_text(), config.stat()
    result = renew(lab, config, check=True)
    assert result["changed"] is True
    assert result["token"] == {"origin": str(config), "expires": None, "days_left": None}
    assert result["diff"][0]["before"] == {"expires": in_days(10)}
    assert lab.calls == ["GET auth-check"]
    assert (config.read_text(), config.stat()) == (text, found)
    assert renew(lab, config, days=10, check=True)["changed"] is False


@pytest.mark.parametrize("check", [True, False])
def test_an_expired_token_is_refused_with_what_to_do(lab: Lab, config: Path, check: bool) -> None:
    users = lab.sim.world.users
    yesterday = lab.sim.world.today() - datetime.timedelta(days=1)
    users["alice"] = replace(users["alice"], expires=yesterday)
    text = text_for(lab, -1)
    config.write_text(text)
    error = fail(lab, config, check=check)
    assert (error.kind, error.status) == ("authentication", 401)
    assert f"get a new one from {lab.sim.url}/api/ and put it into {config}" in error.message
    assert config.read_text() == text


def test_the_last_day_of_a_token_is_one_on_which_it_is_renewed(lab: Lab, config: Path) -> None:
    users = lab.sim.world.users
    users["alice"] = replace(users["alice"], expires=lab.sim.world.today())
    config.write_text(text_for(lab, 0))
    assert renew(lab, config, days=1)["changed"] is True


# --- nothing to renew, or no file to write to ---


@pytest.mark.parametrize(
    "comment", ["", "# expiration date: soon", "# expiration date: 2027-99-99"]
)
def test_without_a_date_nothing_is_decided(lab: Lab, config: Path, comment: str) -> None:
    config.write_text(text_for(lab, 10).replace(f"# expiration date: {in_days(10)}", comment))
    error = fail(lab, config, days=1000)
    assert error.kind == "configuration"
    assert "# expiration date: YYYY-MM-DD" in error.message
    assert lab.calls == []
    # What the message says works.
    config.write_text(text_for(lab, -1000))
    assert renew(lab, config)["changed"] is True


def test_the_date_of_another_section_is_not_that_of_the_token(lab: Lab, config: Path) -> None:
    other = f"[another]\n# expiration date: {in_days(-9)}\n"
    config.write_text(other + text_for(lab, 100))
    assert renew(lab, config)["changed"] is False
    assert renew(lab, config, days=101)["changed"] is True
    assert config.read_text() == other + text_for(lab, LIFETIME)


def test_logins_that_come_from_no_file(
    lab: Lab, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = config.read_text()
    errors = [
        lab.fail("copr_token"),
        lab.fail("copr_token", config_file=str(config)),
        lab.fail("copr_token", by=None, copr_url=None, config_content=text),
        lab.fail("copr_token", by=None),
        lab.fail("copr_token", by=None, gssapi=True),
        lab.fail("copr_token", **options_for(config, gssapi=True)),
        # Of another server.
        lab.fail("copr_token", **options_for(config, copr_url="http://127.0.0.1:1")),
    ]
    monkeypatch.setenv("COPR_LOGIN", "alice-login")
    monkeypatch.setenv("COPR_TOKEN", "alice-token")
    errors.append(lab.fail("copr_token", **options_for(config)))
    assert {error.kind for error in errors} == {"configuration"}
    assert all("copr_token renews the token in a config file" in each.message for each in errors)
    assert lab.calls == []
    assert config.read_text() == text


@pytest.mark.parametrize("days", [0, -1])
def test_days_below_one_are_refused(lab: Lab, config: Path, days: int) -> None:
    assert fail(lab, config, days=days).kind == "invalid"


def test_a_token_that_never_has_so_many_days_is_warned_of(lab: Lab, config: Path) -> None:
    renew(lab, config, days=LIFETIME)
    assert lab.warnings == []
    renew(lab, config, days=LIFETIME + 1)
    assert f"has {LIFETIME} days, and days is {LIFETIME + 1}" in lab.warnings[0]


# --- the file ---


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


def unwritable_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deny(monkeypatch, config)


def unwritable_folder(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deny(monkeypatch, config.parent)


def of_another_user(_config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacement.os, "geteuid", lambda: 4711)


def deny(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Have no right to write, as root has it everywhere."""
    access = os.access
    monkeypatch.setattr(
        replacement.os, "access", lambda each, mode: each != str(path) and access(each, mode)
    )


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
    monkeypatch.setattr(replacement.os, call, full)
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


# --- after the request ---


@pytest.mark.parametrize("fault", ["lose_answer", "cut", "status", "reset_after", "wrong_json"])
def test_a_lost_answer_is_not_repeated_and_said(lab: Lab, config: Path, fault: str) -> None:
    text = config.read_text()
    lab.sim.fault(fault, path="/api-token")
    error = fail(lab, config)
    assert "The old token may be void, and the new one is not known" in error.message
    assert f"get the new token from {lab.sim.url}/api/ and put it into {config}" in error.message
    assert lab.calls == [POST]
    assert config.read_text() == text


def test_a_request_that_was_turned_away_is_not_called_lost(lab: Lab, config: Path) -> None:
    lab.sim.fault("status", path="/api-token", status=429)
    assert "void" not in fail(lab, config).message
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
    assert "The old token may be void" in error.message
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
    monkeypatch.setattr(replacement.os, "replace", full)
    error = lab.fail("copr_token", **options_for(config))
    (kept,) = config.parent.glob(".config.*")
    assert error.kind == "local_file"
    assert f"The new text is in {kept}; move it to {config}." in error.message
    assert kept.read_text() == text_for(lab, LIFETIME)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert config.read_text() == text


def test_a_file_that_can_not_be_written_in_the_end_is_said(
    lab: Lab, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.after("POST", "api-token", lambda: monkeypatch.setattr(replacement.os, "pwrite", full))
    error = fail(lab, config)
    assert error.kind == "local_file"
    assert "The new text is lost." in error.message
    assert f"{lab.sim.url}/api/ shows the new one" in error.message


# --- others at the same time, and later in the same process ---


def test_tasks_at_the_same_time_renew_it_once(lab: Lab, config: Path) -> None:
    results: list[Any] = []
    options = options_for(config)
    # All have read the file before one of them renews it.
    tasks = [lab.task("copr_token", **options) for _ in range(4)]
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
    task = lab.task("copr_token", **options_for(config))
    old = set(task.client.secrets)
    declared("copr_token").run(task)
    new = lab.sim.world.users["alice"]
    assert {new.login, new.token} | old <= task.client.secrets
    assert task.client.whoami() == "alice"
