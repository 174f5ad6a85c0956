# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose login it is, and how long it lasts."""

from __future__ import annotations

import datetime

import pytest

from unit.lab import Lab

CONFIG = """\
[copr-cli]
copr_url = {url}
username = alice
login = alice-login
token = alice-token
# expiration date: {day}
"""


def test_the_user_is_told(lab: Lab) -> None:
    result = lab.do("copr_auth_info")
    assert result["user"] == {"id": 1, "name": "alice"}
    assert result["copr_url"] == lab.sim.url
    assert result["changed"] is False
    assert lab.calls == ["GET auth-check"]


def test_no_secret_is_told(lab: Lab) -> None:
    assert "alice-token" not in str(lab.do("copr_auth_info"))
    assert "alice-login" not in str(lab.do("copr_auth_info"))


def test_of_a_token_from_the_options_no_end_is_known(lab: Lab) -> None:
    token = lab.do("copr_auth_info")["token"]
    assert token == {
        "origin": "the options copr_login and copr_token",
        "expires": None,
        "days_left": None,
    }


@pytest.mark.parametrize("days", [0, 70])
def test_the_days_left_of_a_token_from_a_file_are_told(lab: Lab, days: int) -> None:
    day = datetime.date.today() + datetime.timedelta(days=days)
    config = lab.tmp_path / "config"
    config.write_text(CONFIG.format(url=lab.sim.url, day=day))
    token = lab.do("copr_auth_info", by=None, copr_url=None, config_file=str(config))["token"]
    assert token == {"origin": str(config), "expires": str(day), "days_left": days}


def test_a_wrong_token_is_refused(lab: Lab) -> None:
    error = lab.fail("copr_auth_info", copr_token="wrong")
    assert error.kind == "authentication"


def test_no_login_at_all_is_said(lab: Lab) -> None:
    error = lab.fail("copr_auth_info", by=None)
    assert error.kind in ("authentication", "configuration")
    assert lab.calls == []
