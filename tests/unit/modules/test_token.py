# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The token of a config file is renewed before it expires, and only then."""

from __future__ import annotations

import datetime
import os
from dataclasses import replace
from pathlib import Path

import pytest

from unit.lab import Lab
from unit.stored import LIFETIME, POST, fail, in_days, renew, stored, text_for


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
    assert f"get a new one from {lab.sim.url}/api/ and save it in {config}" in error.message
    assert config.read_text() == text


def test_the_last_day_of_a_token_is_one_on_which_it_is_renewed(lab: Lab, config: Path) -> None:
    users = lab.sim.world.users
    users["alice"] = replace(users["alice"], expires=lab.sim.world.today())
    config.write_text(text_for(lab, 0))
    assert renew(lab, config, days=1)["changed"] is True


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
        lab.fail("copr_token", **stored(config, gssapi=True)),
        # Of another server.
        lab.fail("copr_token", **stored(config, copr_url="http://127.0.0.1:1")),
    ]
    monkeypatch.setenv("COPR_LOGIN", "alice-login")
    monkeypatch.setenv("COPR_TOKEN", "alice-token")
    errors.append(lab.fail("copr_token", **stored(config)))
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
    assert f"valid for {LIFETIME} days, which is less than days ({LIFETIME + 1})" in lab.warnings[0]
