# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Has the controller, and no module, lack a library that the collection needs."""

from __future__ import annotations

import sys
from typing import Any, cast

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: no_library
type: aggregate
short_description: Lets a library be missing in the controller
description: What is None among the modules of Python can't be imported.
"""


class CallbackModule(CallbackBase):
    """Does nothing but that."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "no_library"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        cast("dict[str, Any]", sys.modules)["requests"] = None
