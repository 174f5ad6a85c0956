# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials in addresses are found wherever they stand."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.addresses import (
    credentials_in,
    refuse_credentials,
    without_credentials,
)
from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.secrets import masked

from unit.lab import attempt

SECRET = "pass-word-5ec2e7"


@pytest.mark.parametrize(
    "address",
    [
        f"https://oauth2:{SECRET}@example.org/hello.git",
        f"https://{SECRET}@example.org/hello.git",
        f"https://{SECRET}:x-oauth-basic@example.org/hello.git",
        f"HTTPS://:{SECRET}@example.org",
        f"git+https://me:{SECRET}@example.org:8443/x",
        f"ssh://git:{SECRET}@example.org/hello.git",
        f"ftp://me:{SECRET}@example.org/x",
        f"https://me:{SECRET}@with@ats@example.org/x",
        f"https://me:{SECRET}/slash@example.org/x",
        f"https://me:a#{SECRET}@example.org",
        f"git clone 'https://me:{SECRET}@example.org/x' && true",
        f"a line\nhttps://me:{SECRET}@example.org/x\n",
        f"https://me%40example.org:{SECRET}@example.org/x",
    ],
)
def test_an_address_with_credentials(address: str) -> None:
    for value in (address, [address], {"a": [{"b": address}]}, {address: 1}):
        _none, error = attempt(refuse_credentials, "scm", value)
        assert error is not None
        assert error.kind == "invalid"
        assert error.message.startswith("scm")
        assert SECRET not in error.message
        assert SECRET not in str(masked(value, credentials_in(value)))
    assert SECRET not in without_credentials(f"fatal: can't access '{address}': no")


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/results/@group/demo/",
        "https://example.org:8443/@group",
        "https://example.org/?who=me@example.org",
        "https://example.org/#me@example.org",
        "https://[::1]:8080/@group",
        "copr://@group/demo",
        "ssh://git@example.org/hello.git",
        "git@example.org:hello.git",
        "mailto:me@example.org",
        "me@example.org",
        "See https://example.org or write to me@example.org",
        "git clone https://$USER:$TOKEN@example.org/x",
        "git clone https://oauth2:${TOKEN}@example.org/x",
        "",
    ],
)
def test_an_address_without_credentials(text: str) -> None:
    refuse_credentials("homepage", [text])
    assert credentials_in({"a": text}) == set()
    assert without_credentials(text) == text


def test_the_place_is_named() -> None:
    value = {"clone_url": "https://a:b@example.org"}
    _none, error = attempt(refuse_credentials, "scm", value)
    assert error is not None
    assert error.message.startswith("scm.clone_url contains an address with credentials")


@pytest.mark.parametrize("value", [None, 1, True, 2.5, {"a": None}])
def test_what_is_no_text_holds_nothing(value: Any) -> None:
    refuse_credentials("anything", value)
    assert credentials_in(value) == set()


def test_a_password_is_hidden_as_it_is_and_as_it_is_written() -> None:
    secrets = credentials_in("https://alice:p%2Fa%2Fss@example.org")
    assert {"p%2Fa%2Fss", "p/a/ss", "alice:p%2Fa%2Fss"} <= secrets
    assert "alice" not in secrets


@pytest.mark.parametrize("piece", ["x", "a://b:c/", "a://b:", "a://", "a:b"])
def test_a_long_text_takes_no_time(piece: str) -> None:
    text = (piece * 100_000)[:100_000]
    started = time.process_time()
    assert without_credentials(text) == text
    # Some tenths of a second. It was most of a minute when each start was followed to the end.
    assert time.process_time() - started < 10
