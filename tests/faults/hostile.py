# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server whose texts try to do harm: the simulator, with words put into its mouth."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from typing import Any

from werkzeug.test import run_wsgi_app

from faults.bench import Bench, Options

MARK = "h0stile"
TEXTS = [
    f"../../{MARK}",
    f"/tmp/{MARK}",
    f"~/{MARK}",
    f"{MARK}\nok: [localhost]\r\nfake",
    f"\x1b]0;{MARK}\x07\x1b[2J\x1b[31m{MARK}\x9b31m",
    f"{{{{ lookup('pipe', 'touch {MARK}') }}}}{{% raw %}}",
    f"{MARK}\0\u202e\ud7ff%n%s",
    MARK * (2**20 // len(MARK)),
    "",
]


class Mouth:
    """Stands between the simulator and its clients, and spoils texts in what it answers."""

    def __init__(self, bench: Bench, rng: random.Random, odds: float) -> None:
        self._rng = rng
        self._odds = odds
        self._app = bench.sim.doorkeeper.app
        self._bench = bench
        self.spoiled = 0

    def __enter__(self) -> Mouth:
        self._bench.sim.doorkeeper.app = self._serve
        return self

    def __exit__(self, *_error: object) -> None:
        self._bench.sim.doorkeeper.app = self._app

    def _serve(self, environ: Options, start_response: Any) -> Iterable[bytes]:
        parts, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        body = b"".join(parts)
        try:
            content = json.loads(body)
        except ValueError:
            content = None
        if content is not None:
            body = json.dumps(self._spoil(content)).encode()
        kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
        start_response(status, [*kept, ("Content-Length", str(len(body)))])
        return [body]

    def _spoil(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._text(key, 0.1): self._spoil(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._spoil(each) for each in value]
        return self._text(value, 1.0) if isinstance(value, str) else value

    def _text(self, text: str, share: float) -> str:
        if self._rng.random() >= self._odds * share:
            return text
        self.spoiled += 1
        return self._rng.choice(TEXTS)
