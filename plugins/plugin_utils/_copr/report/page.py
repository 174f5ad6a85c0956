# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report as one page of HTML, which loads nothing from anywhere.

Names, addresses and log lines come from a server. The template escapes all of them, only web
addresses become links, and the page's policy forbids all scripts and styles except its own.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from .report import Report
from .timeline import Period, Stretch

FOLDER = Path(__file__).with_name("template")
# How the page shows states, and in which order it counts them. Unknown states are shown as other.
KINDS = {
    "failed": "failed",
    "running": "running",
    "starting": "waiting",
    "importing": "waiting",
    "pending": "waiting",
    "waiting": "waiting",
    "blocked": "waiting",
    "succeeded": "succeeded",
    "forked": "succeeded",
    "skipped": "other",
    "canceled": "other",
}
# The end of the year 9999, after which Python has no dates.
LATEST = 253_402_300_799
SIGNS = {"failed": "✖", "running": "▶", "waiting": "…", "succeeded": "✔", "other": "○"}


def page_of(report: Report) -> str:
    """Return the page."""
    return _template().render(report=report, states=sorted(report.states, key=_by_urgency))


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        web=web_address,
        kind=kind_of,
        moment=moment,
        moment_in=moment_in,
        machine=machine_time,
        span=span,
        many=many,
        unknown=unknown,
    )
    style, script = (
        (FOLDER / name).read_text(encoding="utf-8") for name in ("report.css", "report.js")
    )
    environment.globals.update(
        signs=SIGNS,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )
    return environment.get_template("report.html.j2")


def web_address(text: str) -> str:
    """Return an address if a browser may follow it: a web address without credentials."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    clean = text.isprintable() and " " not in text and "\\" not in text and "@" not in parts.netloc
    return text if clean and parts.scheme in ("http", "https") and parts.netloc else ""


def kind_of(state: str) -> str:
    """Return the kind of a state, which decides its colour and sign."""
    return KINDS.get(state, "other")


def moment(seconds: int) -> str:
    """Return a time for people, in UTC."""
    return _utc(seconds).strftime("%Y-%m-%d %H:%M")


def moment_in(seconds: int, period: Period) -> str:
    """Return a time of a period for people, without the day if the period begins on it."""
    day, hour = moment(seconds).split(" ")
    return hour if moment(period.start or 0).startswith(day) else f"{day} {hour}"


def machine_time(seconds: int) -> str:
    """Return a time for the attribute datetime."""
    return _utc(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def span(seconds: int) -> str:
    """Return how long something took, in its two largest units."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (rest, "s")]
    first = next((place for place, (count, _unit) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count) or "0 s"


def many(count: int, noun: str) -> str:
    """Return a number with a noun that is plural if need be."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def unknown(stretch: Stretch) -> str:
    """Return the text for a missing time."""
    return "unknown" if stretch.is_final else "not yet"


def _by_urgency(state: str) -> tuple[int, str]:
    order = list(KINDS)
    return order.index(state) if state in KINDS else len(order), state


def _utc(seconds: int) -> datetime:
    return datetime.fromtimestamp(min(max(0, seconds), LATEST), tz=timezone.utc)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _visible(value: Any) -> Any:
    """Return a text without invisible characters and those that change the text direction."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "".join(each if each.isprintable() or each in "\t\n" else "\ufffd" for each in value)
