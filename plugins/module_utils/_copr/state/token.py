# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Renewing the token of a config file.

The server invalidates the old token when it creates the new one, and shows the new one only once.
So everything that can fail on this host is tried before the request.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Callable

from ..lock import one_at_a_time
from ..nouns.token import days_left, make_token
from ..plan import Difference, Plan, Record, Step, carry_out
from ..wire.client import Client
from ..wire.config_text import with_new_token
from ..wire.errors import CoprError
from ..wire.replacement import check_replaceable, replacing
from ..wire.settings import ConfigFile, Credentials, Settings, read_config_file

# Placeholders for values that are not known yet, at least as long as those.
_LOGIN, _TOKEN, _DAY = "l" * 64, "t" * 64, datetime.date.max


def ensure_token(
    client: Client, days: int, record: Record, warn: Callable[[str], None]
) -> Credentials:
    """Renew the token of the client's config file if it has fewer than C(days) days left.

    Returns the resulting token; in check mode the last day of a new one is unknown.
    Raises CoprError.
    """
    file = _file_of(client.settings)
    with one_at_a_time(client, os.path.realpath(os.path.expanduser(file)), warn):
        # Another task may have renewed it since the file was read.
        config = read_config_file(file)
        if config.credentials is None:
            raise CoprError("configuration", f"{file} no longer has a login and token.")
        old, last_day = config.credentials, _last_day(config.credentials, client.settings.url)
        client.log_in_with(old)
        if days_left(last_day) >= days:
            return old
        made = _renewed(client, config, old, last_day, record)
    if made.expires and days_left(made.expires) < days:
        warn(
            f"A new token of {client.settings.url} is valid for {days_left(made.expires)} days, "
            f"which is less than days ({days}), so each run creates another one. Lower days."
        )
    return made


def _renewed(
    client: Client, config: ConfigFile, old: Credentials, last_day: datetime.date, record: Record
) -> Credentials:
    file = old.origin
    draft = with_new_token(config.text, _LOGIN, _TOKEN, _DAY)
    made = Credentials("", "", None, file)

    def difference(expires: datetime.date | None) -> Difference:
        after = expires.isoformat() if expires else None
        return Difference(file, {"expires": last_day.isoformat()}, {"expires": after})

    def call() -> Sequence[Difference]:
        nonlocal made
        with replacing(file, draft) as replace, _telling_what_to_do(client.settings.url, file):
            made = make_token(client, old)
            # Even if the file can't be written, the old token is invalid now.
            record.differences.append(difference(made.expires))
            replace(with_new_token(config.text, made.login, made.token, made.expires))
        return []

    def foresee() -> None:
        check_replaceable(file)
        with _telling_what_to_do(client.settings.url, file):
            client.user()

    carry_out(Plan([Step([difference(None)], call, foresee)]), record)
    return made


def _file_of(settings: Settings) -> str:
    """Return the config file that the login comes from, or raise CoprError (configuration)."""
    only = "copr_token renews the token in a config file"
    page = f"{settings.url}/api/"
    if settings.gssapi:
        why = "this task logs in with Kerberos, which needs no token; leave gssapi out"
    elif settings.credentials is None:
        why = (
            f"none has a login for {settings.url}; save the file from {page} as ~/.config/copr, or "
            "set config_file"
        )
    elif settings.credentials.file is None:
        why = (
            f"this login comes from {settings.credentials.origin}, where a new token can't be "
            f"stored; use a config file instead, which {page} shows"
        )
    else:
        return settings.credentials.file
    raise CoprError("configuration", f"{only}, and {why}.")


def _last_day(credentials: Credentials, url: str) -> datetime.date:
    if credentials.expires is not None:
        return credentials.expires
    raise CoprError(
        "configuration",
        f"{credentials.origin} does not say when its token expires. Add the line "
        f"'# expiration date: YYYY-MM-DD' to its section, with the date that {url}/api/ shows; "
        "with a date in the past, the token is renewed at once.",
    )


@contextmanager
def _telling_what_to_do(url: str, file: str) -> Iterator[None]:
    """Add to a failure how to get a valid token."""
    try:
        yield
    except CoprError as error:
        if error.status == 401:
            error.message += (
                f" Such a token can't be renewed; get a new one from {url}/api/ and save it in "
                f"{file}."
            )
        elif error.maybe_done and error.method == "POST":
            error.message += (
                " The old token may no longer be valid, and the new one is unknown. Run the task "
                "again; if Copr rejects the token then, get the new one from "
                f"{url}/api/ and save it in {file}."
            )
        elif error.kind == "local_file":
            error.message += (
                f" The server has created a new token, so the one in {file} is no longer valid; "
                f"{url}/api/ shows the new one."
            )
        raise
