# Copyright: Contributors to the fedora.copr collection
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sends requests as they are written down in the facts: ids for names, text for fillers, logins."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import requests
from requests.auth import HTTPBasicAuth

from contract.conftest import new_source_rpm
from contract.shapes import Names
from simulator.server import Simulator

BUILD = re.compile(r"build:\d+")
TYPED_BUILD = re.compile(r"(str|float)\((build:\d+)\)")
COUNTED = re.compile(r"\{(.)\*(\d+)\}")
UNKNOWN_BUILD = 9_000_000
"""What builds are numbered from that the facts name but that have not been made here."""


class Sender:
    """Sends requests to a simulator."""

    def __init__(self, simulator: Simulator, names: Names, folder: Path) -> None:
        self.simulator = simulator
        self.names = names
        self.folder = folder
        self.session = requests.Session()

    def send(self, request: dict[str, Any]) -> requests.Response:
        """Send a request of the facts; redirects are not followed."""
        path = self.with_ids(request["path"]).replace("{upload}", self._last_upload())
        prepared = requests.Request(
            request["method"],
            self.simulator.url + quote(path, safe="/%:@?&="),
            headers={**request.get("headers", {}), **self._content_type(request)},
            params=self._filled(request.get("query")),
            **self._body(request),
        ).prepare()
        self._log_in(prepared, request.get("auth"))
        with self.session.send(prepared, allow_redirects=False, timeout=30) as answer:
            answer.content  # noqa: B018 - reads the body
            return answer

    def do(self, method: str, path: str, user: str, body: Any = None) -> Any:
        """Send a request that is to succeed; return the answer."""
        answer = self.send(
            {
                "method": method,
                "path": f"/api_3/{path}",
                "auth": user,
                "content_type": "application/json",
                "body": {} if body is None else body,
            }
        )
        assert answer.ok, f"off the record: {method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def id_of(self, name: str) -> int:
        """Return the id of a build; one that does not exist if it has none."""
        return self.names.id_of.get(name, UNKNOWN_BUILD + int(name.partition(":")[2]))

    def with_ids(self, text: str) -> str:
        """Put ids in the place of the names of builds."""
        return BUILD.sub(lambda found: str(self.id_of(found[0])), text)

    def _last_upload(self) -> str:
        """Return the folder in which the last uploaded file is served."""
        builds = self.simulator.world.builds.values()
        return next((build.source_dict["tmp"] for build in reversed(builds) if build.upload), "")

    def _log_in(self, request: requests.PreparedRequest, auth: str | None) -> None:
        """Add the header of a role; a literal header stands for itself."""
        if auth is None:
            return
        if auth.startswith("header: "):
            request.headers["Authorization"] = auth.removeprefix("header: ")
            return
        if auth == "unknown-login":
            HTTPBasicAuth("unknown", "wrong")(request)
            return
        account = self.simulator.world.users["alice" if auth == "wrong" else auth]
        HTTPBasicAuth(account.login, "wrong" if auth == "wrong" else account.token)(request)

    def _content_type(self, request: dict[str, Any]) -> dict[str, str]:
        """Return the header, unless it is made together with the body."""
        body = request.get("body")
        is_form = isinstance(body, dict) and {"multipart", "form"} & body.keys()
        if is_form or "content_type" not in request:
            return {}
        return {"Content-Type": request["content_type"]}

    def _body(self, request: dict[str, Any]) -> dict[str, Any]:
        body = request.get("body")
        if body is None:
            return {}
        if isinstance(body, dict) and "multipart" in body:
            return {"files": [self._part(part) for part in body["multipart"]]}
        if isinstance(body, dict) and "form" in body:
            return {"data": self._filled(body["form"])}
        if isinstance(body, dict) and "raw" in body:
            return {"data": body["raw"].encode()}
        return {"data": json.dumps(self._filled(body)).encode()}

    def _part(self, part: dict[str, Any]) -> tuple[str, tuple[Any, ...]]:
        file_name, content = part.get("filename", ""), part["content"]
        is_source = content == "{srpm}"
        data = self._source_rpm(file_name) if is_source else self._filled(content).encode()
        if "content_type" in part:
            return part["name"], (part.get("filename"), data, part["content_type"])
        return part["name"], (part.get("filename"), data)

    def _source_rpm(self, file_name: str) -> bytes:
        """Return the content of a source RPM whose name fits the file name."""
        name = re.sub(r"(-[^-]+-[^-]+)?\.(no)?src\.rpm$", "", file_name)
        return new_source_rpm(self.folder, re.sub(r"\W", "-", name)).read_bytes()

    def _filled(self, value: Any) -> Any:
        """Put ids in the place of names, and text in the place of what stands for it."""
        if isinstance(value, dict):
            return {key: self._filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        if not isinstance(value, str):
            return value
        if BUILD.fullmatch(value):
            return self.id_of(value)
        if found := TYPED_BUILD.fullmatch(value):
            return {"str": str, "float": float}[found[1]](self.id_of(found[2]))
        return COUNTED.sub(lambda found: found[1] * int(found[2]), value)
