# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m benchmarks.server``: a Copr that knows its few answers by heart.

It is no simulator: of what it is told it remembers only new packages, until it is asked what it has
received. So it answers faster than any real server,
and what is measured against it is the client. The first line on stdout is the address.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import uvicorn

from benchmarks.answers import (
    BUILDS,
    PACKAGES,
    PROJECTS,
    SMALL_OWNER,
    SMALL_PROJECTS,
    build,
    package,
    project,
)

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class App:
    """The answers, each after the same delay, and a count of what was asked."""

    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._received = 0
        self._projects = [json.dumps(project(number)).encode() for number in range(1, PROJECTS + 1)]
        self._few_projects = [
            json.dumps(project(number, SMALL_OWNER)).encode()
            for number in range(1, SMALL_PROJECTS + 1)
        ]
        self._packages = [
            json.dumps(package(f"package-{number}", number, "project-1")).encode()
            for number in range(1, PACKAGES + 1)
        ]
        self._created: list[bytes] = []
        self._builds = [json.dumps(build(number)).encode() for number in range(1, BUILDS + 1)]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        while (await receive()).get("more_body"):
            pass
        if scope["path"] == "/received":  # since the last time; not Copr's, and not counted
            body, self._received = str(self._received).encode(), 0
            self._created.clear()
        else:
            self._received += 1
            await asyncio.sleep(self._delay)
            body = self._answer(scope["path"], parse_qs(scope["query_string"].decode()))
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, path: str, query: dict[str, list[str]]) -> bytes:
        if path == "/api_3/project":
            return self._projects[int(query["projectname"][0].rpartition("-")[2]) - 1]
        if path == "/api_3/project/list":
            few = query["ownername"][0] == SMALL_OWNER
            return page(self._few_projects if few else self._projects, query)
        if path == "/api_3/build/list":
            empty = query["projectname"][0] != "project-1"
            return page([] if empty else self._builds[::-1], query)
        if path.startswith("/api_3/build/") and path.rpartition("/")[2].isdecimal():
            return self._builds[int(path.rpartition("/")[2]) - 1]
        if path == "/api_3/package/list":
            known = query["projectname"][0] == "project-1"
            return page(self._packages if known else self._created, query)
        if path.startswith("/api_3/package/add/"):
            _owner, projectname, name, _kind = path.removeprefix("/api_3/package/add/").split("/")
            created = package(name, PACKAGES + len(self._created), projectname)
            self._created.append(json.dumps(created).encode())
            return self._created[-1]
        if path == "/api_3/build/check-before-build":
            return b"{}"
        if path == "/api_3/build/create/upload":
            return self._builds[0]
        raise LookupError(path)


def page(rows: list[bytes], query: dict[str, list[str]]) -> bytes:
    """Return the part of a list that a query asks for; without a limit, all of it."""
    offset = int(query.get("offset", ["0"])[0])
    limit = int(query.get("limit", [str(len(rows))])[0])
    return b'{"items": [' + b", ".join(rows[offset : offset + limit]) + b'], "meta": {}}'


def main() -> None:
    """Read the command line and serve until the process is ended."""
    parser = argparse.ArgumentParser(prog="benchmarks.server", description=__doc__)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    options = parser.parse_args()
    listening = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        App(options.delay), lifespan="off", access_log=False, log_level="warning",
        timeout_keep_alive=600,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main()
