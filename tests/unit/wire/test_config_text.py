# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Another token in the text of a config file, and nothing else."""

from __future__ import annotations

import configparser
import datetime

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.config_text import (
    expiration_date,
    with_new_token,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError
from hypothesis import given
from hypothesis import strategies as st

DAY, NEW_DAY = datetime.date(2027, 1, 31), datetime.date(2027, 7, 30)


def renewed(text: str) -> str:
    return with_new_token(text, "new-login", "new-token", NEW_DAY)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # As the server writes it.
        (
            "[copr-cli]\nlogin = a\nusername = me\ntoken = b\ncopr_url = https://x\n"
            "# expiration date: 2027-01-31\n",
            "[copr-cli]\nlogin = new-login\nusername = me\ntoken = new-token\n"
            "copr_url = https://x\n# expiration date: 2027-07-30\n",
        ),
        # Other delimiters, capitals, blanks, line ends; no line end at the end.
        (
            "[copr-cli]\r\n  Login:a \r\n  TOKEN=b\t\r\n#expiration date:2027-01-31",
            "[copr-cli]\r\n  Login:new-login \r\n  TOKEN=new-token\t\r\n"
            "#expiration date:2027-07-30",
        ),
        ("[copr-cli]\rlogin=a\rtoken=b\r", "[copr-cli]\rlogin=new-login\rtoken=new-token\r"),
        # Comments that look like keys, and keys that begin like them.
        (
            "[copr-cli]\n# token = c\n;login = c\ntoken = b\nlogin = a\ntokens = c\n",
            "[copr-cli]\n# token = c\n;login = c\ntoken = new-token\nlogin = new-login\n"
            "tokens = c\n",
        ),
        # Other sections, before and after, with dates of their own.
        (
            "[x]\ntoken = 1\n# expiration date: 2020-01-01\n[copr-cli]\nlogin = a\ntoken = b\n"
            "# expiration date: 2027-01-31\n[y]\nlogin = 2\n# expiration date: 2020-01-01\n",
            "[x]\ntoken = 1\n# expiration date: 2020-01-01\n[copr-cli]\nlogin = new-login\n"
            "token = new-token\n# expiration date: 2027-07-30\n[y]\nlogin = 2\n"
            "# expiration date: 2020-01-01\n",
        ),
        # A date before all sections, which counts if the section has none.
        (
            "# expiration date: 2027-01-31\n[copr-cli]\nlogin = a\ntoken = b\n[y]\n",
            "# expiration date: 2027-07-30\n[copr-cli]\nlogin = new-login\ntoken = new-token\n"
            "[y]\n",
        ),
    ],
)
def test_only_the_token_and_its_date_become_others(before: str, after: str) -> None:
    dated = "expiration" in before
    assert expiration_date(before) == (DAY if dated else None)
    if dated:
        assert renewed(before) == after
    else:
        assert with_new_token(before, "new-login", "new-token", None) == after
    assert expiration_date(after) == (NEW_DAY if dated else None)


def test_a_date_that_is_not_known_is_called_so() -> None:
    text = "[copr-cli]\nlogin = a\ntoken = b\n# expiration date: 2027-01-31\n"
    assert "# expiration date: unknown\n" in with_new_token(text, "c", "d", None)


@pytest.mark.parametrize(
    "text",
    [
        # A value on the next line.
        "[copr-cli]\nlogin = a\ntoken =\n  b\n# expiration date: 2027-01-31\n",
        # What looks like a key is a line of the value before it.
        "[copr-cli]\nusername = me\n  token = c\nlogin = a\ntoken = b\n"
        "# expiration date: 2027-01-31\n",
        "[DEFAULT]\ntoken = b\n[copr-cli]\nlogin = a\n# expiration date: 2027-01-31\n",
        # No place for the new date.
        "[copr-cli]\nlogin = a\ntoken = b\n",
    ],
)
def test_a_text_that_can_not_be_rewritten_is_refused(text: str) -> None:
    with pytest.raises(CoprError) as caught:
        renewed(text)
    assert caught.value.kind == "configuration"


LINES = st.lists(
    st.sampled_from(
        [
            "[copr-cli]",
            "[other]",
            "[DEFAULT]",
            "login = a",
            "token: b",
            "  token = c",
            "username = me",
            "# expiration date: 2027-01-31",
            "; note",
            "",
            " more",
        ]
    )
)


@given(before=LINES, between=LINES, after=LINES, end=st.sampled_from(["\n", "\r\n"]))
def test_any_file_is_renewed_as_a_parser_sees_it_or_refused(
    before: list[str], between: list[str], after: list[str], end: str
) -> None:
    lines = [*before, "[copr-cli]", "login = a", *between, "token = b", *after]
    text = end.join(lines)
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    try:
        new = renewed(text)
    except CoprError:
        return
    again = configparser.ConfigParser(interpolation=None)
    again.read_string(new)
    for values in (parser, again):
        values["copr-cli"].update({"login": "same", "token": "same"})
    assert parser == again
    assert expiration_date(new) == NEW_DAY
    # Nothing is added or taken away.
    assert len(new.split(end)) == len(lines)
