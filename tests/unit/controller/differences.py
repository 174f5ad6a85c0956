# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What may differ between the two ways to run a module, and why."""

from __future__ import annotations

import json
import re
from typing import Any

from unit.controller.play import Played

# Parts of results, as JSON has them, and what stands for them in a comparison.
ALLOWED = {
    # Each way has a server of its own.
    r"http://127\.0\.0\.1:\d\d+": "URL",
    # Each way has a folder of its own.
    r'/[^" ]*/(?:controller|module)\d+/': "FOLDER/",
    # Jobs in the background.
    r"\bj\d+\.\d+\b": "JOB",
    # A note of ansible-core's own, on a failure of a module that failed_when takes back.
    r', "failed_when_suppressed_exception": "[^"]*"': "",
    # Where in the program a time limit struck.
    r'"frame": "[^"]*"': '"frame": "SOMEWHERE"',
    # The secrets of webhooks, which each server makes.
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b": "SECRET",
    # The times at which the server did something.
    r'"(\w+_on)": \d+': r'"\1": "TIME"',
}


def comparable(played: Played, task: str) -> Any:
    """Return the result of a task without what may differ."""
    text = json.dumps(played.results[task], sort_keys=True)
    for pattern, replacement in ALLOWED.items():
        text = re.sub(pattern, replacement, text)
    return json.loads(text)


def shown_by_ansible(printed: dict[str, Any]) -> dict[str, Any]:
    """Return what a module prints without what is for ansible-core alone and goes no further."""
    return {key: value for key, value in printed.items() if not key.startswith("_ansible_")}
