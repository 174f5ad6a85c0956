# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pages of the filter report, looked at with Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HOW_TO_GET_IT = "install it with `apt install chromium` or `dnf install chromium`"


@contextmanager
def chromium() -> Iterator[Any]:
    """Start Chromium, or skip the test and say how to get it."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        pytest.skip(f"There is no Chromium on this machine; {HOW_TO_GET_IT}.")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright of tests/requirements.txt is not installed."
    )
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


class Look:
    """A page in a browser.

    Attributes:
        page: the page, as playwright has it.
        complaints: what the browser says is wrong, and dialogs that opened.
        requests: the addresses of all that was asked for.
    """

    def __init__(self, browser: Any, file: Path, **options: Any) -> None:
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.address = file.as_uri()
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._dialog)
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(self.address)

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def shown(self, selector: str) -> list[str]:
        """Return the data-package of the elements that can be seen."""
        found = self.page.locator(f"{selector}[data-package]").all()
        return [one.get_attribute("data-package") for one in found if one.is_visible()]

    def focused(self) -> str:
        """Return the tag and the text of what has the focus."""
        text: str = self.page.evaluate(
            "`${document.activeElement.tagName} ${document.activeElement.id ||"
            " document.activeElement.textContent.trim()}`"
        )
        return text

    @property
    def too_wide(self) -> int:
        """By how many pixels the page is wider than the window."""
        wide: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wide
