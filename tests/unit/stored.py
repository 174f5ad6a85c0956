# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A config file with the login of alice, and tasks that renew its token."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from ansible_collections.fedora.copr.plugins.module_utils._copr.wire.errors import CoprError

from unit.lab import Lab, Options

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
POST = "POST api-token"
LIFETIME = 180


def in_days(days: int) -> str:
    """Return the day in so many days."""
    return str(datetime.date.today() + datetime.timedelta(days=days))


def text_for(lab: Lab, days: int, form: str = CONFIG) -> str:
    """Return a config file with the login that the server knows, and so many days left."""
    alice = lab.sim.world.users["alice"]
    return form.format(login=alice.login, token=alice.token, url=lab.sim.url, day=in_days(days))


def stored(config: Path, **options: Any) -> Options:
    """Return options of a task whose login is that of a config file."""
    return {"by": None, "copr_url": None, "config_file": str(config), **options}


def renew(lab: Lab, config: Path, **options: Any) -> Options:
    """Have the token of a config file renewed."""
    return lab.do("copr_token", **stored(config, **options))


def fail(lab: Lab, config: Path, **options: Any) -> CoprError:
    """Run what must fail, and see that nothing is left in the folder that was not there."""
    before = sorted(config.parent.iterdir())
    error = lab.fail("copr_token", **stored(config, **options))
    assert sorted(config.parent.iterdir()) == before
    return error
